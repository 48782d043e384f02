// Which pages of the swap device are in use.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

/// Next-fit: pages evicted together get neighbouring slots, so that a batch is one transfer.
class SwapSlots {
 public:
  /// `slots` pages of 4 KiB; 0 is a host without swap.
  explicit SwapSlots(std::size_t slots);

  std::size_t size() const { return slots_; }
  std::size_t free_count() const { return free_; }
  /// The first free slot at or after the last one given out, round the end; kNoSlot if all are in
  /// use.
  SwapSlot take();
  void release(SwapSlot slot);
  bool in_use(SwapSlot slot) const { return (words_[slot / 64] >> (slot % 64) & 1) != 0; }

 private:
  std::size_t slots_;
  std::size_t free_;
  std::size_t next_ = 0;
  std::vector<std::uint64_t> words_;  ///< a set bit is a slot in use
};

}  // namespace vctoe::kernel
