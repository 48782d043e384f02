// vctoe sweep plan
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <numeric>

#include "models/sim/error.h"
#include "sw/cli/build_id.h"
#include "sw/cli/program.h"
#include "sw/cli/setup.h"
#include "sw/cli/sweep.h"
#include "sw/cli/sweep_point.h"
#include "sw/cli/sweep_task.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_report.h"
#include "sw/scenario/outputs_files.h"
#include "sw/sweep/expand.h"
#include "sw/sweep/sweep_file.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;
using sweep::Settings;

constexpr std::uint64_t kMany = 1'000'000;
constexpr std::size_t kShown = 10;  ///< problems, and points of each

std::string sweep_path(const std::string& name) {
  std::error_code ignored;
  const fs::path known = fs::path(VCTOE_SOURCE_DIR) / "traces" / "sweeps" / (name + ".toml");
  const bool bare = name.find('/') == std::string::npos;
  // A folder of that name is the sweep's own, planned before.
  const bool here = fs::exists(name, ignored) && !fs::is_directory(name, ignored);
  return bare && !here && fs::exists(known, ignored) ? known.string() : name;
}

/// Configures one point after the other and writes each as a line.
class Planner {
 public:
  Planner(const SweepRequest& request, ScenarioPort& scenario)
      : request_(request), scenario_(scenario), design_(declared()), defaults_(design_.save()) {}

  /// The text of the plan; throws with all problems of all points.
  std::string plan();
  std::size_t points() const { return head_.points; }

 private:
  sweep::Design declared() {
    scenario_.declare(list_);
    return design_of(scenario_, list_);
  }
  void load(const Settings& settings, std::vector<std::string>* problems);
  void add_schemes();
  void fill_head();
  void add_point(Settings settings);
  std::string text(const std::string& path) const { return sweep::plain_text(*design_.find(path)); }
  std::string base_text(const std::string& path) const;
  void note(const std::string& problem);
  void report_problems() const;

  const SweepRequest& request_;
  ScenarioPort& scenario_;
  sim::ParamList list_;
  sweep::Design design_;
  std::vector<std::string> defaults_, base_;
  sweep::Study study_;
  sweep::PlanHead head_;
  std::string lines_;
  std::vector<std::string> order_;  ///< of the problems
  std::map<std::string, std::vector<std::size_t>> problems_;
};

/// Defaults, base, settings. With `problems`, pairs of parameters are checked, too.
void Planner::load(const Settings& settings, std::vector<std::string>* problems) {
  design_.restore(defaults_);
  config::Loader loader(list_, config::wants_colour(STDERR_FILENO));
  for (config::Preset& preset : scenario_.presets()) loader.add_preset(std::move(preset));
  if (!study_.base.empty()) loader.load_file(study_.base);
  for (const auto& [path, value] : settings) loader.set("--set " + path, path, value);
  loader.add_validator([&](std::vector<std::string>& report) {
    settle_file(loader, list_, report);
    if (problems != nullptr) scenario_.check(*problems);
  });
  loader.finish();
}

std::string Planner::base_text(const std::string& path) const {
  for (std::size_t i = 0; i < base_.size(); ++i) {
    if (list_.fields()[i].path == path) return base_[i];
  }
  return "";
}

/// Without an axis of schemes every scheme of the base is one value of the slowest axis.
void Planner::add_schemes() {
  for (const sweep::Axis& axis : study_.axes) {
    if (std::find(axis.paths.begin(), axis.paths.end(), "schemes") != axis.paths.end()) return;
  }
  sweep::Axis axis{{"schemes"}, {}, std::nullopt};
  for (const std::string& name : split_names(base_text("schemes"))) {
    std::string full;
    if (const auto error = design_.canonical(*design_.find("schemes"), name, full)) {
      sim::user_error("schemes of the base: " + error->message + "; " + error->hint);
    }
    axis.entries.push_back({full});
  }
  if (axis.entries.empty()) sim::user_error("schemes of the base names no scheme");
  study_.axes.insert(study_.axes.begin(), std::move(axis));
}

void Planner::fill_head() {
  head_.program = program_name();
  head_.build = build_id();
  head_.title = study_.title;
  head_.question = study_.question;
  head_.objectives = study_.objectives;
  head_.record = study_.record;
  for (const sweep::Axis& axis : study_.axes) {
    for (const std::string& path : axis.paths) {
      if (path != "schemes" && path != "seed") head_.axes.push_back(path);
    }
  }
  for (std::size_t i = 0; i < base_.size(); ++i) {
    head_.base.emplace_back(list_.fields()[i].path, base_[i]);
  }
}

void Planner::note(const std::string& problem) {
  auto [it, fresh] = problems_.try_emplace(problem);
  if (fresh) order_.push_back(problem);
  if (it->second.empty() || it->second.back() != head_.points) it->second.push_back(head_.points);
}

