// vctoe sweep run: what is left to do, and the local engine, a process a point.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <thread>

#include "models/sim/error.h"
#include "sw/cli/build_id.h"
#include "sw/cli/commands.h"
#include "sw/cli/process.h"
#include "sw/cli/program.h"
#include "sw/cli/progress.h"
#include "sw/cli/sweep.h"
#include "sw/cli/sweep_engine.h"
#include "sw/cli/sweep_point.h"
#include "sw/scenario/config_quantity.h"
#include "sw/sweep/claim.h"
#include "sw/sweep/drivers.h"
#include "sw/sweep/files.h"
#include "sw/sweep/point_result.h"
#include "sw/sweep/selection.h"
#include "sw/sweep/submission.h"

namespace vctoe::cli {

namespace {

using sweep::State;

struct Engine {
  const char* name;
  Outcome (*run)(const Work& work, ScenarioPort& scenario);
};
constexpr Engine kEngines[] = {
    {"local", &run_here}, {"slurm", &run_on_slurm}, {"script", &run_by_script}};

const Engine& engine_of(const SweepRequest& request) {
  for (const Engine& e : kEngines) {
    if (request.engine == e.name) return e;
  }
  sim::user_error("unknown engine \"" + request.engine + "\" (legal: local, slurm, script)");
}

/// What was given for an engine that has no use for it.
void check_options(const SweepRequest& r) {
  const auto only_for = [&](bool given, const char* option, const std::string& engines) {
    if (given && engines.find(r.engine) == std::string::npos) {
      sim::user_error(std::string(option) + " has no meaning with --engine " + r.engine +
                      " (it has with " + engines + ")");
    }
  };
  only_for(r.dry_run, "--dry-run", "slurm or script");
  only_for(r.chunk != 0, "--chunk", "slurm or script");
  only_for(r.max_tasks != 0, "--max-tasks", "slurm");
  only_for(!r.slurm_args.empty(), "--slurm-args", "slurm");
  only_for(!r.template_file.empty(), "--template", "script");
  only_for(!r.submit.empty(), "--submit", "script");
  if (r.engine == "script" && r.template_file.empty()) {
    sim::user_error(
        "--engine script needs --template FILE; examples are in traces/sweeps/engines/");
  }
}

void check_build(const sweep::Plan& plan, const SweepRequest& request) {
  const std::string& planned = plan.head().build;
  if (planned.empty() || planned == build_id() || request.other_build) return;
  sim::user_error(
      "the plan was made by another build of " + program_name() + " (" + planned.substr(0, 12) +
      ", this is " + build_id().substr(0, 12) +
      "), and results of two builds would stand in one table: plan into another folder, "
      "or mix them with --other-build");
}

std::uint64_t memory_of(const SweepRequest& request, unsigned jobs) {
  if (request.memory.empty()) {
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(size) / jobs
                     : 0;
  }
  const auto size = config::parse_size(request.memory);
  if (!size.value) sim::user_error("--memory: " + size.error.message + "; " + size.error.hint);
  return size.value->n;
}

class LocalEngine {
 public:
  LocalEngine(const Work& work, ScenarioPort& scenario) : work_(work), scenario_(scenario) {}

  Outcome run();

 private:
  void ended(std::size_t point, const JobResult& job);
  void record(std::size_t point, const JobResult& job) const;

  const Work& work_;
  ScenarioPort& scenario_;
  std::size_t left_ = 0;
};

/// The point has broken off. Somebody else may have run it meanwhile: that result stays.
void LocalEngine::record(std::size_t point, const JobResult& job) const {
  const std::string& folder = work_.request.folder;
  const sweep::Claim claim(folder, point);
  if (!claim.held() || is_final(sweep::read_result(folder, work_.plan, point, true).state)) return;
  sweep::write_result(folder, work_.plan, work_.plan.point(point), broken_off(job));
}

void LocalEngine::ended(std::size_t point, const JobResult& job) {
  if (job.exit_code == kLeft) {
    ++left_;
    return;
  }
  try {
    if (job.exit_code == kCannotWrite) sim::user_error(trimmed(job.last_words));
    record(point, job);
  } catch (const sim::Error& e) {
    if (e.kind() != sim::FailureKind::kUser) throw;
    sim::user_error(std::string(e.what()) +
                    "; what was computed is kept: go on with vctoe sweep resume " +
                    work_.request.folder);
  }
}

Outcome LocalEngine::run() {
  const SweepRequest& request = work_.request;
  std::vector<Job> jobs;
  std::vector<std::string> names;
  for (const std::size_t point : work_.points) {
    names.push_back(std::to_string(point));
    jobs.push_back({names.back(), [&, point](int progress_fd) {
                      return run_point(request.folder, work_.plan, point, progress_fd, scenario_);
                    }});
  }
  PoolOptions options;
  options.parallel = jobs_of(request);
  options.time_limit_s = request.time_limit_s;
  options.memory_limit = memory_of(request, options.parallel);
  options.on_end = [&](std::size_t i, const JobResult& job) { ended(work_.points[i], job); };
  Progress progress(names);
  if (isatty(STDERR_FILENO) != 0) {
    options.on_progress = [&](const std::vector<double>& f) { progress.update(f); };
  }
  const sweep::DriverMark mark(request.folder, options.parallel, work_.points.size());
  const int signal = run_jobs(jobs, options).interrupted_by;
  return {signal, left_};
}

/// Points of a selection by state, as they now are.
struct Counts {
  std::vector<std::size_t> of = std::vector<std::size_t>(std::size(sweep::kAllStates), 0);
  std::vector<std::size_t> open;
  double wall = 0;  ///< of all that are not open

