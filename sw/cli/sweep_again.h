// Points of a sweep that are run again: to look on, or with a parameter changed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sw/cli/sweep_analysis.h"
#include "sw/sweep/point_result.h"

namespace vctoe::cli {

struct Again {
  std::size_t point = 0;
  sweep::Settings changes;  ///< values other than the point's
  std::string keep_in;      ///< folder for timeline.json and series.json; empty: neither
};

/// A folder that goes with what is in it.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// Each in a process of its own, its result in its place; the results of the sweep stay as they
/// are. None when Ctrl-C ended it. What broke off has its reason and no metrics.
std::optional<std::vector<sweep::PointResult>> run_again(const SweepFolder& sweep,
                                                         const std::vector<Again>& points,
                                                         const AnalysisRequest& request,
                                                         ScenarioPort& scenario);

}  // namespace vctoe::cli
