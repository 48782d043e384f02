// Who watches the TLPs of one direction without being part of it.
#pragma once

#include <cstdint>

#include "models/pcie/rate.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/units.h"

namespace vctoe::pcie {

/// TLPs of one request that went over the channel one behind the other.
struct TlpSlice {
  TlpKind kind{};
  Purpose purpose{};
  sim::TxnId txn = 0;
  std::uint64_t address = 0;  ///< of the first one's bytes; several reads: of the first
  std::uint32_t count = 0;
  std::uint32_t payload = 0;  ///< bytes of all of them
  sim::Time from;             ///< first bit of the first
  sim::Time to;               ///< last bit of the last
};

class TlpTap {
 public:
  virtual ~TlpTap() = default;
  /// In the order of sending; `slice.to` may be in the past by as long as a train of TLPs takes,
  /// because the channel works its times out late.
  virtual void tlps_sent(const TlpSlice& slice) = 0;
};

}  // namespace vctoe::pcie
