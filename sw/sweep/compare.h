// Two sweeps side by side.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sw/sweep/table.h"

namespace vctoe::sweep {

struct CompareOptions {
  std::string metric;    ///< only this one; empty: all that both have
  double tolerance = 0;  ///< share of the larger of two values below which they are equal
};

/// Joins points on what varies in one of the sweeps: scheme, axes, whatever differs within a plan.
/// What is constant in each and differs between them is set-up: it is told, and joined over. Points
/// that differ only in their seed stand together. Repeats with the same seeds in both are compared
/// seed by seed (Student's t over the differences), others by their means (difference()); without
/// repeats any difference counts.
///
/// {"equal": bool, "setup": [{"parameter", "a", "b"}], "joined": number of configurations,
///  "only_a", "only_b": [index..], "not_ok": [{"a", "b", "state_a", "state_b"}],
///  "metrics": [{"metric", "unit", "direction", "points", "equal", "better", "worse", "other",
///               "mean_change"}],
///  "changes": [{"metric", "a", "b", "before", "after", "half_width", "verdict"}]}
///
/// A change is beyond tolerance and noise. `a`, `b`: the first point of each configuration;
/// `verdict`: "better", "worse", or "other" when the metric has no direction; `mean_change`: share
/// by which the metric is larger in b, the mean over the points where it was not 0 in a;
/// `half_width`: of the difference, null without repeats. Largest changes first. A metric that only
/// one side has measured is a change, too, its other value null.
/// `equal`: no changes, no point in one only, none that is ok in one only.
/// Throws sim::Error(kUser) when nothing can be joined, or for an unknown metric.
nlohmann::ordered_json compare(const Table& a, const Table& b, const CompareOptions& options);

}  // namespace vctoe::sweep
