#include "sw/cli/sweep_again.h"

#include <unistd.h>

#include <filesystem>
#include <memory>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/process.h"
#include "sw/cli/program.h"
#include "sw/cli/progress.h"
#include "sw/cli/setup.h"
#include "sw/cli/sweep.h"
#include "sw/cli/sweep_point.h"
#include "sw/scenario/outputs_files.h"
#include "sw/scenario/outputs_series.h"
#include "sw/sweep/files.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;
using sweep::PointResult;
using sweep::State;

/// A folder in which a result can be written, for each.
std::string folder_for(const Scratch& scratch, std::size_t i, std::size_t point) {
  std::string folder = scratch.path() + "/" + std::to_string(i);
  outputs::prepare_directory(fs::path(sweep::result_path(folder, point)).parent_path().string());
  outputs::prepare_directory(folder + "/parts");
  return folder;
}

/// In the process of the point. Leaves its result in `folder`.
int run_point_again(const sweep::Plan& plan, const Again& again, const std::string& folder,
                    int progress_fd, ScenarioPort& scenario) {
  return in_simulation([&] {
    sim::ParamList list;
    scenario.declare(list);
    const sweep::Design design = design_of(scenario, list);
    const sweep::Point point = plan.point(again.point);
    sweep::apply(plan, point, design);
    for (const auto& [path, text] : again.changes) sweep::set_plain(*design.find(path), text);
    scenario::RunOptions options;
    options.file = text_param(list, "file");
    options.out_dir = again.keep_in;
    options.timeline = !again.keep_in.empty();
    options.progress = progress_to(progress_fd);
    std::unique_ptr<outputs::SeriesWriter> series;
    if (options.timeline) {
      options.observe = [&](sim::Context& context) {
        series = std::make_unique<outputs::SeriesWriter>(context.trace);
      };
    }
    const outputs::RunSummary summary = scenario.run(options, point.scheme);
    PointResult result;
    result.state = summary.ok ? State::kOk : State::kFailed;
    result.reason = summary.failure;
    result.metrics = sweep::metrics_of(summary, plan.head().record);
    if (series) {
      outputs::write_file(again.keep_in + "/series.json",
                          series->document(point.index, point.scheme));
    }
    sweep::write_result(folder, plan, point, result);
    return static_cast<int>(kOk);
  });
}

/// What it left, or why it left nothing.
PointResult result_of(const sweep::Plan& plan, const Again& again, const std::string& folder,
                      const JobResult& job) {
  PointResult result = sweep::read_result(folder, plan, again.point, false);
  if (job.exit_code == kOk && result.state != State::kMissing) return result;
  result = broken_off(job);
  if (!result.last_words.empty()) result.reason += "; its last words: " + result.last_words;
  return result;
}

}  // namespace

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::optional<std::vector<PointResult>> run_again(const SweepFolder& sweep,
                                                  const std::vector<Again>& points,
                                                  const AnalysisRequest& request,
                                                  ScenarioPort& scenario) {
  if (points.empty()) return std::vector<PointResult>{};
  outputs::prepare_directory(sweep.path() + "/parts");
  sweep::sweep_parts(sweep.path());
  const Scratch scratch(sweep::aside_name(sweep.path()));
  std::vector<Job> jobs;
  std::vector<std::string> folders, names;
  for (std::size_t i = 0; i < points.size(); ++i) {
    folders.push_back(folder_for(scratch, i, points[i].point));
    names.push_back(std::to_string(points[i].point));
    jobs.push_back({names.back(), [&, i](int progress_fd) {
                      return run_point_again(sweep.plan(), points[i], folders[i], progress_fd,
                                             scenario);
                    }});
  }
  PoolOptions options;
  SweepRequest parallel;
  parallel.jobs = request.jobs;
  options.parallel = jobs_of(parallel);
  options.time_limit_s = request.time_limit_s;
  Progress progress(names);
  if (isatty(STDERR_FILENO) != 0) {
    options.on_progress = [&](const std::vector<double>& f) { progress.update(f); };
  }
  const PoolResult pool = run_jobs(jobs, options);
  if (pool.interrupted_by != 0) return std::nullopt;
  std::vector<PointResult> results;
  for (std::size_t i = 0; i < points.size(); ++i) {
    results.push_back(result_of(sweep.plan(), points[i], folders[i], pool.jobs[i]));
  }
  return results;
}

}  // namespace vctoe::cli
