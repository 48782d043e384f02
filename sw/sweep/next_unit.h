// What one more unit of a resource would be: which parameter, and its next value.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sw/sweep/regions.h"

namespace vctoe::sweep {

/// How the next unit of a parameter is found when it is no axis of the sweep.
enum class UnitStep {
  kOneMore,  ///< the next whole number
  kDouble,
  kHalf,      ///< a time that is to be shorter
  kQuarter,   ///< a quarter more
  kNextName,  ///< the next in `names`
  kOn         ///< a flag
};

/// A remedy for a limit.
struct Remedy {
  const char* limit;  ///< a part of the elapsed time
  /// Changed together, each by its own step: they are one resource only together.
  std::vector<const char*> parameters;
  UnitStep step;
  std::vector<const char*> names;  ///< of kNextName, the slowest first
};
/// All, those that come first for a limit are preferred. docs/analysis.md has them as a table.
const std::vector<Remedy>& remedies();

/// A parameter and the value that it gets.
struct UnitChange {
  std::string parameter, from, to;
};
/// What the remedy would change at the point that the parameters now have; nothing when one of them
/// is not there, has no next value, or would leave its range. A parameter that is an axis takes the
/// axis' next value instead, if there is one.
std::vector<UnitChange> next_unit(const Remedy& remedy, const Design& design,
                                  const std::vector<Factor>& factors);

/// The point of the region that stands for it: of those with its limit the one in the middle by the
/// share of time that the limit takes.
std::size_t representative(const Table& table, const std::vector<std::string>& limits,
                           const Region& region);

/// DIR/one_more.json: a list of {"point", "limit", "parameter", "from", "to", "metric", "before",
/// "after"}; an empty one when there is no file. Throws sim::Error(kUser) when it is no list.
nlohmann::ordered_json read_one_more(const std::string& folder);
void write_one_more(const std::string& folder, const nlohmann::ordered_json& list);

}  // namespace vctoe::sweep
