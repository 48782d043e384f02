#include "sw/cli/sweep_point.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <new>

#include "models/sim/error.h"
#include "sw/cli/build_id.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"
#include "sw/cli/setup.h"
#include "sw/cli/sweep.h"
#include "sw/sweep/claim.h"

namespace vctoe::cli {

namespace {

using sweep::PointResult;
using sweep::State;
using Clock = std::chrono::steady_clock;

constexpr double kSampleLimit = 60;  ///< real seconds

[[noreturn]] void no_memory() {
  constexpr char kWords[] = "no more memory within --memory\n";
  if (write(STDERR_FILENO, kWords, sizeof kWords - 1) < 0) _exit(kNoMemory);
  _exit(kNoMemory);
}

PointResult simulate(const sweep::Plan& plan, const sweep::Point& point,
                     const scenario::RunOptions& options, ScenarioPort& scenario) {
  const auto start = Clock::now();
  const outputs::RunSummary summary = scenario.run(options, point.scheme);
  PointResult result;
  result.state = summary.ok ? State::kOk : State::kFailed;
  result.reason = summary.failure;
  result.metrics = sweep::metrics_of(summary, plan.head().record);
  result.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  result.build = build_id();
  return result;
}

/// Inside SystemC's frame.
int simulate_and_write(const std::string& folder, const sweep::Plan& plan, std::size_t index,
                       int progress_fd, ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  const sweep::Point point = plan.point(index);
  sweep::apply(plan, point, design_of(scenario, list));
  scenario::RunOptions options;
  options.file = text_param(list, "file");
  options.out_dir = folder;
  options.progress = progress_to(progress_fd);
  const PointResult result = simulate(plan, point, options, scenario);
  try {
    if (!folder.empty()) sweep::write_result(folder, plan, point, result);
  } catch (const sim::Error& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return kCannotWrite;
  }
  return static_cast<int>(result.state == State::kOk ? kOk : kCheckFailed);
}

State state_of(const JobResult& job) {
  if (job.timed_out) return State::kTimeout;
  switch (job.exit_code) {
    case kNoMemory:
      return State::kMemory;
    case kCheckFailed:
      return State::kFailed;
    case kUsage:
      return State::kRefused;
    case kInternal:
      return State::kBroken;
    default:
      return State::kCrashed;
  }
}

}  // namespace

int run_point(const std::string& folder, const sweep::Plan& plan, std::size_t index,
              int progress_fd, ScenarioPort& scenario) {
  std::set_new_handler(&no_memory);
  std::unique_ptr<sweep::Claim> claim;  // until this process ends
  if (!folder.empty()) {
    claim = std::make_unique<sweep::Claim>(folder, index);
    if (!claim->held()) return kLeft;
    if (is_final(sweep::read_result(folder, plan, index, true).state)) return kLeft;
  }
  return in_simulation(
      [&] { return simulate_and_write(folder, plan, index, progress_fd, scenario); });
}

PointResult broken_off(const JobResult& job) {
  PointResult result;
  result.state = state_of(job);
  result.wall_s = job.wall_s;
  result.build = build_id();
  const bool explained = result.state == State::kFailed || result.state == State::kRefused;
  const std::string words = trimmed(job.last_words);
  if (result.state == State::kMemory) {
    result.reason = "wanted more memory than --memory allows";
  } else if (explained && !words.empty()) {
    result.reason = words;
    return result;
  } else {
    result.reason = job.how_it_ended();
  }
  result.last_words = words;
  return result;
}

std::optional<double> time_point(const sweep::Plan& plan, std::size_t index, double limit_s,
                                 ScenarioPort& scenario) {
  PoolOptions options;
  options.time_limit_s = limit_s;
  const Job job{"estimate", [&](int fd) { return run_point("", plan, index, fd, scenario); }};
  const PoolResult result = run_jobs({job}, options);
  if (result.interrupted_by != 0 || result.jobs[0].exit_code != kOk) return std::nullopt;
  return result.jobs[0].wall_s;
}

std::optional<double> time_sample(const sweep::Plan& plan, const std::vector<std::size_t>& points,
                                  ScenarioPort& scenario, std::size_t& trouble) {
  double sum = 0;
  std::size_t timed = 0;
  for (const std::size_t at : {std::size_t{0}, points.size() / 2}) {
    if (timed == points.size()) break;
    trouble = points[at];
    const auto seconds = time_point(plan, points[at], kSampleLimit, scenario);
    if (!seconds) return std::nullopt;
    sum += *seconds;
    ++timed;
  }
  return sum / static_cast<double>(timed);
}

}  // namespace vctoe::cli
