#include "models/sim/kernel.h"

#include "models/sim/event_queue.h"

namespace vctoe::sim {

std::uint64_t g_activations = 0;

EventQueueBase::EventQueueBase(const sc_core::sc_module_name& name) : sc_module(name) {
  SC_METHOD(on_event);
  sensitive << event_;
  dont_initialize();
}

void EventQueueBase::arm(Time at) {
  if (at >= armed_) return;
  armed_ = at;
  // notify() keeps the earlier of two pending times, which is what is wanted here.
  event_.notify(to_sc(at - min(at, now())));
}

void EventQueueBase::on_event() {
  ++g_activations;
  armed_ = Time::never();
  wake();
}

}  // namespace vctoe::sim
