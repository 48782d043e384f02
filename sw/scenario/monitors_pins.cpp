#include "sw/scenario/monitors_pins.h"

#include <string>

#include "models/sim/error.h"
#include "sw/kernel/frame_table.h"
#include "sw/scenario/monitors_failure.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;

std::size_t owner_of(const sim::TraceEvent& event, std::size_t owners) {
  if (event.detail >= owners) {
    monitor_failed("balance", "owner " + std::to_string(event.detail) + " does not exist", event);
  }
  return event.detail;
}

}  // namespace

void PinMonitor::pin(const sim::TraceEvent& event) {
  Node& node = nodes_[event.node];
  ++node.pins[owner_of(event, kOwners)];
  const std::uint64_t f = kernel::page_of(event.address);
  if (f >= node.frames.size()) node.frames.resize(f + 1);
  ++node.frames[f].pins;
  node.frames[f].last_txn = event.txn;
}

void PinMonitor::unpin(const sim::TraceEvent& event) {
  Node& node = nodes_[event.node];
  ++node.unpins[owner_of(event, kOwners)];
  const std::uint64_t f = kernel::page_of(event.address);
  if (f >= node.frames.size() || node.frames[f].pins == 0) {
    monitor_failed("balance", "a frame without pins is unpinned", event);
  }
  --node.frames[f].pins;
  node.frames[f].last_txn = event.txn;
}

void PinMonitor::swap_out(const sim::TraceEvent& event) const {
  const auto& frames = nodes_[event.node].frames;
  const std::uint64_t f = kernel::page_of(event.address);
  if (f >= frames.size() || frames[f].pins == 0) return;
  monitor_failed("pinned_frames",
                 "a frame with " + std::to_string(frames[f].pins) +
                     " pins is swapped out; its pins changed last for txn " +
                     std::to_string(frames[f].last_txn),
                 event);
}

void PinMonitor::dma_read(const sim::TraceEvent& event) const {
  if (event.length == 0) return;
  if (event.detail != 0) return translated_read(event);
  const auto& frames = nodes_[event.node].frames;
  const std::uint64_t first = kernel::page_of(event.address);
  const std::uint64_t last = kernel::page_of(event.address + event.length - 1);
  if (last < first) read_failed(event, first);
  for (std::uint64_t f = first; f <= last; ++f) {
    if (f >= frames.size() || frames[f].pins == 0) read_failed(event, f);
  }
}

void PinMonitor::translated_read(const sim::TraceEvent& event) const {
  const Mapped& mapped = mapped_[event.node];
  const std::uint64_t last = kernel::page_of(event.address + event.length - 1);
  for (std::uint64_t f = kernel::page_of(event.address); f <= last; ++f) {
    if (mapped && mapped(event.asid, f)) continue;
    monitor_failed("dma_reads",
                   "payload is read by virtual address from the frame at " +
                       hex_text(f * kernel::kPageBytes) + ", which address space " +
                       std::to_string(event.asid) + " does not have mapped",
                   event);
  }
}

void PinMonitor::read_failed(const sim::TraceEvent& event, std::uint64_t frame) const {
  const auto& frames = nodes_[event.node].frames;
  std::string what =
      "payload is read from the unpinned frame at " + hex_text(frame * kernel::kPageBytes);
  if (frame < frames.size()) {
    what += "; its pins changed last for txn " + std::to_string(frames[frame].last_txn);
  }
  monitor_failed("dma_reads", what, event);
}

void PinMonitor::finish(const std::array<std::uint64_t, kMonitoredNodes>& node_pages_held) const {
  for (std::size_t n = 0; n < nodes_.size(); ++n) {
    for (const PinOwner owner : {PinOwner::kAgent, PinOwner::kNode, PinOwner::kHostDma}) {
      const auto o = static_cast<std::size_t>(owner);
      const Node& node = nodes_[n];
      const std::uint64_t held = owner == PinOwner::kNode ? node_pages_held[n] : 0;
      if (node.pins[o] == node.unpins[o] + held) continue;
      sim::check_failed("monitor balance: at the end (" + seconds_text(sim::now()) + ") node " +
                        std::to_string(n) + " has " + std::to_string(node.pins[o]) + " pins and " +
                        std::to_string(node.unpins[o]) + " unpins of owner " +
                        std::string(sim::enum_name(owner)) + ", " + std::to_string(held) +
                        " may stay");
    }
  }
}

std::uint32_t PinMonitor::pins(std::uint8_t node, std::uint64_t physical) const {
  const auto& frames = nodes_[node].frames;
  const std::uint64_t f = kernel::page_of(physical);
  return f < frames.size() ? frames[f].pins : 0;
}

}  // namespace vctoe::scenario
