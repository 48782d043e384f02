// What a monitor says when it fires.
#pragma once

#include <string>

#include "models/sim/trace.h"

namespace vctoe::scenario {

/// Raises sim::check_failed (exit code 1) with the monitor's name, what is wrong, and everything
/// the event knows: time, node, transaction, connection, address space, address, length, sequence.
[[noreturn]] void monitor_failed(const char* monitor, const std::string& what,
                                 const sim::TraceEvent& event);

/// The event in words, for a longer text.
std::string event_text(const sim::TraceEvent& event);
std::string seconds_text(sim::Time time);
/// "0x1f000"
std::string hex_text(std::uint64_t value);

}  // namespace vctoe::scenario
