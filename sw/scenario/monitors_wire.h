// Monitors of what is sent and asked for: inside the window, inside what was posted.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "models/sim/trace.h"
#include "sw/driver/posted_ranges.h"

namespace vctoe::monitors {

/// No first transmission outside the window. The right edge is the furthest that SND.UNA + SND.WND
/// has been: what was planned before a peer shrank its window may still leave. A single byte at
/// SND.UNA into a closed window is a probe (RFC 9293, 3.8.6.1).
class WindowMonitor {
 public:
  explicit WindowMonitor(sim::Context& context);

 private:
  struct Window {
    bool known = false;
    std::uint32_t una = 0;
    std::uint32_t edge = 0;
    std::uint32_t width = 0;
  };

  void see(const sim::TraceEvent& event);
  Window& window(const sim::TraceEvent& event);

  std::vector<std::vector<Window>> nodes_;  // by node, by connection
};

/// Every block that a NIC asks for lies inside one range that was posted for the same connection
/// and address space and is not acknowledged, at the place in the stream where it was posted. The
/// ranges are copied when the post is made, so that the driver's own bookkeeping is not believed
/// later.
class PostedMonitor {
 public:
  /// What a node's driver has posted for a connection and not yet heard to be acknowledged;
  /// NicDriver::posted().
  using Lookup = std::function<const std::deque<driver::PostedRange>&(std::uint32_t connection)>;

  explicit PostedMonitor(sim::Context& context);
  void add_node(std::uint8_t node, Lookup lookup);

 private:
  struct Range {
    driver::PostedRange posted;
    std::uint16_t asid = 0;
  };

  void see(const sim::TraceEvent& event);
  void copy_post(const sim::TraceEvent& event);
  void check(const sim::TraceEvent& event);
  std::deque<Range>& ranges(const sim::TraceEvent& event);

  std::vector<Lookup> lookups_;
  std::vector<std::vector<std::deque<Range>>> nodes_;  // by node, by connection
};

}  // namespace vctoe::monitors
