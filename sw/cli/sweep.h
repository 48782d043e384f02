// The commands of `vctoe sweep`. All throw sim::Error on failure; the returned number is the exit
// code of what went through. docs/sweep.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sw/cli/scenario_port.h"
#include "sw/cli/sweep_analysis.h"
#include "sw/sweep/design.h"
#include "sw/sweep/plan.h"

namespace CLI {
class App;
}

namespace vctoe::cli {

struct SweepRequest {
  std::string file;    ///< of the sweep, or its name in traces/sweeps/
  std::string folder;  ///< of plan and results
  std::string subset;
  bool yes = false;          ///< more than a million points are meant
  bool check = false;        ///< write nothing
  bool no_estimate = false;  ///< do not run two points to see how long they take
  std::string engine = "local";
  bool other_build = false;             ///< results of two builds in one table are meant
  bool dry_run = false;                 ///< print what would be submitted
  std::size_t chunk = 0;                ///< points a task; 0: so many that it takes a minute
  std::size_t max_tasks = 0;            ///< at the same time; 0: no limit
  std::vector<std::string> slurm_args;  ///< lines of #SBATCH
  double poll_s = 5;                    ///< how often squeue is asked
  std::string template_file;            ///< for --engine script
  std::string submit;                   ///< command to which the filled template is given
  std::string job;                      ///< of run-task: a folder in DIR/jobs
  std::size_t task = 0;                 ///< of run-task, from 1
  unsigned jobs = 0;                    ///< points at the same time; 0: as many as there are cores
  std::string points;                   ///< "3,7..9", both ends included; empty: all
  double time_limit_s = 3600;           ///< real time of a point
  std::string memory;        ///< of a point, as "2 GiB"; empty: what there is, shared by the jobs
  AnalysisRequest analysis;  ///< of the commands that look at results
};

/// Expands the file into plan.jsonl.
int sweep_plan(const SweepRequest& request, ScenarioPort& scenario);
/// Runs the points without a valid result.
int sweep_run(const SweepRequest& request, ScenarioPort& scenario);
/// Runs the points of one task of a job array.
int sweep_run_task(const SweepRequest& request, ScenarioPort& scenario);
int sweep_status(const SweepRequest& request, ScenarioPort& scenario);
int sweep_collect(const SweepRequest& request, ScenarioPort& scenario);

/// Declares them; the one that is chosen is put into `action`.
void add_sweep(CLI::App& app, SweepRequest& request, std::function<int()>& action,
               ScenarioPort& scenario);

/// How a plan names this program.
std::string program_name();
/// The parameters of the simulation; the list must outlive what is returned.
sweep::Design design_of(ScenarioPort& scenario, const sim::ParamList& list);
/// What there is to run at the same time, unless the user says so.
unsigned jobs_of(const SweepRequest& request);

}  // namespace vctoe::cli
