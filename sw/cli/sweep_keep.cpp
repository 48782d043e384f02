// vctoe sweep keep
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/cli/program.h"
#include "sw/cli/sweep_again.h"
#include "sw/cli/sweep_analysis.h"
#include "sw/scenario/outputs_files.h"
#include "sw/sweep/files.h"
#include "sw/sweep/insights.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;
using sweep::PointResult;
using sweep::State;

constexpr std::size_t kMostKept = 8;  ///< of a front

/// The front from one end of the first objective to the other, evenly thinned.
std::vector<std::size_t> front_of(const sweep::Table& table) {
  const auto document = sweep::insights(table);
  auto front = document.at("front").get<std::vector<std::size_t>>();
  if (front.size() <= kMostKept) return front;
  const std::vector<double> along =
      sweep::values_of(table, sweep::objectives_of(table).front().metric);
  std::stable_sort(front.begin(), front.end(),
                   [&](std::size_t a, std::size_t b) { return along[a] < along[b]; });
  std::vector<std::size_t> some;
  for (std::size_t i = 0; i < kMostKept; ++i) {
    some.push_back(front[i * (front.size() - 1) / (kMostKept - 1)]);
  }
  std::sort(some.begin(), some.end());
  return some;
}

std::vector<std::size_t> chosen(const AnalysisRequest& request, const sweep::Table& table) {
  std::vector<std::size_t> points = request.points;
  if (points.empty()) points = front_of(table);
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  for (const std::size_t p : points) {
    if (p >= table.rows.size()) {
      sim::user_error("there is no point " + std::to_string(p) + ": the plan ends with point " +
                      std::to_string(table.rows.size() - 1));
    }
    const State state = table.rows[p].state;
    if (state == State::kOk || state == State::kFailed) continue;
    sim::user_error("point " + std::to_string(p) + " has measured nothing (" + name_of(state) +
                    "): there is nothing to keep; see vctoe sweep status " + request.folder);
  }
  return points;
}

std::string folder_of(const std::string& sweep, std::size_t point) {
  char name[32];
  std::snprintf(name, sizeof name, "/kept/%06zu", point);
  return sweep + name;
}

/// In what the two runs of one point differ; empty when in nothing.
std::string difference(const sweep::Row& stored, const PointResult& now) {
  if (stored.state != now.state) {
    return std::string("it was ") + name_of(stored.state) + " and is " + name_of(now.state) +
           (now.reason.empty() ? "" : ": " + now.reason);
  }
  for (const sweep::Metric& was : stored.metrics) {
    const auto is = std::find_if(now.metrics.begin(), now.metrics.end(),
                                 [&](const auto& m) { return m.def.name == was.def.name; });
    if (is == now.metrics.end()) return was.def.name + " is not measured any more";
    if (is->value == was.value || (std::isnan(is->value) && std::isnan(was.value))) continue;
    char text[128];
    std::snprintf(text, sizeof text, " was %.17g and is %.17g", was.value, is->value);
    return was.def.name + text;
  }
  return "";
}

}  // namespace

int sweep_keep(const AnalysisRequest& request, ScenarioPort& scenario) {
  const SweepFolder sweep(request.folder, scenario);
  const std::vector<std::size_t> indices = chosen(request, sweep.table());
  const Scratch aside(sweep::aside_name(request.folder));
  std::vector<Again> points;
  for (const std::size_t p : indices) {
    points.push_back({p, {}, aside.path() + "/" + std::to_string(p)});
    outputs::prepare_directory(points.back().keep_in);
  }
  outputs::prepare_directory(request.folder + "/kept");
  const auto results = run_again(sweep, points, request, scenario);
  if (!results) return kInterrupted;
  int code = kOk;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string problem = difference(sweep.table().rows[indices[i]], (*results)[i]);
    if (!problem.empty()) {
      std::fprintf(stderr, "point %zu did not come out as in the sweep and is not kept: %s\n",
                   indices[i], problem.c_str());
      code = kCheckFailed;
      continue;
    }
    // What was kept before stays until there is something better.
    const std::string folder = folder_of(request.folder, indices[i]);
    fs::remove_all(folder);
    fs::rename(points[i].keep_in, folder);
    std::printf("point %zu is kept in %s\n", indices[i], folder.c_str());
  }
  return code;
}

}  // namespace vctoe::cli
