// vctoe sweep run: the local engine, a process a point.
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <new>
#include <thread>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/process.h"
#include "sw/cli/program.h"
#include "sw/cli/progress.h"
#include "sw/cli/setup.h"
#include "sw/cli/sweep.h"
#include "sw/scenario/config_quantity.h"
#include "sw/sweep/drivers.h"
#include "sw/sweep/files.h"
#include "sw/sweep/point_result.h"

namespace vctoe::cli {

namespace {

using sweep::PointResult;
using sweep::State;
using Clock = std::chrono::steady_clock;

/// Exit codes of a point besides those of the program.
constexpr int kCannotWrite = 4;
constexpr int kNoMemory = 5;

[[noreturn]] void no_memory() {
  constexpr char kWords[] = "no more memory within --memory\n";
  if (write(STDERR_FILENO, kWords, sizeof kWords - 1) < 0) _exit(kNoMemory);
  _exit(kNoMemory);
}

/// In the process of the point. An empty folder: the result is thrown away.
int run_point(const std::string& folder, const sweep::Plan& plan, std::size_t index,
              int progress_fd, ScenarioPort& scenario) {
  std::set_new_handler(&no_memory);
  const auto start = Clock::now();
  return in_simulation([&] {
    sim::ParamList list;
    scenario.declare(list);
    const sweep::Point point = plan.point(index);
    sweep::apply(plan, point, design_of(scenario, list));
    scenario::RunOptions options;
    options.file = text_param(list, "file");
    options.out_dir = folder;
    options.progress = progress_to(progress_fd);
    const outputs::RunSummary summary = scenario.run(options, point.scheme);
    PointResult result;
    result.state = summary.ok ? State::kOk : State::kFailed;
    result.reason = summary.failure;
    result.metrics = sweep::metrics_of(summary, plan.head().record);
    result.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
    try {
      if (!folder.empty()) sweep::write_result(folder, plan, point, result);
    } catch (const sim::Error& e) {
      std::fprintf(stderr, "%s\n", e.what());
      return kCannotWrite;
    }
    return static_cast<int>(summary.ok ? kOk : kCheckFailed);
  });
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

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

/// What its driver knows of a point that left nothing.
PointResult broken_off(const JobResult& job) {
  PointResult result;
  result.state = state_of(job);
  result.wall_s = job.wall_s;
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

struct Selection {
  std::size_t first = 0, last = 0;  ///< both included
};

Selection selection_of(const std::string& text, std::size_t points) {
  Selection s{0, points - 1};
  if (text.empty()) return s;
  const auto dots = text.find("..");
  const auto number = [&](std::size_t from, std::size_t to, std::size_t& out) {
    const char *begin = text.data() + from, *end = text.data() + to;
    const auto parsed = std::from_chars(begin, end, out);
    return parsed.ec == std::errc{} && parsed.ptr == end;
  };
  const bool one = dots == std::string::npos;
  const bool good = number(0, one ? text.size() : dots, s.first) &&
                    (one ? (s.last = s.first, true) : number(dots + 2, text.size(), s.last));
  if (!good || s.first > s.last) {
    sim::user_error("--points " + text + " is no range: write A..B, both included, or one number");
  }
  if (s.last >= points) {
    sim::user_error("--points " + text + ": the plan ends with point " +
                    std::to_string(points - 1));
  }
  return s;
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

/// Points of the selection by state, as they now are.
using Counts = std::vector<std::size_t>;

class LocalEngine {
 public:
  LocalEngine(const SweepRequest& request, const sweep::Plan& plan, ScenarioPort& scenario)
      : request_(request), plan_(plan), scenario_(scenario) {}

  /// Runs what is to be run; the signal that interrupted it, or 0.
  int run(const std::vector<std::size_t>& points);

 private:
  void ended(std::size_t point, const JobResult& job) const;

  const SweepRequest& request_;
  const sweep::Plan& plan_;
  ScenarioPort& scenario_;
};

void LocalEngine::ended(std::size_t point, const JobResult& job) const {
  if (job.exit_code == kCannotWrite) {
    sim::user_error(trimmed(job.last_words) +
                    "; what was computed is kept: go on with vctoe sweep resume " +
                    request_.folder);
  }
  if ((job.exit_code == kOk || job.exit_code == kCheckFailed) &&
      is_final(sweep::read_result(request_.folder, plan_, point, true).state)) {
    return;
  }
  sweep::write_result(request_.folder, plan_, plan_.point(point), broken_off(job));
}

int LocalEngine::run(const std::vector<std::size_t>& points) {
  std::vector<Job> jobs;
  std::vector<std::string> names;
  for (const std::size_t point : points) {
    names.push_back(std::to_string(point));
    jobs.push_back({names.back(), [this, point](int progress_fd) {
                      return run_point(request_.folder, plan_, point, progress_fd, scenario_);
                    }});
  }
  PoolOptions options;
  options.parallel = jobs_of(request_);
  options.time_limit_s = request_.time_limit_s;
  options.memory_limit = memory_of(request_, options.parallel);
  options.on_end = [&](std::size_t i, const JobResult& job) { ended(points[i], job); };
  Progress progress(names);
  if (isatty(STDERR_FILENO) != 0) {
    options.on_progress = [&](const std::vector<double>& f) { progress.update(f); };
  }
  const sweep::DriverMark mark(request_.folder, options.parallel, points.size());
  return run_jobs(jobs, options).interrupted_by;
}

Counts count_states(const std::string& folder, const sweep::Plan& plan, Selection s,
                    std::vector<std::size_t>* open) {
  Counts counts(std::size(sweep::kAllStates), 0);
  for (std::size_t i = s.first; i <= s.last; ++i) {
    const State state = sweep::read_result(folder, plan, i, true).state;
    ++counts[static_cast<std::size_t>(state)];
    if (open != nullptr && !is_final(state)) open->push_back(i);
  }
  return counts;
}

void print_counts(const Counts& counts) {
  std::string line;
  std::size_t sum = 0;
  for (const State s : sweep::kAllStates) {
    const std::size_t n = counts[static_cast<std::size_t>(s)];
    sum += n;
    if (n > 0) line += (line.empty() ? ": " : ", ") + std::to_string(n) + " " + name_of(s);
  }
  std::printf("%zu points%s\n", sum, line.c_str());
}

int exit_code_of(const Counts& counts) {
  const auto any = [&](State s) { return counts[static_cast<std::size_t>(s)] > 0; };
  for (const State s : {State::kBroken, State::kCrashed, State::kTimeout, State::kMemory}) {
    if (any(s)) return kInternal;
  }
  if (any(State::kRefused)) return kUsage;
  return any(State::kFailed) ? kCheckFailed : kOk;
}

}  // namespace

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

std::optional<double> time_point(const sweep::Plan& plan, std::size_t index, double limit_s,
                                 ScenarioPort& scenario) {
  PoolOptions options;
  options.time_limit_s = limit_s;
  const Job job{"estimate", [&](int fd) { return run_point("", plan, index, fd, scenario); }};
  const PoolResult result = run_jobs({job}, options);
  if (result.interrupted_by != 0 || result.jobs[0].exit_code != kOk) return std::nullopt;
  return result.jobs[0].wall_s;
}

int sweep_run(const SweepRequest& request, ScenarioPort& scenario) {
  if (request.engine != "local") {
    sim::user_error("unknown engine \"" + request.engine + "\" (legal: local)");
  }
  const sweep::Plan plan = sweep::Plan::read(request.folder, program_name());
  const Selection selection = selection_of(request.points, plan.size());
  memory_of(request, 1);  // said to be wrong before anything is done
  sweep::prepare_results(request.folder, plan.size());
  sweep::sweep_parts(request.folder);
  std::vector<std::size_t> open;
  count_states(request.folder, plan, selection, &open);
  const int signal = open.empty() ? 0 : LocalEngine(request, plan, scenario).run(open);
  sweep::sweep_parts(request.folder);  // an earlier driver's last points may just have died
  const Counts counts = count_states(request.folder, plan, selection, nullptr);
  print_counts(counts);
  if (signal != 0) {
    std::fprintf(stderr, "interrupted; vctoe sweep resume %s goes on\n", request.folder.c_str());
    return kInterrupted;
  }
  std::printf("%zu of them run now; vctoe sweep collect %s gathers them\n", open.size(),
              request.folder.c_str());
  return exit_code_of(counts);
}

}  // namespace vctoe::cli
