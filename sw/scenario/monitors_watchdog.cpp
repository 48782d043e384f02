#include "sw/scenario/monitors_watchdog.h"

#include <algorithm>

#include "models/sim/error.h"
#include "sw/scenario/monitors_failure.h"

namespace vctoe::scenario {

Watchdog::Watchdog(const sc_core::sc_module_name& name, sim::Time period)
    : sc_module(name), period_(period), alarm_([this] { look(); }) {}

bool Watchdog::anyone_pending() const {
  return std::any_of(waiters_.begin(), waiters_.end(),
                     [](const Waiter& waiter) { return waiter.pending(); });
}

void Watchdog::start() {
  if (anyone_pending()) alarm_.set(last_.at + period_ / 2);
}

void Watchdog::look() {
  if (!anyone_pending()) return;
  const sim::Time half = last_.at + period_ / 2;
  const sim::Time full = last_.at + period_;
  if (sim::now() >= full) fail("nothing has moved for " + seconds_text(sim::now() - last_.at));
  alarm_.set(sim::now() < half ? half : full);
}

void Watchdog::finish() {
  alarm_.set(sim::Time::never());
  if (anyone_pending()) fail("the simulation is over with work pending");
}

void Watchdog::fail(const std::string& what) const {
  std::string text = "monitor watchdog: at " + seconds_text(sim::now()) + " " + what +
                     "; the last that moved: " + event_text(last_) + "; who waits:";
  for (const Waiter& waiter : waiters_) {
    if (waiter.pending()) text += "\n  " + waiter.name + ": " + waiter.describe();
  }
  sim::check_failed(text);
}

}  // namespace vctoe::scenario
