#include "models/nic/interrupts.h"

#include "models/host/address_map.h"

namespace vctoe::nic {

InterruptModerator::InterruptModerator(const sc_core::sc_module_name& name, DmaPort& dma,
                                       unsigned vector, sim::Time interval)
    : sc_module(name),
      dma_(dma),
      interval_(interval),
      alarm_([this] { send(); }),
      target_{host::kMsiBase + std::uint64_t{vector} * 4, 4, 0} {}

void InterruptModerator::raise() {
  ++raised_;
  if (masked_) missed_ = true;
  if (pending_ || masked_) return;
  if (sim::now() >= next_allowed_) {
    send();
    return;
  }
  pending_ = true;
  alarm_.set(next_allowed_);
}

void InterruptModerator::mask(bool masked) {
  masked_ = masked;
  if (masked_ || !missed_) return;
  missed_ = false;
  --raised_;  // raise() counts it again
  raise();
}

void InterruptModerator::send() {
  pending_ = false;
  if (masked_) {
    missed_ = true;
    return;
  }
  next_allowed_ = sim::now() + interval_;
  ++sent_;
  DmaRequest request;
  request.write = true;
  request.sg = &target_;
  request.count = 1;
  request.data = reinterpret_cast<std::uint8_t*>(&message_);
  request.purpose = pcie::Purpose::kInterrupt;
  dma_.submit(request);
}

}  // namespace vctoe::nic
