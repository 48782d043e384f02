#include "sw/kernel/pin_gate.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::kernel {

PinStatus PinGate::admit(Asid asid, std::uint64_t pages) {
  const std::uint64_t capacity = capacity_();
  if (pages > capacity) return PinStatus::kTooLarge;
  if (waiters_.empty() && admitted_ + pages <= capacity) {
    admitted_ += pages;
    return PinStatus::kOk;
  }
  Waiter self{asid, pages};
  waiters_.push_back(&self);
  while (!self.done) sim::wait(self.event);
  return self.status;
}

void PinGate::leave(std::uint64_t pages) {
  sim::ensure(pages <= admitted_, "kernel: more pages leave the pin limit than were admitted");
  admitted_ -= pages;
  serve();
}

void PinGate::serve() {
  const std::uint64_t capacity = capacity_();
  while (!waiters_.empty()) {
    Waiter& first = *waiters_.front();
    if (first.pages <= capacity && admitted_ + first.pages > capacity) return;
    waiters_.pop_front();
    const bool fits = first.pages <= capacity;
    if (fits) admitted_ += first.pages;
    first.finish(fits ? PinStatus::kOk : PinStatus::kTooLarge);
  }
}

void PinGate::cancel(Asid asid) {
  const auto leaves = [asid](Waiter* w) {
    if (w->asid != asid) return false;
    w->finish(PinStatus::kShutDown);
    return true;
  };
  waiters_.erase(std::remove_if(waiters_.begin(), waiters_.end(), leaves), waiters_.end());
  serve();
}

}  // namespace vctoe::kernel
