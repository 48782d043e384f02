// The commands of `vctoe sweep` that look at results. All throw sim::Error on failure; the returned
// number is the exit code of what went through. docs/analysis.md.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sw/cli/scenario_port.h"
#include "sw/sweep/design.h"
#include "sw/sweep/plan.h"
#include "sw/sweep/table.h"

namespace CLI {  // NOLINT(readability-identifier-naming): not ours
class App;
}

namespace vctoe::cli {

struct AnalysisRequest {
  std::string folder;               ///< of the sweep
  std::string other;                ///< of the one that it is compared with
  std::string metric;               ///< empty: the objectives; of compare: all
  bool json = false;                ///< print the document instead of tables
  bool one_more = false;            ///< run points with one more unit of what limits them
  double tolerance = 0;             ///< share of a metric below which a difference is none
  std::vector<std::size_t> points;  ///< to keep; empty: the front
  unsigned jobs = 0;                ///< at the same time; 0: as many as there are cores
  double time_limit_s = 3600;       ///< real time of a point
};

/// Tables, and analysis.json.
int sweep_analyse(const AnalysisRequest& request, ScenarioPort& scenario);
/// 0 when nothing differs, 1 when something does.
int sweep_compare(const AnalysisRequest& request, ScenarioPort& scenario);
/// Runs points again with timeline and series, into DIR/kept.
int sweep_keep(const AnalysisRequest& request, ScenarioPort& scenario);

/// Declares them below `sweep`; the one that is chosen is put into `action`.
void add_analysis(CLI::App& sweep, AnalysisRequest& request, std::function<int()>& action,
                  ScenarioPort& scenario);

/// A sweep with its results, and the parameters that its points are made of.
class SweepFolder {
 public:
  /// Throws sim::Error(kUser) when there is no plan, or one of another program.
  SweepFolder(const std::string& path, ScenarioPort& scenario);
  SweepFolder(const SweepFolder&) = delete;
  SweepFolder& operator=(const SweepFolder&) = delete;

  const std::string& path() const { return path_; }
  const sweep::Plan& plan() const { return plan_; }
  const sweep::Design& design() const { return design_; }
  const sweep::Table& table() const { return table_; }

 private:
  static const sim::ParamList& declared(sim::ParamList& list, ScenarioPort& scenario);

  std::string path_;
  sim::ParamList list_;
  sweep::Design design_;
  sweep::Plan plan_;
  sweep::Table table_;
};

}  // namespace vctoe::cli
