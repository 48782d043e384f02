#include "sw/scenario/monitors_window.h"

#include <string>

#include "sw/scenario/monitors_failure.h"

namespace vctoe::scenario {

void WindowMonitor::ack(const sim::TraceEvent& event) {
  auto& windows = windows_[event.node];
  if (event.connection >= windows.size()) windows.resize(event.connection + std::size_t{1});
  Window& w = windows[event.connection];
  const std::uint32_t right = event.seq + static_cast<std::uint32_t>(event.length);
  w.una = event.seq;
  // Windows are below 2^30 bytes (RFC 7323 section 2.3), so half the circle tells before from
  // after.
  if (!w.known || static_cast<std::int32_t>(right - w.right) > 0) w.right = right;
  w.known = true;
}

void WindowMonitor::first_transmission(const sim::TraceEvent& event) const {
  const auto& windows = windows_[event.node];
  if (event.connection >= windows.size() || !windows[event.connection].known) {
    monitor_failed("window", "a first transmission before the peer has offered a window", event);
  }
  // Distances from SND.UNA: a segment that begins before it is as far outside as one beyond.
  const Window& w = windows[event.connection];
  const std::uint64_t end = std::uint64_t{event.seq - w.una} + event.length;
  if (end <= w.right - w.una) return;
  monitor_failed("window",
                 "a first transmission outside the window, SND.UNA " + std::to_string(w.una) +
                     ", right edge " + std::to_string(w.right),
                 event);
}

void WindowMonitor::forget(const sim::TraceEvent& event) {
  auto& windows = windows_[event.node];
  if (event.connection < windows.size()) windows[event.connection] = {};
}

}  // namespace vctoe::scenario
