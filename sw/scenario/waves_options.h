// What of a run is dumped as waves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/sim/trace.h"
#include "models/sim/units.h"

namespace vctoe::waves {

struct Options {
  bool on = false;
  sim::Time from;                                ///< the dump begins here ..
  sim::Time to = sim::Time::never();             ///< .. and ends here, this time included
  std::optional<sim::TraceKind> trigger;         ///< begins with the first such event after `from`
  sim::Time before;                              ///< so long before that event
  sim::Time length = sim::Time::never();         ///< ends so long after `from`, or after the event
  std::uint64_t limit = std::uint64_t{1} << 30;  ///< bytes of the dump
  std::vector<std::string> scopes;               ///< see SignalList; none: everything
  /// Whose TCP state is dumped.
  std::vector<std::uint32_t> connections{0};
};

}  // namespace vctoe::waves
