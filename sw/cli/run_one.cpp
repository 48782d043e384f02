// One run in this process, inside SystemC's own frame.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <functional>
#include <string>
#include <systemc>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"
#include "sw/cli/setup.h"
#include "sw/scenario/outputs_files.h"
#include "sw/scenario/outputs_json.h"

namespace {
/// What sc_main has to do: SystemC calls it without a way to pass anything but text.
std::function<int()> g_body;
}  // namespace

int sc_main(int /*argc*/, char** /*argv*/) {
  return g_body();
}

namespace vctoe::cli {

namespace {

int report(const std::string& what) {
  // An exception that crossed sc_start() has lost its type; the first failure kept it.
  const sim::Failure& first = sim::last_failure();
  const bool known = first.kind != sim::FailureKind::kNone;
  std::fprintf(stderr, "%s\n", known ? first.text.c_str() : what.c_str());
  return known ? static_cast<int>(first.kind) : static_cast<int>(kInternal);
}

}  // namespace

int in_simulation(const std::function<int()>& body) {
  std::signal(SIGPIPE, SIG_IGN);
  g_body = [&] {
    try {
      return body();
    } catch (const std::exception& e) {
      return report(e.what());
    }
  };
  std::string name = "vctoe";
  char* argv[] = {name.data(), nullptr};
  return sc_core::sc_elab_and_sim(1, argv);
}

std::function<void(double, double)> progress_to(int fd) {
  if (fd < 0) return {};
  return [fd](double fraction, double sim_seconds) {
    dprintf(fd, "%.6f %.9f\n", fraction, sim_seconds);
  };
}

int calibrate_walker(const std::vector<std::string>& sets, const std::string& out,
                     ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  RunRequest request;
  request.sets = sets;
  load_scenario(request, scenario, list);
  return in_simulation([&] {
    const std::string text = scenario.calibrate_walker();
    std::fputs(text.c_str(), stdout);
    if (!out.empty()) outputs::write_file(out, text);
    return static_cast<int>(kOk);
  });
}

int run_one(const RunOneRequest& request, ScenarioPort& scenario) {
  return in_simulation([&] {
    scenario::RunOptions options = request.options;
    options.progress = progress_to(request.progress_fd);
    const outputs::RunSummary summary = scenario.run(options, request.scheme);
    outputs::write_file(options.out_dir + "/result.json", outputs::hand_over(summary));
    return static_cast<int>(summary.ok ? kOk : kCheckFailed);
  });
}

}  // namespace vctoe::cli
