// Pins that could be given back and are not yet ("the host may unpin", FIG. 8 block 266).
#pragma once

#include <cstdint>
#include <deque>

#include "models/host/address_map.h"
#include "sw/driver/host_port.h"

namespace vctoe::driver {

/// Pins lie here until more than so many do, until somebody has to wait for memory that may be
/// pinned, or until flush(). All calls may block.
class LazyUnpins {
 public:
  LazyUnpins(HostPort& port, kernel::MemoryService& memory, std::uint64_t most)
      : port_(port), memory_(memory), most_(most) {}

  /// The memory of `pin` is not needed any more.
  void add(kernel::PinToken pin) {
    pins_.push_back(pin);
    if (port_.pins_short(0)) return flush();
    while (pins_.size() > most_) give_back();
  }
  /// To be called before `bytes` are pinned: nobody waits for what lies here.
  void make_room(std::uint64_t bytes) {
    while (!pins_.empty() && port_.pins_short(bytes + host::kPageSize)) give_back();
  }
  void flush() {
    while (!pins_.empty()) give_back();
  }
  std::size_t size() const { return pins_.size(); }

 private:
  void give_back() {
    const kernel::PinToken pin = pins_.front();
    pins_.pop_front();  // before unpin(), which blocks: others may come in here
    memory_.unpin(pin);
  }

  HostPort& port_;
  kernel::MemoryService& memory_;
  std::uint64_t most_;
  std::deque<kernel::PinToken> pins_;  // oldest first
};

}  // namespace vctoe::driver
