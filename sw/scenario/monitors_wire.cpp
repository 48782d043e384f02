#include "sw/scenario/monitors_wire.h"

#include <algorithm>
#include <utility>

#include "sw/scenario/monitors_text.h"

namespace vctoe::monitors {

using sim::TraceKind;

namespace {
/// RFC 9293 states before a connection is established, and after its end.
constexpr std::uint32_t kStateClosed = 0;
constexpr std::uint32_t kLastStateOfOpening = 3;  // SYN-RECEIVED

/// Entry of a table by node and connection, which grows as needed.
template <class T>
T& entry_of(std::vector<std::vector<T>>& table, const sim::TraceEvent& event) {
  if (event.node >= table.size()) table.resize(event.node + 1U);
  auto& row = table[event.node];
  if (event.connection >= row.size()) row.resize(event.connection + std::size_t{1});
  return row[event.connection];
}

/// a after b in sequence space (RFC 9293, 3.4).
bool after(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}
}  // namespace

// ---- window -------------------------------------------------------------------------------------

WindowMonitor::WindowMonitor(sim::Context& context) {
  context.trace.subscribe(
      sim::mask_of(TraceKind::kTxFirst, TraceKind::kRxAck, TraceKind::kConnState),
      [this](const sim::TraceEvent& event) { see(event); });
}

WindowMonitor::Window& WindowMonitor::window(const sim::TraceEvent& event) {
  return entry_of(nodes_, event);
}

void WindowMonitor::see(const sim::TraceEvent& event) {
  Window& w = window(event);
  if (event.kind == TraceKind::kConnState) {
    if (event.detail <= kLastStateOfOpening) w.known = false;
    return;
  }
  if (event.kind == TraceKind::kRxAck) {
    const auto edge = event.seq + static_cast<std::uint32_t>(event.length);
    if (!w.known || after(edge, w.edge)) w.edge = edge;
    w.known = true;
    w.una = event.seq;
    w.width = static_cast<std::uint32_t>(event.length);
    return;
  }
  if (!w.known) fail("window", "payload is sent before the connection is established", event);
  const bool probe = event.length == 1 && event.seq == w.una && w.width == 0;
  if (!probe && after(event.seq + static_cast<std::uint32_t>(event.length), w.edge)) {
    fail("window", "a first transmission ends beyond the window's edge " + std::to_string(w.edge),
         event);
  }
}

// ---- posted -------------------------------------------------------------------------------------

PostedMonitor::PostedMonitor(sim::Context& context) {
  context.trace.subscribe(sim::mask_of(TraceKind::kPost, TraceKind::kBlockRequest,
                                       TraceKind::kStreamAcked, TraceKind::kConnState),
                          [this](const sim::TraceEvent& event) { see(event); });
}

void PostedMonitor::add_node(std::uint8_t node, Lookup lookup) {
  if (node >= lookups_.size()) lookups_.resize(node + 1U);
  lookups_[node] = std::move(lookup);
}

std::deque<PostedMonitor::Range>& PostedMonitor::ranges(const sim::TraceEvent& event) {
  return entry_of(nodes_, event);
}

void PostedMonitor::see(const sim::TraceEvent& event) {
  switch (event.kind) {
    case TraceKind::kPost:
      copy_post(event);
      return;
    case TraceKind::kBlockRequest:
      check(event);
      return;
    case TraceKind::kStreamAcked: {
      auto& all = ranges(event);
      all.erase(std::remove_if(all.begin(), all.end(),
                               [&](const Range& r) { return r.posted.post == event.txn; }),
                all.end());
      return;
    }
    default:
      if (event.detail == kStateClosed) ranges(event).clear();
  }
}

void PostedMonitor::copy_post(const sim::TraceEvent& event) {
  std::uint64_t bytes = 0;
  if (event.node < lookups_.size() && lookups_[event.node]) {
    for (const driver::PostedRange& r : lookups_[event.node](event.connection)) {
      if (r.post != event.txn) continue;
      ranges(event).push_back({r, event.asid});
      bytes += r.range.length;
    }
  }
  if (bytes != event.length)
    fail("posted", "the ranges of a post do not make up its length", event);
}

void PostedMonitor::check(const sim::TraceEvent& event) {
  for (const Range& r : ranges(event)) {
    if (r.asid == event.asid && r.posted.range.contains(event.address, event.length) &&
        event.seq - r.posted.sequence ==
            static_cast<std::uint32_t>(event.address - r.posted.range.address)) {
      return;
    }
  }
  fail("posted", "a block is asked for that is not posted like this", event);
}

}  // namespace vctoe::monitors