  bool any(State s) const { return of[static_cast<std::size_t>(s)] > 0; }
};

Counts count_states(const std::string& folder, const sweep::Plan& plan,
                    const std::vector<std::size_t>& selection) {
  Counts counts;
  for (const std::size_t i : selection) {
    const sweep::PointResult result = sweep::read_result(folder, plan, i, true);
    ++counts.of[static_cast<std::size_t>(result.state)];
    if (is_final(result.state)) {
      counts.wall += result.wall_s;
    } else {
      counts.open.push_back(i);
    }
  }
  return counts;
}

void print_counts(const Counts& counts, std::size_t points) {
  std::string line;
  for (const State s : sweep::kAllStates) {
    const std::size_t n = counts.of[static_cast<std::size_t>(s)];
    if (n > 0) line += (line.empty() ? ": " : ", ") + std::to_string(n) + " " + name_of(s);
  }
  std::printf("%zu points%s\n", points, line.c_str());
}

int exit_code_of(const Counts& counts) {
  for (const State s : {State::kBroken, State::kCrashed, State::kTimeout, State::kMemory}) {
    if (counts.any(s)) return kInternal;
  }
  if (counts.any(State::kRefused)) return kUsage;
  return counts.any(State::kFailed) ? kCheckFailed : kOk;
}

/// What an engine has done, in words and as an exit code.
int report(const SweepRequest& request, Outcome outcome, const Counts& before, const Counts& now,
           std::size_t points) {
  print_counts(now, points);
  if (outcome.signal != 0) {
    std::fprintf(stderr, "interrupted; vctoe sweep resume %s goes on\n", request.folder.c_str());
    return kInterrupted;
  }
  const bool local = request.engine == "local";
  const std::size_t left = local ? outcome.left : now.open.size();
  std::printf("%zu of them run now; vctoe sweep collect %s gathers them\n",
              before.open.size() - left, request.folder.c_str());
  if (outcome.left > 0) {
    std::printf("%zu were left to other drivers of this folder\n", outcome.left);
  }
  if (request.engine != "slurm" || !now.any(State::kMissing)) return exit_code_of(now);
  std::fprintf(stderr,
               "%zu points have no result: their tasks ended early, their logs are in %s/jobs; "
               "vctoe sweep resume %s --engine slurm runs them\n",
               now.of[static_cast<std::size_t>(State::kMissing)], request.folder.c_str(),
               request.folder.c_str());
  return kInternal;
}

}  // namespace

Outcome run_here(const Work& work, ScenarioPort& scenario) {
  return work.points.empty() ? Outcome{} : LocalEngine(work, scenario).run();
}

std::string program_name() {
  return "vctoe " VCTOE_VERSION;
}

sweep::Design design_of(ScenarioPort& scenario, const sim::ParamList& list) {
  return {list, scenario.schemes(),
          [&scenario](const std::string& scheme) { return scenario.full_name(scheme); }};
}

unsigned jobs_of(const SweepRequest& request) {
  return request.jobs != 0 ? request.jobs : std::max(1U, std::thread::hardware_concurrency());
}

int sweep_run(const SweepRequest& request, ScenarioPort& scenario) {
  const Engine& engine = engine_of(request);
  check_options(request);
  const sweep::Plan plan = sweep::Plan::read(request.folder, program_name());
  check_build(plan, request);
  const std::vector<std::size_t> selection =
      sweep::selection_of(request.points, plan.size(), "--points");
  memory_of(request, 1);  // said to be wrong before anything is done
  if (!request.dry_run) {
    sweep::prepare_results(request.folder, plan.size());
    sweep::sweep_parts(request.folder);
  }
  const Counts before = count_states(request.folder, plan, selection);
  const std::size_t done = selection.size() - before.open.size();
  const Work work{request, plan, before.open,
                  done == 0 ? 0 : before.wall / static_cast<double>(done)};
  const Outcome outcome = engine.run(work, scenario);
  if (request.dry_run) return kOk;
  sweep::sweep_parts(request.folder);  // an earlier driver's last points may just have died
  const Counts now = count_states(request.folder, plan, selection);
  return report(request, outcome, before, now, selection.size());
}

int sweep_run_task(const SweepRequest& request, ScenarioPort& scenario) {
  SweepRequest task = request;
  task.engine = "local";
  task.points = sweep::points_of_task(request.folder, request.job, request.task);
  if (task.jobs == 0) task.jobs = 1;
  return sweep_run(task, scenario);
}

}  // namespace vctoe::cli
