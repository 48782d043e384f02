#include "sw/kernel/swap_slots.h"

#include "models/sim/error.h"

namespace vctoe::kernel {

SwapSlots::SwapSlots(std::size_t slots)
    : slots_(slots), free_(slots), words_((slots + 63) / 64, 0) {
  // What lies behind the end counts as in use for ever.
  if (slots % 64 != 0) words_.back() = ~std::uint64_t{0} << (slots % 64);
}

SwapSlot SwapSlots::take() {
  if (free_ == 0) return kNoSlot;
  std::size_t word = next_ / 64;
  std::uint64_t open = ~words_[word] & (~std::uint64_t{0} << (next_ % 64));
  while (open == 0) {
    word = (word + 1) % words_.size();
    open = ~words_[word];
  }
  const std::size_t slot = word * 64 + static_cast<std::size_t>(__builtin_ctzll(open));
  words_[word] |= open & (~open + 1);
  --free_;
  next_ = slot + 1 == slots_ ? 0 : slot + 1;
  return static_cast<SwapSlot>(slot);
}

void SwapSlots::release(SwapSlot slot) {
  sim::ensure(slot < slots_ && in_use(slot), "kernel: a free swap slot is freed");
  words_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  ++free_;
}

}  // namespace vctoe::kernel
