// Monitors of memory: pinned frames stay, payload is read from pinned frames only, pins are given
// back.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/sim/trace.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::monitors {

/// Counts the pins of each frame from the trace alone. Subscribe before anything is pinned on
/// demand. Every violation is a sim::check_failed.
class MemoryMonitor {
 public:
  explicit MemoryMonitor(sim::Context& context);

  /// At the end, when all is quiet: the sending agent and the host's DMA engine hold no pins, and
  /// as many context pages are pinned on the node as its walker still holds translations.
  void finish(std::uint8_t node, std::uint64_t nodes_held) const;
  /// Pins of a node by owner.
  std::int64_t pins(std::uint8_t node, kernel::PinOwner owner) const;

 private:
  static constexpr std::size_t kOwners = std::size(sim::EnumNames<kernel::PinOwner>::kNames);
  struct Node {
    std::vector<std::uint32_t> count;  // by frame
    std::array<std::int64_t, kOwners> by_owner{};
  };

  void see(const sim::TraceEvent& event);
  void check_read(const sim::TraceEvent& event) const;
  std::uint32_t& count(const sim::TraceEvent& event);
  bool pinned(std::uint8_t node, std::uint64_t frame) const {
    return node < nodes_.size() && frame < nodes_[node].count.size() &&
           nodes_[node].count[frame] != 0;
  }

  std::vector<Node> nodes_;
};

}  // namespace vctoe::monitors
