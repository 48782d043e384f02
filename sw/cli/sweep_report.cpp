// vctoe sweep status, collect; and what the command line offers.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <set>

#include "models/sim/error.h"
#include "sw/cli/program.h"
#include "sw/cli/sweep.h"
#include "sw/cli/sweep_task.h"
#include "sw/sweep/collect.h"
#include "sw/sweep/drivers.h"
#include "sw/sweep/files.h"

namespace vctoe::cli {

namespace {

using sweep::State;

constexpr std::size_t kShown = 10;

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

void print_drivers(const std::string& folder, std::size_t open, double mean_s) {
  unsigned jobs = 0;
  for (const sweep::Driver& d : sweep::drivers(folder)) {
    jobs += d.jobs;
    std::printf("running: %s, %u jobs%s\n", d.name.c_str(), d.jobs,
                d.here ? "" : " (on another machine, or gone without a word)");
  }
  if (jobs > 0 && mean_s > 0) {
    std::printf("about %.0f s left\n", mean_s * static_cast<double>(open) / jobs);
  }
}

void add_run_options(CLI::App& run, SweepRequest& r) {
  run.add_option("--jobs", r.jobs,
                 "points at the same time (default: number of cores; in a task of an array: 1)");
  run.add_option("--time-limit", r.time_limit_s,
                 "seconds of real time for a point (default: 3600)");
  run.add_option("--memory", r.memory,
                 "of a point, as \"2 GiB\" (default: the machine's divided by the jobs)");
  run.add_flag("--other-build", r.other_build,
               "go on although another build of the program made the plan");
}

void add_engine_options(CLI::App& run, SweepRequest& r) {
  run.add_option(
      "--engine", r.engine,
      "local: a process a point on this machine; slurm: a job array; script: a template");
  const auto option = [&](const char* name, auto& to, const char* what) {
    return run.add_option(name, to, what)->group("Batch systems");
  };
  run.add_flag("--dry-run", r.dry_run, "print the script that would be submitted")
      ->group("Batch systems");
  option("--chunk", r.chunk, "points a task (default: as many as take a minute)");
  option("--max-tasks", r.max_tasks, "slurm: tasks at the same time (default: no limit)");
  option("--slurm-args", r.slurm_args, "slurm: for sbatch as they are; may be repeated")
      ->allow_extra_args(false);
  option("--poll", r.poll_s, "slurm: seconds between two looks at the queue (default: 5)")
      ->check(CLI::Range(2.0, 3600.0));
  option("--template", r.template_file, "script: file with {command} {first} {last} {index_env}");
  option("--submit", r.submit, "script: command that gets the filled template, as \"bsub <\"");
}

/// Builds of the program that ran the points.
std::set<std::string> builds(const std::string& folder, const sweep::Plan& plan) {
  std::set<std::string> all;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const sweep::PointResult r = sweep::read_result(folder, plan, i, true);
    if (r.state != State::kMissing) all.insert(r.build);
  }
  return all;
}

}  // namespace

int sweep_status(const SweepRequest& request, ScenarioPort& /*scenario*/) {
  const sweep::Plan plan = sweep::Plan::read(request.folder, program_name());
  if (!plan.head().title.empty()) std::printf("%s\n", plan.head().title.c_str());
  std::vector<std::size_t> counts(std::size(sweep::kAllStates), 0);
  std::string troubles;
  std::size_t shown = 0, open = 0, timed = 0;
  double wall = 0;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const sweep::PointResult r = sweep::read_result(request.folder, plan, i, true);
    ++counts[static_cast<std::size_t>(r.state)];
    if (!is_final(r.state)) ++open;
    if (r.state == State::kMissing) continue;
    wall += r.wall_s;
    ++timed;
    if (r.state == State::kOk || shown++ >= kShown) continue;
    troubles +=
        "point " + std::to_string(i) + ": " + name_of(r.state) + ": " + first_line(r.reason) + "\n";
    if (!r.last_words.empty()) troubles += "  its last words: " + first_line(r.last_words) + "\n";
  }
  std::printf("%-9s %zu\n", "points", plan.size());
  for (const State s : sweep::kAllStates) {
    const std::size_t n = counts[static_cast<std::size_t>(s)];
    if (n > 0) std::printf("%-9s %zu\n", name_of(s), n);
  }
  print_drivers(request.folder, open, timed == 0 ? 0 : wall / static_cast<double>(timed));
  std::fputs(troubles.c_str(), stdout);
  if (shown > kShown) std::printf("and %zu more\n", shown - kShown);
  return kOk;
}

