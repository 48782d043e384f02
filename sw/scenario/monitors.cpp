#include "sw/scenario/monitors.h"

#include <string>

#include "models/nic/toe/stack.h"
#include "models/sim/error.h"
#include "sw/scenario/monitors_failure.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

/// Whatever moves bytes, pages or connections on. Timers that run out, faults and drops do not; the
/// packet buffer, beginnings, waits and walks tell nothing that reads, transmissions and ends do
/// not tell.
constexpr sim::TraceMask kProgress =
    sim::kAllKinds &
    ~sim::mask_of(TraceKind::kPageFault, TraceKind::kBufferWrite, TraceKind::kBufferRead,
                  TraceKind::kRtoExpired, TraceKind::kWalkFault, TraceKind::kFrameDrop,
                  TraceKind::kServe, TraceKind::kSwapBegin, TraceKind::kDmaBegin,
                  TraceKind::kBufferWait, TraceKind::kWalkDone, TraceKind::kPosting,
                  TraceKind::kPostWait, TraceKind::kPostTaken, TraceKind::kPinBegin,
                  TraceKind::kPinDone, TraceKind::kBlockFound, TraceKind::kRoomWait,
                  TraceKind::kUnitWait, TraceKind::kDmaLimit, TraceKind::kPageRequest,
                  TraceKind::kPageResponse, TraceKind::kTake, TraceKind::kStreamData);

}  // namespace

void MonitorParams::declare(sim::ParamList& list) {
  list.add("watchdog", watchdog, sim::time_range(sim::Time::from_us(1), sim::Time::from_s(100'000)),
           "how long nothing may move while work is pending",
           "assumption: far above a disk (calibration H2) and the first retransmission timeouts");
}

void Monitors::Stats::declare(sim::StatList& list) const {
  list.add("pinned_frames", pinned_frames, "1", "frames swapped out, each seen to be unpinned");
  list.add("dma_reads", dma_reads, "1", "payload reads seen to hit pinned frames");
  list.add("window", window, "1", "first transmissions seen to lie inside the window");
  list.add("balance", balance, "1", "pins and unpins counted");
  list.add("posted", posted, "1", "block requests seen to lie inside what was posted");
  list.add("watchdog", watchdog, "1", "events that count as progress");
}

Monitors::Monitors(const sc_core::sc_module_name& name, sim::Context& context,
                   const MonitorParams& params)
    : sc_module(name), watchdog_("watchdog", params.watchdog) {
  context.trace.subscribe(kProgress, [this](const sim::TraceEvent& event) { see(event); });
}

void Monitors::see(const sim::TraceEvent& event) {
  sim::ensure(event.node < kMonitoredNodes, "monitors: trace event of a third node");
  ++stats_.watchdog;
  watchdog_.progressed(event);
  switch (event.kind) {
    case TraceKind::kPin:
      ++stats_.balance;
      return pins_.pin(event);
    case TraceKind::kUnpin:
      ++stats_.balance;
      return pins_.unpin(event);
    case TraceKind::kSwapOut:
      ++stats_.pinned_frames;
      return pins_.swap_out(event);
    case TraceKind::kDmaRead:
      ++stats_.dma_reads;
      return pins_.dma_read(event);
    case TraceKind::kRxAck:
      return window_.ack(event);
    case TraceKind::kTxFirst:
      ++stats_.window;
      return window_.first_transmission(event);
    case TraceKind::kPost:
      return post(event);
    case TraceKind::kBlockRequest:
      ++stats_.posted;
      return posted_.request(event);
    case TraceKind::kStreamAcked:
      return posted_.acked(event);
    case TraceKind::kConnState:
      return connection_state(event);
    default:
      return;
  }
}

void Monitors::post(const sim::TraceEvent& event) {
  const RangesOfPost& ranges = ranges_of_post_[event.node];
  if (!ranges) return posted_.post(event);
  sim::TraceEvent one = event;
  std::uint64_t left = event.length;
  ranges(event, [&](std::uint64_t address, std::uint64_t length) {
    one.address = address;
    one.length = length;
    posted_.post(one);
    left -= length;
  });
  if (left != 0) {
    monitor_failed("posted", "the ranges of a post do not add up to its length", event);
  }
}

/// Ids of connections are used again. Before it is established a connection has neither been
/// offered a window nor been given data.
void Monitors::connection_state(const sim::TraceEvent& event) {
  using toe::State;
  const auto state = static_cast<State>(event.detail);
  if (state != State::kClosed && state != State::kListen && state != State::kSynSent &&
      state != State::kSynReceived) {
    return;
  }
  window_.forget(event);
  posted_.forget(event);
}

void Monitors::finish(const std::array<std::uint64_t, kMonitoredNodes>& packet_buffer_bytes,
                      const std::array<std::uint64_t, kMonitoredNodes>& node_pages_held) {
  watchdog_.finish();
  pins_.finish(node_pages_held);
  for (std::size_t node = 0; node < packet_buffer_bytes.size(); ++node) {
    if (packet_buffer_bytes[node] == 0) continue;
    sim::check_failed("monitor balance: at the end (" + seconds_text(sim::now()) +
                      ") the packet buffer of node " + std::to_string(node) + " holds " +
                      std::to_string(packet_buffer_bytes[node]) + " bytes");
  }
}

}  // namespace vctoe::scenario
