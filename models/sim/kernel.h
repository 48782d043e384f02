// The few things that models need of the SystemC kernel, in the model's own units.
#pragma once

#include <cstdint>
#include <systemc>

#include "models/sim/units.h"

namespace vctoe::sim {

/// The kernel's clock itself: sc_time_stamp() returns a reference to it, by two calls into the
/// library, and a segment asks for the time a hundred times.
inline const sc_core::sc_time& g_clock = sc_core::sc_time_stamp();

inline Time now() {
  return Time::from_ps(g_clock.value());
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

}  // namespace vctoe::sim
