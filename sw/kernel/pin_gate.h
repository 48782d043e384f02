// Admission to pinning: a bounded number of pages, first come first served.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "models/sim/kernel.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::kernel {

/// A request is admitted with all of its pages or not at all, before the first of them is pinned.
/// Who has been admitted therefore never waits for another's pins, and no set of requests can
/// deadlock.
class PinGate {
 public:
  /// `capacity` says how many pages may be pinned at present (it shrinks when page tables grow).
  explicit PinGate(std::function<std::uint64_t()> capacity) : capacity_(std::move(capacity)) {}

  /// Blocks until `pages` may be pinned. kTooLarge if they never may be, kShutDown by cancel().
  PinStatus admit(Asid asid, std::uint64_t pages);
  /// admit() would block (or refuse).
  bool would_wait(std::uint64_t pages) const {
    return !waiters_.empty() || admitted_ + pages > capacity_();
  }
  /// Gives admitted pages back.
  void leave(std::uint64_t pages);
  /// Sends the waiting requests of an address space away.
  void cancel(Asid asid);
  /// Looks again at who waits; for when the capacity has changed.
  void serve();

  std::uint64_t admitted() const { return admitted_; }
  std::size_t waiting() const { return waiters_.size(); }

 private:
  struct Waiter {
    Asid asid;
    std::uint64_t pages;
    bool done = false;
    PinStatus status = PinStatus::kOk;
    sc_core::sc_event event{};
    void finish(PinStatus with) {
      done = true;
      status = with;
      sim::notify(event);
    }
  };

  std::function<std::uint64_t()> capacity_;
  std::uint64_t admitted_ = 0;
  std::deque<Waiter*> waiters_;
};

}  // namespace vctoe::kernel
