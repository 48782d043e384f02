// The monitor of the send window.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/sim/trace.h"
#include "sw/scenario/monitors_pins.h"

namespace vctoe::scenario {

/// No byte leaves for the first time outside the window that the peer has offered: from SND.UNA to
/// SND.UNA + SND.WND, modulo 2^32 (specification, portion 26 of figure 1; RFC 9293 section 3.4).
///
/// The right edge is the farthest that the peer has ever offered to this connection. A peer that
/// shrinks its window (RFC 9293 section 3.8.6 discourages it, and requires senders to live with it)
/// cannot take back what has been planned under the wider one; such a segment may leave late.
class WindowMonitor {
 public:
  /// kRxAck: seq = SND.UNA, length = SND.WND.
  void ack(const sim::TraceEvent& event);
  /// kTxFirst: seq, length. Raises sim::check_failed outside the window, or without any.
  void first_transmission(const sim::TraceEvent& event) const;
  /// The id begins or ends a connection: what was offered to the last one is void.
  void forget(const sim::TraceEvent& event);

 private:
  struct Window {
    std::uint32_t una = 0;
    std::uint32_t right = 0;
    bool known = false;
  };
  std::array<std::vector<Window>, kMonitoredNodes> windows_;  ///< by connection
};

}  // namespace vctoe::scenario
