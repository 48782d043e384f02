#include "sw/driver/host_sides.h"

namespace vctoe::driver {

/// A thread that slept in the kernel.
void OsSide::called() {
  count_hand_over();
  port().run(port().costs().context_switch, host::Priority::kKernel, host::Work::kKernel);
}

void OsSide::give_back(kernel::PinToken pin) {
  pins_.push_back(pin);
  sim::notify(wake_);
}

void OsSide::unpin() {
  for (;;) {
    while (pins_.empty()) sim::wait(wake_);
    const kernel::PinToken pin = pins_.front();
    pins_.pop_front();
    unpinning_ = true;
    memory().unpin(pin);
    unpinning_ = false;
  }
}

}  // namespace vctoe::driver
