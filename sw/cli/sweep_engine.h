// What runs the points of a sweep: this machine, Slurm, or whatever a template tells.
#pragma once

#include <cstddef>
#include <vector>

#include "sw/cli/scenario_port.h"
#include "sw/cli/sweep.h"
#include "sw/sweep/plan.h"

namespace vctoe::cli {

struct Work {
  const SweepRequest& request;
  const sweep::Plan& plan;
  std::vector<std::size_t> points;  ///< that have no valid result
  double mean_s = 0;                ///< real time of those that have one; 0: there is none
};

struct Outcome {
  int signal = 0;        ///< that interrupted it
  std::size_t left = 0;  ///< points that another driver of this folder runs
};

Outcome run_here(const Work& work, ScenarioPort& scenario);
/// Waits for what Slurm already runs of this sweep, too.
Outcome run_on_slurm(const Work& work, ScenarioPort& scenario);
/// Hands over and returns when --submit does.
Outcome run_by_script(const Work& work, ScenarioPort& scenario);

}  // namespace vctoe::cli
