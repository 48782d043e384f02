// The monitors of pinned memory: a shadow of every frame's pins, kept from the trace alone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "models/sim/trace.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::scenario {

/// Hosts that the monitors keep state of: 0 sends, 1 receives.
constexpr std::size_t kMonitoredNodes = 2;

/// Three rules. A frame with pins is not swapped out (specification: "pinned", i.e. locked against
/// being moved to the second memory). Payload that the NIC reads lies in frames pinned at that
/// moment. At the end the transient owners have given back what they took.
/// Each function raises sim::check_failed when its rule is broken.
class PinMonitor {
 public:
  /// kPin: address = physical address of the frame, detail = kernel::PinOwner.
  void pin(const sim::TraceEvent& event);
  /// kUnpin. More unpins than pins of one frame fail at once.
  void unpin(const sim::TraceEvent& event);
  /// kSwapOut: address = physical address of the frame.
  void swap_out(const sim::TraceEvent& event) const;
  /// Who knows whether a process has a frame mapped at this moment: the kernel's frame table.
  using Mapped = std::function<bool(std::uint16_t asid, std::uint64_t frame)>;
  void set_mapped(std::uint8_t node, Mapped mapped) { mapped_.at(node) = std::move(mapped); }
  /// kDmaRead: every frame that [address, address + length) touches is pinned; or, when the read
  /// was by virtual address (detail 1), belongs to the process and is mapped.
  void dma_read(const sim::TraceEvent& event) const;
  /// Pins equal unpins for the owners agent, node and host_dma on each node, except that
  /// `node_pages_held` context pages are still translated by its walker. Receive buffers and driver
  /// memory may stay pinned.
  void finish(const std::array<std::uint64_t, kMonitoredNodes>& node_pages_held) const;

  /// Pins of the frame with this physical address.
  std::uint32_t pins(std::uint8_t node, std::uint64_t physical) const;

 private:
  static constexpr std::size_t kOwners = std::size(sim::EnumNames<kernel::PinOwner>::kNames);
  struct Frame {
    sim::TxnId last_txn = 0;  ///< of the newest pin or unpin, for the text
    std::uint32_t pins = 0;
  };
  struct Node {
    std::vector<Frame> frames;  ///< by frame number, as far as frames have been pinned
    std::array<std::uint64_t, kOwners> pins{};
    std::array<std::uint64_t, kOwners> unpins{};
  };
  void translated_read(const sim::TraceEvent& event) const;
  [[noreturn]] void read_failed(const sim::TraceEvent& event, std::uint64_t frame) const;

  std::array<Node, kMonitoredNodes> nodes_;
  std::array<Mapped, kMonitoredNodes> mapped_;
};

}  // namespace vctoe::scenario
