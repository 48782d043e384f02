// Transfers between frames and the swap device: neighbouring slots merged into one request, many
// requests in flight.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/host/swap_device.h"
#include "models/sim/kernel.h"
#include "sw/kernel/frame_table.h"
#include "sw/kernel/swap_slots.h"

namespace vctoe::kernel {

/// Who is told about finished pages; called in the context of the device, must not wait.
class SwapClient {
 public:
  virtual ~SwapClient() = default;
  virtual void page_read(FrameNumber f, sim::Time started) = 0;
  virtual void page_written(FrameNumber f) = 0;
};

class SwapIo {
 public:
  /// `storage` may be nullptr: a host without swap.
  SwapIo(host::SwapDevice* storage, FrameTable& table, std::uint64_t max_pages, SwapClient& client);

  SwapSlots slots;

  /// The frame that holds the page of a slot without being mapped, or is being filled; else
  /// kNoFrame.
  FrameNumber cached(SwapSlot slot) const {
    const auto found = cached_.find(slot);
    return found == cached_.end() ? kNoFrame : found->second;
  }
  /// kNoFrame: no frame does any more.
  void set_cached(SwapSlot slot, FrameNumber f);

  /// Queues the page of `frame.slot`; nothing moves before flush().
  void queue_read(FrameNumber f) { reads_.push_back(f); }
  void queue_write(FrameNumber f) { writes_.push_back(f); }
  /// Hands everything queued to the device, in the order of the slots. Does not wait.
  void flush();
  /// Blocks until the read that fills the frame is over; the caller holds the frame.
  void wait_read(FrameNumber f);
  /// Pages on their way.
  std::size_t reading() const { return reading_; }
  std::size_t writing() const { return writing_; }

  /// Untimed: for setting up and for checkers.
  void load(SwapSlot slot, const void* page);
  void peek(SwapSlot slot, void* page) const;

 private:
  struct Transfer {
    std::vector<FrameNumber> frames;
    sim::Time started;
    bool write = false;
    sc_core::sc_event done{};
  };

  void flush(std::vector<FrameNumber>& queue, bool write);
  void submit(const FrameNumber* frames, std::size_t count, bool write);
  std::uint32_t take_transfer();
  void finished(std::uint32_t index);

  host::SwapDevice* storage_;
  FrameTable& table_;
  std::uint64_t max_pages_;
  SwapClient& client_;
  std::unordered_map<SwapSlot, FrameNumber> cached_;
  std::vector<FrameNumber> reads_, writes_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<std::uint32_t> idle_;  // transfers not in use
  std::size_t reading_ = 0;
  std::size_t writing_ = 0;
};

}  // namespace vctoe::kernel
