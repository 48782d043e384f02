// A sweep file, read and checked: docs/sweep.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sw/sweep/design.h"

namespace vctoe::sweep {

enum class Comparison { kAbove, kBelow, kAtLeast, kAtMost, kIs, kIsNot, kOneOf };

/// When an axis counts: what it looks at is set further up or belongs to the base.
struct Condition {
  std::string path;
  Comparison comparison = Comparison::kIs;
  std::vector<std::string> texts;  ///< one, several only of kOneOf
};

/// Parameters that change together, and the values they take in turn. A sample is one, too.
struct Axis {
  std::vector<std::string> paths;
  std::vector<std::vector<std::string>> entries;  ///< a text for each path
  std::optional<Condition> when;
};

struct Objective {
  std::string metric;
  bool maximise = true;
  std::optional<double> at_least, at_most;  ///< in the metric's unit
};

struct Study {
  std::string title;
  std::string question;                                       ///< may be empty
  std::string base;                                           ///< a file; empty: the defaults
  std::vector<std::pair<std::string, std::string>> settings;  ///< path and text
  std::vector<Axis> axes;                                     ///< as written, the slowest first
  std::vector<Objective> objectives;
  std::vector<std::string> record;  ///< patterns of statistics
  std::uint64_t repeats = 1;
};

/// Reads the file, reduced to the named subset (empty: all of it). Throws sim::Error(kUser) with a
/// report of everything that is wrong, by file and line.
Study read_study(const std::string& path, const std::string& subset, const Design& design,
                 bool colour = false);

}  // namespace vctoe::sweep
