// Parameters of a PCIe link.
#pragma once

#include <cstdint>

#include "models/pcie/rate.h"
#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::pcie {

/// Flow control credits that one receiver advertises. Headers count TLPs, data counts 16 bytes;
/// 0 means infinite (base specification 5.0, 2.6.1). Default: calibration P17.
struct CreditParams {
  std::uint64_t ph = 32;
  std::uint64_t pd = 248;
  std::uint64_t nph = 32;
  std::uint64_t npd = 32;
  std::uint64_t cplh = 0;
  std::uint64_t cpld = 0;

  void declare(sim::ParamList& list);
};

struct LinkParams {
  std::uint64_t gen = 3;
  std::uint64_t lanes = 8;
  sim::Bytes mps{256};
  sim::Bytes partner_mps{512};
  sim::Bytes mrrs{512};
  sim::Bytes rcb{64};
  bool rcb_chunks = false;
  std::uint64_t tags = 32;
  CreditParams host_credits;
  CreditParams device_credits;
  sim::Time update_fc = sim::Time::from_ns(50);
  DllpMode dllp_mode = DllpMode::kRealistic;
  double dllp_overhead = 0.055;
  bool ecrc = false;
  sim::Time propagation = sim::Time::from_ns(1);
  sim::Time up_latency = sim::Time::from_ns(100);
  sim::Time down_latency = sim::Time::from_ns(100);
  sim::Time device_latency = sim::Time::from_ns(20);
  std::uint64_t interleave = 4;
  sim::Bytes mmio_queue = sim::Bytes::kib(4);
  sim::Time mmio_read_latency = sim::Time::from_ns(540);
  /// Above 0 the link is no PCIe but an on-chip fabric of this rate: bytes go without headers and
  /// framing. No parameter of PCIe: set by who builds the system (FabricParams).
  sim::BitRate fabric_rate = {0};

  void declare(sim::ParamList& list);
  /// Checks what a range cannot say: powers of two, and limits that depend on each other. Throws a
  /// user error that names the values.
  void validate() const;
  /// Rate that TLPs have for themselves.
  sim::BitRate link_rate() const;
  std::uint64_t overhead(TlpKind kind) const {
    // A read request still takes a beat of the fabric: without bytes it would take no time at all.
    if (fabric_rate.bps > 0) return kind == TlpKind::kMemoryRead ? kFabricBeat : 0;
    return tlp_overhead(kind, gen, ecrc);
  }
  /// Of a configuration request, whose header has three words, as a completion's.
  std::uint64_t config_overhead() const {
    return fabric_rate.bps > 0 ? kFabricBeat : tlp_overhead(TlpKind::kCompletion, gen, ecrc);
  }
  static constexpr std::uint64_t kFabricBeat = 32;
};

}  // namespace vctoe::pcie
