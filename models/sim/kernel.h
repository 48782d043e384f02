// The few things that models need of the SystemC kernel, in the model's own units.
#pragma once

#include <cstdint>
#include <systemc>

#include "models/sim/units.h"

namespace vctoe::sim {

/// The kernel's clock itself: sc_time_stamp() returns a reference to it, by two calls into the
/// library, and a segment asks for the time a hundred times.
inline const sc_core::sc_time& g_clock = sc_core::sc_time_stamp();

/// How far the agenda has come; behind the kernel's clock unless it runs ahead (agenda.h).
inline Time g_ahead;

inline Time kernel_time() {
  return Time::from_ps(g_clock.value());
}
inline Time now() {
  return max(kernel_time(), g_ahead);
}
inline sc_core::sc_time to_sc(Time t) {
  return sc_core::sc_time::from_value(t.ps);
}
inline Time from_sc(const sc_core::sc_time& t) {
  return Time::from_ps(t.value());
}

/// Activations (entries of the agenda run, and thread resumptions) since the start: the model's
/// cost in kernel events, counted because it is deterministic where CPU time is not.
extern std::uint64_t g_activations;

/// For SC_THREADs: the counted forms of sc_core::wait().
inline void wait(Time span) {
  sc_core::wait(to_sc(span));
  ++g_activations;
}
inline void wait(const sc_core::sc_event& event) {
  sc_core::wait(event);
  ++g_activations;
}
/// Waits for the event, at most for `span`.
inline void wait(Time span, const sc_core::sc_event& event) {
  sc_core::wait(to_sc(span), event);
  ++g_activations;
}

/// Instead of sc_event::notify(), which counts from the kernel's clock. Wakes who waits for the
/// event in the next delta cycle of now(), or `delay` later.
void notify(sc_core::sc_event& event, Time delay = Time::zero());
/// As soon as the caller waits or returns to the kernel.
void notify_immediately(sc_core::sc_event& event);

/// sc_core::sc_start(), and meanwhile the agenda may run ahead of the kernel's clock.
void run(Time span);

}  // namespace vctoe::sim
