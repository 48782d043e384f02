#include "models/pcie/link_params.h"

#include <fmt/format.h>

#include "models/sim/error.h"

namespace vctoe::pcie {
namespace {

constexpr bool is_power_of_two(std::uint64_t n) {
  return n != 0 && (n & (n - 1)) == 0;
}

void need_power_of_two(std::string_view name, std::uint64_t value) {
  if (is_power_of_two(value)) return;
  sim::user_error(fmt::format("pcie.{} = {} is not a power of two", name, value));
}

/// A receiver must take one TLP of the largest size, or nothing would ever move.
void need_one_payload(std::string_view name, std::uint64_t credits, std::uint64_t bytes) {
  if (credits == 0 || credits * 16 >= bytes) return;
  sim::user_error(
      fmt::format("pcie.{} = {} credits hold {} B, less than one payload of mps = {} B; legal: 0 "
                  "(infinite) or "
                  "at least {}",
                  name, credits, credits * 16, bytes, (bytes + 15) / 16));
}

}  // namespace

void CreditParams::declare(sim::ParamList& list) {
  constexpr sim::Range kRange{0, 65535};
  const char* source = "calibration P17; base specification 5.0, 2.6.1";
  list.add("ph", ph, kRange, "posted header credits, 1 TLP each; 0 is infinite", source);
  list.add("pd", pd, kRange, "posted data credits, 16 B each; 0 is infinite", source);
  list.add("nph", nph, kRange, "non-posted header credits; 0 is infinite", source);
  list.add("npd", npd, kRange, "non-posted data credits, 16 B each; 0 is infinite", source);
  list.add("cplh", cplh, kRange, "completion header credits; 0 is infinite", source);
  list.add("cpld", cpld, kRange, "completion data credits, 16 B each; 0 is infinite", source);
}

void LinkParams::declare(sim::ParamList& list) {
  using sim::Bytes;
  using sim::Time;
  constexpr sim::Range kPayload = sim::bytes_range({128}, {4096});
  constexpr sim::Range kLatency = sim::time_range(Time::zero(), Time::from_us(100));
  list.add("gen", gen, {1, 6}, "generation: 2.5, 5, 8, 16, 32, 64 GT/s a lane", "calibration P1");
  list.add("lanes", lanes, {1, 16}, "width: 1, 2, 4, 8 or 16 lanes", "calibration 9");
  list.add("mps", mps, kPayload, "largest payload of a TLP, a power of two", "calibration 9");
  list.add("partner_mps", partner_mps, kPayload,
           "largest payload that the other end supports; mps may not exceed it",
           "base specification 5.0, 7.5.3.4");
  list.add("mrrs", mrrs, kPayload, "largest read request, a power of two", "calibration 9");
  list.add("rcb", rcb, sim::bytes_range({64}, {128}), "read completion boundary: 64 B or 128 B",
           "base specification 5.0, 2.3.1.1");
  list.add("rcb_chunks", rcb_chunks, "completions are cut at every read completion boundary",
           "calibration 1.1");
  list.add("tags", tags, {0, 16384}, "read requests outstanding; 0 is unlimited",
           "calibration P15: 32 without extended tags, 256, 768");
  list.group("host_credits", host_credits);
  list.group("device_credits", device_credits);
  list.add("update_fc", update_fc, kLatency,
           "from the draining of a receive buffer to the UpdateFC that says so",
           "base specification 5.0, 2.6.1.2; assumption");
  list.add("dllp_mode", dllp_mode, "how DLLPs are charged", "calibration 0.1 and 1.1");
  list.add("dllp_overhead", dllp_overhead, {0, 0.5},
           "share of the raw rate that DLLPs take in the realistic mode",
           "calibration P4: 5 to 5.5 %; here P5 and P6 both hold");
  list.add("ecrc", ecrc, "TLPs carry an ECRC of 4 B", "base specification 5.0, 2.7.1");
  list.add("propagation", propagation, kLatency, "time of flight on the wire", "15 cm of trace");
  list.add("up_latency", up_latency, kLatency,
           "both ends' PHY, data link and transaction layers, device to host", "calibration P7");
  list.add("down_latency", down_latency, kLatency,
           "both ends' PHY, data link and transaction layers, host to device", "calibration P7");
  list.add("device_latency", device_latency, kLatency,
           "from a request at the socket to its first TLP", "calibration P7");
  list.add("interleave", interleave, {1, 4096},
           "TLPs of one request sent before another that waits gets a turn", "assumption");
  list.add("mmio_queue", mmio_queue, sim::bytes_range({256}, Bytes::mib(1)),
           "bytes of stores that wait for the link before the CPU stalls", "assumption");
  list.add("mmio_read_latency", mmio_read_latency, kLatency,
           "from the arrival of a register read at the device to its completion",
           "calibration P27: a read takes about 750 ns in all");
}

void LinkParams::validate() const {
  need_power_of_two("lanes", lanes);
  need_power_of_two("mps", mps.n);
  need_power_of_two("partner_mps", partner_mps.n);
  need_power_of_two("mrrs", mrrs.n);
  need_power_of_two("rcb", rcb.n);
  if (mps.n > partner_mps.n) {
    sim::user_error(fmt::format(
        "pcie.mps = {} B exceeds pcie.partner_mps = {} B; legal: 128 .. {}, powers of two", mps.n,
        partner_mps.n, partner_mps.n));
  }
  need_one_payload("host_credits.pd", host_credits.pd, mps.n);
  need_one_payload("device_credits.pd", device_credits.pd, mps.n);
  need_one_payload("host_credits.cpld", host_credits.cpld, mps.n);
  need_one_payload("device_credits.cpld", device_credits.cpld, mps.n);
}

sim::BitRate LinkParams::link_rate() const {
  if (fabric_rate.bps > 0) return fabric_rate;
  return {raw_rate(gen, lanes).bps * (1 - dllp_share(dllp_mode, dllp_overhead, gen, lanes, mps.n))};
}

}  // namespace vctoe::pcie