int sweep_collect(const SweepRequest& request, ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  const sweep::Plan plan = sweep::Plan::read(request.folder, program_name());
  sweep::prepare_results(request.folder, plan.size());
  const sweep::Table table = sweep::gather(request.folder, plan, design_of(scenario, list));
  const std::string& out = request.folder;
  sweep::write_synced(out + "/results.csv", results_csv(table));
  sweep::write_synced(out + "/columns.csv", columns_csv(table));
  write_database(table, out);
  std::size_t ok = 0, missing = 0;
  for (const sweep::Row& row : table.rows) {
    ok += row.state == State::kOk ? 1 : 0;
    missing += row.state == State::kMissing ? 1 : 0;
  }
  std::printf("%zu points, %zu ok\nwritten: %s/results.csv, columns.csv, results.sqlite\n",
              table.rows.size(), ok, out.c_str());
  std::fflush(stdout);
  const std::size_t programs = builds(out, plan).size();
  if (programs > 1) {
    std::fprintf(stderr, "warning: %zu builds of the program ran these points\n", programs);
  }
  if (missing > 0) {
    std::fprintf(stderr, "%zu points have not run: vctoe sweep resume %s\n", missing, out.c_str());
  }
  return kOk;
}

void add_sweep(CLI::App& app, SweepRequest& r, std::function<int()>& action,
               ScenarioPort& scenario) {
  CLI::App* sweep = app.add_subcommand("sweep", "run many points of a design space");
  sweep->require_subcommand(1);
  const auto command = [&, sweep](const char* name, const char* what,
                                  int (*does)(const SweepRequest&, ScenarioPort&)) {
    CLI::App* sub = sweep->add_subcommand(name, what);
    sub->callback([&r, &action, &scenario, does] {
      action = [&r, &scenario, does] { return does(r, scenario); };
    });
    return sub;
  };
  const auto folder = [&](CLI::App* sub) {
    sub->add_option("DIR", r.folder, "folder of the plan")->required();
  };
  CLI::App* plan = command("plan", "make the points of a sweep file", &sweep_plan);
  plan->add_option("FILE", r.file, "TOML file, or a name in traces/sweeps/")->required();
  plan->add_option("--out", r.folder, "folder for the plan and its results");
  plan->add_option("--subset", r.subset, "a reduced sweep that the file names");
  plan->add_flag("--check", r.check, "report what is wrong and how many points, write nothing");
  plan->add_flag("--no-estimate", r.no_estimate, "do not run two points to see how long they take");
  plan->add_flag("--yes", r.yes, "more than a million points are meant");
  plan->add_option("--jobs", r.jobs, "for the estimate: points at the same time");
  for (const char* name : {"run", "resume"}) {
    CLI::App* run = command(name, "run the points without a valid result", &sweep_run);
    folder(run);
    run->add_option("--points", r.points, "A..B,C: only these, both ends included");
    add_run_options(*run, r);
    add_engine_options(*run, r);
  }
  CLI::App* task = command("run-task", "what a task of a job array does", &sweep_run_task);
  folder(task);
  task->add_option("--job", r.job, "its folder in DIR/jobs")->required();
  task->add_option("--task", r.task, "its number, from 1 (or the variable VCTOE_TASK)")
      ->envname(kTaskVariable)
      ->required();
  add_run_options(*task, r);
  folder(command("status", "how far it is, and what broke off", &sweep_status));
  folder(command("collect", "write results.csv, columns.csv and results.sqlite", &sweep_collect));
  add_analysis(*sweep, r.analysis, action, scenario);
  sweep->footer(
      "Examples:\n"
      "  vctoe sweep plan headline --out headline     the points, and how long they take\n"
      "  vctoe sweep run headline                     Ctrl-C stops it, run goes on\n"
      "  vctoe sweep run headline --engine slurm --dry-run      the script for sbatch\n"
      "  vctoe sweep status headline                  while it runs, from another terminal\n"
      "  vctoe sweep collect headline                 one table of it\n"
      "  vctoe sweep analyse headline                 what it says: front, effects, limits");
}

}  // namespace vctoe::cli
