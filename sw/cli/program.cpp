#include "sw/cli/program.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/sweep.h"
#include "sw/scenario/config_names.h"

namespace vctoe::cli {

namespace {

/// What the command line said; `action` is the command that was chosen.
struct Choice {
  RunRequest run;
  std::string prefix;
  bool json = false, markdown = false;
  std::string check_file;
  std::vector<std::string> check_sets;
  std::string out;
  ExplainRequest explain;
  SweepRequest sweep;
  ReportRequest report;
  std::function<int()> action;
};

void add_waves(CLI::App& run, WaveRequest& w) {
  CLI::Option* vcd = run.add_flag("--vcd", w.on, "write waves.vcd with a save file for GTKWave");
  const auto text = [&](const char* name, std::optional<std::string>& to, const char* what) {
    run.add_option(name, to, what)->needs(vcd)->group("Waves");
  };
  text("--vcd-from", w.from, "simulated time at which the dump begins, as \"20 ms\"");
  text("--vcd-to", w.to, "simulated time at which it ends");
  text("--vcd-length", w.length, "how long it is at most, from its begin or from the trigger");
  text("--vcd-trigger", w.trigger, "it begins with the first event of this kind (docs/sim.md)");
  text("--vcd-before", w.before, "so long before the trigger");
  text("--vcd-limit", w.limit, "bytes at which it ends (default: 1 GiB)");
  run.add_option("--vcd-scope", w.scopes, "only signals of these scopes, as sender.nic,*.cwnd")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->needs(vcd)
      ->group("Waves");
  run.add_option("--vcd-connections", w.connections, "whose TCP state, as 0-3,7 (default: 0)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->needs(vcd)
      ->group("Waves");
}

void add_run(CLI::App& app, Choice& c, ScenarioPort& port) {
  CLI::App* run = app.add_subcommand("run", "simulate a scenario, one scheme after another");
  RunRequest& r = c.run;
  run->add_option("scenario", r.scenario, "TOML file, or a name in traces/ (default: default)");
  run->add_option("--file", r.file, "file to send instead of the scenario's");
  run->add_option("--set", r.sets, "path=value: change one parameter; may be repeated")
      ->allow_extra_args(false);
  run->add_option("--seed", r.seed, "seed of all random streams");
  run->add_option("--scheme", r.schemes, "names, separated by commas, instead of the scenario's")
      ->delimiter(',')
      ->allow_extra_args(false);
  run->add_option("--out", r.out_dir, "output directory (default: out/<scenario>)");
  run->add_flag("--json", r.json, "print stats.json instead of the table");
  run->add_flag("--pcap", r.pcap, "write pcapng files of both MACs");
  run->add_option("--snaplen", r.snaplen, "bytes kept of each captured frame (default: all)");
  run->add_flag("--trace", r.trace, "write the event trace, a line for each event");
  run->add_flag("--timeline", r.timeline, "write timeline.json, for ui.perfetto.dev");
  run->add_option("--record-walker", r.record_walker,
                  "file for all that passes at the pins of the sender's RTL walker");
  add_waves(*run, r.waves);
  run->add_option("--jobs", r.jobs, "schemes at the same time (default: number of cores)");
  run->add_option("--time-limit", r.time_limit_s,
                  "seconds of real time for a scheme (default: 3600)");
  run->footer(
      "Examples:\n"
      "  vctoe run                                   the default scenario, every scheme\n"
      "  vctoe run --file photo.jpg --scheme fig3    a file of yours through one scheme\n"
      "  vctoe run my.toml --set pcie.lanes=4        one parameter changed\n"
      "  vctoe run --pcap --snaplen 96 --out /tmp/x  captures for tshark or Wireshark\n"
      "  vctoe run --scheme fig8 --vcd --vcd-trigger tx_retransmit --vcd-length '1 ms'\n"
      "                                              waves of the first loss, for GTKWave\n"
      "  vctoe run out/default/config.toml           an earlier run again");
  run->callback([&] { c.action = [&] { return cli::run(c.run, port); }; });
}

void add_params(CLI::App& app, Choice& c, ScenarioPort& port) {
  CLI::App* params = app.add_subcommand("params", "list every parameter with default and range");
  params->add_option("prefix", c.prefix, "only this parameter or group");
  auto* json = params->add_flag("--json", c.json, "as JSON");
  params->add_flag("--markdown", c.markdown, "as a page of tables")->excludes(json);
  params->footer("Examples:\n  vctoe params pcie\n  vctoe params --markdown > docs/parameters.md");
  params->callback([&] {
    c.action = [&] {
      const auto format = c.json       ? ParamsFormat::kJson
                          : c.markdown ? ParamsFormat::kMarkdown
                                       : ParamsFormat::kText;
      return cli::params(c.prefix, format, port);
    };
  });
}

void add_config(CLI::App& app, Choice& c, ScenarioPort& port) {
  CLI::App* config = app.add_subcommand("config", "work on configuration files");
  config->require_subcommand(1);
  CLI::App* check = config->add_subcommand("check", "report everything that is wrong with a file");
  check->add_option("file", c.check_file, "TOML file")->required();
  check->add_option("--set", c.check_sets, "path=value, as for run")->allow_extra_args(false);
  config->footer("Examples:\n  vctoe config check my.toml");
  check->callback(
      [&] { c.action = [&] { return config_check(c.check_file, c.check_sets, port); }; });
}

void add_explain(CLI::App& app, Choice& c) {
  CLI::App* explain =
      app.add_subcommand("explain", "tell what a block, packet, request or post went through");
  ExplainRequest& r = c.explain;
  explain->add_option("--run", r.run, "folder of a run that had --trace")->required();
  explain->add_option("ID", r.id, "transaction, or seq=N: the segment with this sequence number")
      ->required();
  explain->add_option("--scheme", r.scheme, "which, if the folder has several");
  explain->add_option("--connection", r.connection, "whose sequence number it is");
  explain->footer(
      "Transactions are the numbers called txn in traces, waves, timelines and captures.\n"
      "Examples:\n"
      "  vctoe run --scheme fig8 --trace --out traced\n"
      "  vctoe explain --run traced 18\n"
      "  vctoe explain --run traced seq=446351713");
  explain->callback([&] { c.action = [&] { return cli::explain(c.explain); }; });
}

void add_calibrate(CLI::App& app, Choice& c, ScenarioPort& port) {
  CLI::App* calibrate =
      app.add_subcommand("calibrate", "measure latencies that parameters of models stand for");
  calibrate->require_subcommand(1);
  CLI::App* walker = calibrate->add_subcommand(
      "walker", "the cycles of the RTL walker, for nic.walker.*_cycles of the model");
  walker->add_option("--set", c.check_sets, "path=value, as for run")->allow_extra_args(false);
  walker->add_option("--out", c.out, "write them into this TOML file too");
  walker->footer("Examples:\n  vctoe calibrate walker --set nic.walker.engines=1 --out rtl.toml");
  walker->callback([&] { c.action = [&] { return calibrate_walker(c.check_sets, c.out, port); }; });
}

void add_doctor(CLI::App& app, Choice& c) {
  CLI::App* doctor = app.add_subcommand("doctor", "versions of what is installed");
  doctor->add_flag("--json", c.json, "as JSON");
  doctor->footer("Examples:\n  vctoe doctor\n  vctoe doctor --json");
  doctor->callback([&] { c.action = [&] { return cli::doctor(c.json); }; });
}

void add_report(CLI::App& app, Choice& c, ScenarioPort& port) {
  CLI::App* report = app.add_subcommand("report", "one HTML file with charts of a sweep or a run");
  report->add_option("DIR", c.report.folder, "folder of a sweep, or of a run")->required();
  report->add_option("--out", c.report.out, "file (default: DIR/report.html)");
  report->footer(
      "It needs no network and nothing else. After \"vctoe sweep analyse\" it has\n"
      "sensitivities and limits, after \"vctoe sweep keep\" timelines (docs/report.md).\n"
      "Examples:\n"
      "  vctoe report headline\n"
      "  vctoe run --scheme fig8 --timeline --out timed && vctoe report timed");
  report->callback([&] { c.action = [&] { return report_of(c.report, port); }; });
}

/// What follows goes to another program as it is, --help too.
void pass_on(CLI::App& verify, const char* name, const char* what, Choice& c,
             int (*action)(std::vector<std::string>)) {
  CLI::App* part = verify.add_subcommand(name, what);
  part->prefix_command();
  part->set_help_flag();
  part->callback([&c, part, action] {
    c.action = [words = part->remaining(), action] { return action(words); };
  });
}

void add_verify(CLI::App& app, Choice& c) {
  CLI::App* verify = app.add_subcommand("verify", "verify the walker in RTL");
  verify->require_subcommand(1);
  pass_on(*verify, "walker", "random and directed tests of the RTL alone", c, verify_walker);
  pass_on(*verify, "replay", "drive the RTL with a recorded run", c, verify_replay);
  pass_on(*verify, "formal", "prove the properties of its blocks", c, verify_formal);
  pass_on(*verify, "mutate", "break it in many ways: does the bench notice", c, verify_mutate);
  pass_on(*verify, "coverage", "lines and bits that the bench never reaches", c, verify_coverage);
  verify->footer(
      "vctoe verify walker --help lists the options (docs/walker_bench.md).\n"
      "Examples:\n"
      "  vctoe verify walker --runs 10 --shrink\n"
      "  vctoe verify walker --rtl my_walker         another walker with the same ports\n"
      "  vctoe verify replay walker.rec\n"
      "  vctoe verify formal --block fifo\n"
      "  vctoe verify mutate --count 100");
}

void add_validate(CLI::App& app, Choice& c) {
  CLI::App* validate = app.add_subcommand("validate", "hold the model against published laws");
  validate->require_subcommand(1);
  pass_on(*validate, "tcp", "windows of Reno and CUBIC under loss, slow start", c, validate_tcp);
  validate->footer(
      "vctoe validate tcp --help lists the options (docs/validation.md).\n"
      "Examples:\n"
      "  vctoe validate tcp\n"
      "  vctoe validate tcp --quick                  without what takes a minute");
}

/// For a first word that is no command: the command that may have been meant.
std::string spelling_hint(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-') return "";
  const std::vector<std::string> commands{"run",       "params", "config", "explain",
                                          "calibrate", "doctor", "verify", "validate",
                                          "bridge",    "sweep",  "report"};
  for (const auto& known : commands) {
    if (known == argv[1]) return "";
  }
  const std::string near = config::nearest(argv[1], commands);
  return "unknown command " + std::string(argv[1]) +
         (near.empty() ? "" : "; did you mean " + near + "?");
}

int usage_error(const std::string& what) {
  std::fprintf(stderr,
               "vctoe: %s\nvctoe --help lists the commands, vctoe COMMAND --help explains one\n",
               what.c_str());
  return kUsage;
}

int act(const Choice& choice) {
  try {
    return choice.action();
  } catch (const sim::Error& e) {
    const bool internal = e.kind() == sim::FailureKind::kInternal;
    std::fprintf(stderr, "%s%s\n", internal ? "internal error: " : "", e.what());
    return static_cast<int>(e.kind());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "internal error: %s\n", e.what());
    return kInternal;
  }
}

}  // namespace

int program(int argc, char** argv, ScenarioPort& scenario) {
  // SystemC greets from its own start-up code otherwise.
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 1);
  Choice choice;
  CLI::App app{"vctoe: a model of a TCP-offload NIC that sends from unpinned virtual memory",
               "vctoe"};
  app.set_version_flag("--version", "vctoe " VCTOE_VERSION);
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 ok, 1 a check of the run failed, 2 command line or configuration, 3 "
      "internal.\n"
      "Examples:\n"
      "  vctoe run\n"
      "  vctoe run --file photo.jpg --scheme fig3\n"
      "  vctoe params pcie\n"
      "  vctoe config check my.toml\n"
      "  vctoe explain --run traced 18\n"
      "  vctoe calibrate walker\n"
      "  vctoe doctor\n"
      "  vctoe verify walker\n"
      "  vctoe validate tcp\n"
      "  vctoe bridge --run 'curl -s http://10.0.0.1/'\n"
      "  vctoe sweep plan headline --out headline\n"
      "  vctoe report headline");
  add_run(app, choice, scenario);
  add_params(app, choice, scenario);
  add_config(app, choice, scenario);
  add_explain(app, choice);
  add_calibrate(app, choice, scenario);
  add_doctor(app, choice);
  add_verify(app, choice);
  add_validate(app, choice);
  pass_on(app, "bridge", "the modelled NIC on a TAP device: ping, curl or a browser talk to it",
          choice, bridge);
  add_sweep(app, choice.sweep, choice.action, scenario);
  add_report(app, choice, scenario);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e);
    const std::string hint = spelling_hint(argc, argv);
    return usage_error(hint.empty() ? e.what() : hint);
  }
  return act(choice);
}

}  // namespace vctoe::cli