void Planner::add_point(Settings settings) {
  std::vector<std::string> problems;
  load(settings, &problems);
  for (const std::string& p : problems) note(p);
  sweep::Point point;
  point.index = head_.points;
  point.scheme = text("schemes");
  point.seed = text("seed");
  point.hash = sweep::configuration_hash(list_);
  for (std::size_t i = 0; i < base_.size(); ++i) {
    const sim::ParamField& field = list_.fields()[i];
    if (field.path == "schemes" || field.path == "seed") continue;
    const std::string now = sweep::plain_text(field);
    const bool set = std::any_of(settings.begin(), settings.end(),
                                 [&](const auto& s) { return s.first == field.path; });
    const bool axis =
        std::find(head_.axes.begin(), head_.axes.end(), field.path) != head_.axes.end();
    if (now != base_[i] || (set && axis)) point.set.emplace_back(field.path, now);
  }
  lines_ += point_line(point);
  ++head_.points;
}

void Planner::report_problems() const {
  if (problems_.empty()) return;
  std::string report;
  std::size_t shown = 0;
  for (const std::string& problem : order_) {
    if (shown++ == kShown) break;
    const auto& points = problems_.at(problem);
    std::string which;
    for (std::size_t i = 0; i < points.size() && i < kShown; ++i) {
      which += (i == 0 ? "" : ", ") + std::to_string(points[i]);
    }
    if (points.size() > kShown) which += ", ... (" + std::to_string(points.size()) + " points)";
    report += points.size() == 1 ? "point " : "points ";
    report += which + ": error: ";
    report += problem + "\n";
  }
  if (order_.size() > kShown) {
    report += "and " + std::to_string(order_.size() - kShown) + " other problems\n";
  }
  sim::user_error(report + std::to_string(head_.points) +
                  " points, some of which cannot be built; nothing was written");
}

std::string Planner::plan() {
  study_ = sweep::read_study(sweep_path(request_.file), request_.subset, design_,
                             config::wants_colour(STDERR_FILENO));
  load(study_.settings, nullptr);
  base_ = design_.save();
  add_schemes();
  const std::uint64_t most = sweep::most_points(study_);
  if (most > kMany && !request_.yes) {
    sim::user_error("the sweep has up to " + std::to_string(most) +
                    " points: with --yes more than a million are planned");
  }
  fill_head();
  const std::uint64_t seed = std::stoull(base_text("seed"));
  const bool repeats = study_.repeats > 1;
  sweep::expand(
      study_, design_, [&](const std::string& path) { return base_text(path); },
      [&](const Settings& settings) {
        for (std::uint64_t i = 0; i < study_.repeats; ++i) {
          Settings all = settings;
          if (repeats) all.emplace_back("seed", std::to_string(seed + i));
          add_point(std::move(all));
        }
      });
  report_problems();
  return head_line(head_) + lines_;
}

std::string duration(double seconds) {
  char text[64];
  if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.0f s", std::max(1.0, seconds));
  } else if (seconds < 7200) {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  } else {
    std::snprintf(text, sizeof text, "%.1f h", seconds / 3600);
  }
  return text;
}

void print_estimate(const SweepRequest& request, const sweep::Plan& plan, ScenarioPort& scenario) {
  std::vector<std::size_t> all(plan.size());
  std::iota(all.begin(), all.end(), 0);
  std::size_t trouble = 0;
  const auto mean = time_sample(plan, all, scenario, trouble);
  if (!mean) {
    std::printf("no estimate: point %zu does not end well within a minute\n", trouble);
    return;
  }
  write_estimate(request.folder, *mean);
  const unsigned jobs = jobs_of(request);
  std::printf("about %s with %u jobs (a point takes %.2f s)\n",
              duration(*mean * static_cast<double>(plan.size()) / jobs).c_str(), jobs, *mean);
}

}  // namespace

int sweep_plan(const SweepRequest& request, ScenarioPort& scenario) {
  if (request.folder.empty() && !request.check) {
    sim::user_error("where to? give --out DIR, or --check to write nothing");
  }
  Planner planner(request, scenario);
  const std::string text = planner.plan();
  if (request.check) {
    std::printf("%zu points\n", planner.points());
    return kOk;
  }
  outputs::prepare_directory(request.folder);
  const bool fresh = sweep::write_plan(request.folder, text);
  std::printf("%zu points %s %s/plan.jsonl\n", planner.points(), fresh ? "in" : "were already in",
              request.folder.c_str());
  std::fflush(stdout);
  if (!request.no_estimate) {
    print_estimate(request, sweep::Plan::read(request.folder, program_name()), scenario);
  }
  return kOk;
}

}  // namespace vctoe::cli
