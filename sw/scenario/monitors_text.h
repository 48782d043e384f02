// Where and when, for the messages of the monitors.
#pragma once

#include <string>

#include "models/sim/error.h"
#include "models/sim/trace.h"

namespace vctoe::monitors {

/// "monitor <name>: <what>: <event> at <time> us, node 0, connection 1, txn 2, ..."
[[noreturn]] void fail(const char* monitor, const std::string& what, const sim::TraceEvent& event);

}  // namespace vctoe::monitors
