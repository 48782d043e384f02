#include "sw/scenario/monitors_memory.h"

#include <fmt/format.h>

#include "sw/scenario/monitors_text.h"

namespace vctoe::monitors {

using kernel::PinOwner;
using sim::TraceKind;

namespace {
constexpr unsigned kFrameShift = 12;
}

MemoryMonitor::MemoryMonitor(sim::Context& context) {
  context.trace.subscribe(
      sim::mask_of(TraceKind::kPin, TraceKind::kUnpin, TraceKind::kSwapOut, TraceKind::kDmaRead),
      [this](const sim::TraceEvent& event) { see(event); });
}

void MemoryMonitor::see(const sim::TraceEvent& event) {
  switch (event.kind) {
    case TraceKind::kDmaRead:
      check_read(event);
      return;
    case TraceKind::kPin:
      ++count(event);
      ++nodes_[event.node].by_owner[event.detail % kOwners];
      return;
    case TraceKind::kUnpin:
      if (!pinned(event.node, event.address >> kFrameShift)) {
        fail("memory", "a frame is unpinned that nobody has pinned", event);
      }
      --count(event);
      if (--nodes_[event.node].by_owner[event.detail % kOwners] < 0) {
        fail("memory", "an owner unpins more than it has pinned", event);
      }
      return;
    default:
      if (pinned(event.node, event.address >> kFrameShift)) {
        fail("memory", "a pinned frame is swapped out", event);
      }
  }
}

void MemoryMonitor::check_read(const sim::TraceEvent& event) const {
  if (event.length == 0) return;
  const std::uint64_t last = (event.address + event.length - 1) >> kFrameShift;
  for (std::uint64_t frame = event.address >> kFrameShift; frame <= last; ++frame) {
    if (!pinned(event.node, frame)) {
      fail("memory", "payload is read from a frame that is not pinned", event);
    }
  }
}

std::uint32_t& MemoryMonitor::count(const sim::TraceEvent& event) {
  if (event.node >= nodes_.size()) nodes_.resize(event.node + 1U);
  auto& counts = nodes_[event.node].count;
  const std::uint64_t frame = event.address >> kFrameShift;
  if (frame >= counts.size()) counts.resize(frame + 1);
  return counts[frame];
}

std::int64_t MemoryMonitor::pins(std::uint8_t node, PinOwner owner) const {
  return node < nodes_.size() ? nodes_[node].by_owner[static_cast<std::size_t>(owner)] : 0;
}

void MemoryMonitor::finish(std::uint8_t node, std::uint64_t nodes_held) const {
  const std::int64_t agent = pins(node, PinOwner::kAgent);
  const std::int64_t dma = pins(node, PinOwner::kHostDma);
  const std::int64_t walker = pins(node, PinOwner::kNode);
  if (agent == 0 && dma == 0 && walker == static_cast<std::int64_t>(nodes_held)) return;
  sim::check_failed(
      fmt::format("monitor memory: pins are left on node {} at {:.6f} us when all is quiet: {} of "
                  "the agent, {} "
                  "of the host's DMA, {} of context pages while the walker holds {}",
                  node, sim::now().us(), agent, dma, walker, nodes_held));
}

}  // namespace vctoe::monitors
