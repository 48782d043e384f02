// What the commands that look at results have in common, and what the command line offers of them.
#include "sw/cli/sweep_analysis.h"

#include <CLI/CLI.hpp>

#include "sw/cli/sweep.h"

namespace vctoe::cli {

const sim::ParamList& SweepFolder::declared(sim::ParamList& list, ScenarioPort& scenario) {
  scenario.declare(list);
  return list;
}

SweepFolder::SweepFolder(const std::string& path, ScenarioPort& scenario)
    : path_(path),
      design_(design_of(scenario, declared(list_, scenario))),
      plan_(sweep::Plan::read(path, program_name())),
      table_(gather(path, plan_, design_)) {}

void add_analysis(CLI::App& sweep, AnalysisRequest& r, std::function<int()>& action,
                  ScenarioPort& scenario) {
  const auto command = [&](const char* name, const char* what,
                           int (*does)(const AnalysisRequest&, ScenarioPort&)) {
    CLI::App* sub = sweep.add_subcommand(name, what);
    sub->callback([&r, &action, &scenario, does] {
      action = [&r, &scenario, does] { return does(r, scenario); };
    });
    return sub;
  };
  const auto running = [&](CLI::App* sub) {
    sub->add_option("--jobs", r.jobs, "points at the same time (default: number of cores)");
    sub->add_option("--time-limit", r.time_limit_s,
                    "seconds of real time for a point (default: 3600)");
  };
  CLI::App* analyse =
      command("analyse", "front, effects, interactions, limits; analysis.json", &sweep_analyse);
  analyse->add_option("DIR", r.folder, "folder of the sweep")->required();
  analyse->add_option("--metric", r.metric,
                      "of this one instead of the objectives; writes nothing");
  analyse->add_flag("--json", r.json, "print the document instead of tables");
  analyse->add_flag("--one-more", r.one_more,
                    "run a few points again with one more unit of what limits them");
  running(analyse);
  CLI::App* compare = command("compare", "what differs between two sweeps", &sweep_compare);
  compare->add_option("A", r.folder, "folder of a sweep")->required();
  compare->add_option("B", r.other, "folder of another")->required();
  compare->add_option("--metric", r.metric, "only this one (default: all)");
  compare
      ->add_option("--tolerance", r.tolerance,
                   "share of a value below which a difference is none (default: 0)")
      ->check(CLI::Range(0.0, 1.0));
  compare->add_flag("--json", r.json, "print the document instead of tables");
  compare->footer("Exit code 0: nothing differs; 1: something does.");
  CLI::App* keep = command("keep", "run points again with timeline and series", &sweep_keep);
  keep->add_option("DIR", r.folder, "folder of the sweep")->required();
  keep->add_option("INDEX", r.points, "points (default: the front, at most 8 of it)");
  running(keep);
}

}  // namespace vctoe::cli
