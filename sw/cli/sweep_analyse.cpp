// vctoe sweep analyse
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "models/sim/error.h"
#include "sw/cli/program.h"
#include "sw/cli/sweep_again.h"
#include "sw/cli/sweep_analysis.h"
#include "sw/cli/sweep_tables.h"
#include "sw/sweep/files.h"
#include "sw/sweep/insights.h"
#include "sw/sweep/next_unit.h"

namespace vctoe::cli {

namespace {

using Json = nlohmann::ordered_json;
using sweep::UnitChange;

constexpr std::size_t kRegions = 8;      ///< the largest, for which a point is run again
constexpr std::size_t kOfEachLimit = 2;  ///< remedies that are tried

/// A run with one more unit of something.
struct Trial {
  std::string limit;
  std::vector<UnitChange> changes;
};

/// The remedies for this point that make a design that can be built, at most kOfEachLimit.
std::vector<Trial> trials_of(const SweepFolder& sweep, std::size_t point, const std::string& limit,
                             const std::vector<sweep::Factor>& factors, ScenarioPort& scenario) {
  std::vector<Trial> trials;
  for (const sweep::Remedy& remedy : sweep::remedies()) {
    if (limit != remedy.limit || trials.size() == kOfEachLimit) continue;
    sweep::apply(sweep.plan(), sweep.plan().point(point), sweep.design());
    const auto changes = sweep::next_unit(remedy, sweep.design(), factors);
    for (const UnitChange& c : changes) sweep::set_plain(*sweep.design().find(c.parameter), c.to);
    std::vector<std::string> problems;
    scenario.check(problems);
    if (!changes.empty() && problems.empty()) trials.push_back({limit, changes});
  }
  return trials;
}

std::string joined(const std::vector<UnitChange>& changes, std::string UnitChange::*what) {
  std::string text;
  for (const UnitChange& c : changes) text += (text.empty() ? "" : ", ") + c.*what;
  return text;
}

double value_of(const std::vector<sweep::Metric>& metrics, const std::string& name) {
  for (const sweep::Metric& m : metrics) {
    if (m.def.name == name) return m.value;
  }
  return outputs::kNotMeasured;
}

/// The elapsed time, which the limits divide, and the objectives.
std::vector<std::string> watched(const sweep::Table& table) {
  std::vector<std::string> names{"completion"};
  for (const sweep::Objective& o : sweep::objectives_of(table)) {
    if (o.metric != names.front()) names.push_back(o.metric);
  }
  return names;
}

/// Runs a point of each region with one more unit of what limits it. False after Ctrl-C.
bool run_one_more(const SweepFolder& sweep, const AnalysisRequest& request,
                  ScenarioPort& scenario) {
  const auto limits = sweep::limits_of(sweep.table());
  const auto factors = sweep::factors_of(sweep.table());
  auto regions = sweep::regions_of(limits, factors);
  if (regions.empty()) {
    sim::user_error("no point says what its time went to (metrics time.*): nothing to add to");
  }
  regions.resize(std::min(regions.size(), kRegions));
  std::vector<Again> points;
  std::vector<Trial> trials;
  for (const sweep::Region& region : regions) {
    const std::size_t point = representative(sweep.table(), limits, region);
    for (Trial& trial : trials_of(sweep, point, region.limit, factors, scenario)) {
      Again again{point, {}, ""};
      for (const UnitChange& c : trial.changes) again.changes.emplace_back(c.parameter, c.to);
      points.push_back(std::move(again));
      trials.push_back(std::move(trial));
    }
  }
  const auto results = run_again(sweep, points, request, scenario);
  if (!results) return false;
  Json list = Json::array();
  for (std::size_t i = 0; i < points.size(); ++i) {
    const sweep::PointResult& result = (*results)[i];
    const bool ok = result.state == sweep::State::kOk;
    if (!ok) {
      std::fprintf(stderr, "point %zu with %s = %s: %s: %s\n", points[i].point,
                   joined(trials[i].changes, &UnitChange::parameter).c_str(),
                   joined(trials[i].changes, &UnitChange::to).c_str(), name_of(result.state),
                   result.reason.c_str());
    }
    for (const std::string& metric : watched(sweep.table())) {
      const double after = ok ? value_of(result.metrics, metric) : outputs::kNotMeasured;
      list.push_back({{"point", points[i].point},
                      {"limit", trials[i].limit},
                      {"parameter", joined(trials[i].changes, &UnitChange::parameter)},
                      {"from", joined(trials[i].changes, &UnitChange::from)},
                      {"to", joined(trials[i].changes, &UnitChange::to)},
                      {"metric", metric},
                      {"before", value_of(sweep.table().rows[points[i].point].metrics, metric)},
                      {"after", after}});
    }
  }
  sweep::write_one_more(sweep.path(), list);
  return true;
}

}  // namespace

int sweep_analyse(const AnalysisRequest& request, ScenarioPort& scenario) {
  const SweepFolder sweep(request.folder, scenario);
  sweep::InsightOptions options;
  options.metric = request.metric;
  sweep::insights(sweep.table(), options);  // says what is wrong before anything is run
  if (request.one_more && !run_one_more(sweep, request, scenario)) return kInterrupted;
  options.next_unit = sweep::read_one_more(request.folder);
  const Json document = sweep::insights(sweep.table(), options);
  const std::string text = document.dump(1) + "\n";
  const bool written = request.metric.empty();
  if (written) sweep::write_synced(request.folder + "/analysis.json", text);
  if (request.json) {
    std::fputs(text.c_str(), stdout);
    return kOk;
  }
  std::fputs(insight_tables(sweep.table(), document).c_str(), stdout);
  if (written) std::printf("\nwritten: %s/analysis.json\n", request.folder.c_str());
  return kOk;
}

}  // namespace vctoe::cli
