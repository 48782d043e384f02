// Congestion control as a policy: how the window grows and shrinks. When it does is the sender's.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>

#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

/// In bytes (RFC 5681 section 2).
struct CongestionWindow {
  std::uint64_t cwnd = 0;
  std::uint64_t ssthresh = UINT64_MAX;
  std::uint32_t mss = 0;
};

class Congestion {
 public:
  virtual ~Congestion() = default;
  /// `acked` new bytes were acknowledged outside fast recovery, while the window limited the
  /// sender.
  virtual void grow(CongestionWindow& w, std::uint64_t acked, sim::Time srtt, sim::Time now) = 0;
  /// A loss was detected with `flight` bytes outstanding: the new ssthresh. Once for each event.
  virtual std::uint64_t reduce(const CongestionWindow& w, std::uint64_t flight) = 0;
  /// The window was set back by a timeout or an idle period: growth starts afresh.
  virtual void restart() = 0;

 protected:
  /// RFC 5681 equation 2, common to all.
  static void slow_start(CongestionWindow& w, std::uint64_t acked) {
    w.cwnd += std::min<std::uint64_t>(acked, w.mss);
  }
};

std::unique_ptr<Congestion> make_congestion(CongestionKind kind);

}  // namespace vctoe::toe
