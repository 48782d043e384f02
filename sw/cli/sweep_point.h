// One point of a sweep in a process of its own, and what its driver makes of its end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "sw/cli/process.h"
#include "sw/cli/scenario_port.h"
#include "sw/sweep/plan.h"
#include "sw/sweep/point_result.h"

namespace vctoe::cli {

/// Exit codes of a point besides those of the program.
constexpr int kCannotWrite = 4;
constexpr int kNoMemory = 5;
constexpr int kLeft = 6;  ///< another process runs it, or has run it meanwhile

/// In the process of the point: simulates, and leaves the result file. An empty folder: the result
/// is thrown away. The returned number is the exit code.
int run_point(const std::string& folder, const sweep::Plan& plan, std::size_t index,
              int progress_fd, ScenarioPort& scenario);

/// What a driver knows of a point that left nothing.
sweep::PointResult broken_off(const JobResult& job);

/// Real seconds that a point takes in a process of its own, its result thrown away; none when it
/// fails or takes longer than the limit.
std::optional<double> time_point(const sweep::Plan& plan, std::size_t index, double limit_s,
                                 ScenarioPort& scenario);

/// The mean of the first and the middle of these points, at most a minute each; none when one of
/// them does not end well within it: `trouble` is then its index.
std::optional<double> time_sample(const sweep::Plan& plan, const std::vector<std::size_t>& points,
                                  ScenarioPort& scenario, std::size_t& trouble);

}  // namespace vctoe::cli
