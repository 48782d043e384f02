// walker_bench: the RTL walker alone, against random and directed stimuli or a recording.
#include <CLI/CLI.hpp>
#include <cstdio>

#include "tb/cosim/directed.h"
#include "tb/cosim/models.h"
#include "tb/cosim/replay.h"
#include "tb/cosim/runner.h"

namespace {

using vctoe::cosim::Request;
using vctoe::cosim::Set;
using vctoe::cosim::WaveMode;

const std::map<std::string, Set> kSets{
    {"small", Set::kSmall}, {"standard", Set::kStandard}, {"large", Set::kLarge}};
const std::map<std::string, WaveMode> kWaves{{"on-failure", WaveMode::kOnFailure},
                                             {"always", WaveMode::kAlways},
                                             {"never", WaveMode::kNever}};

int list_tests() {
  std::puts("random");
  for (const auto& test : vctoe::cosim::directed_tests()) std::puts(test.name);
  return 0;
}

void add_options(CLI::App& app, Request& r, bool& list) {
  app.add_flag("--list", list, "names of the tests");
  app.add_option("--test", r.tests, "only this test; may be repeated (default: all)")
      ->allow_extra_args(false);
  app.add_option("--set", r.sets, "small, standard or large; may be repeated (default: all)")
      ->transform(CLI::CheckedTransformer(kSets))
      ->allow_extra_args(false);
  app.add_option("--seed", r.seed, "of the first random run");
  app.add_option("--runs", r.runs, "random runs of each set, instead of --walks");
  app.add_option("--walks", r.walks, "random walks, in all sets together (default: 1000)");
  app.add_option("--wave", r.wave, "on-failure, always or never: write a VCD file")
      ->transform(CLI::CheckedTransformer(kWaves));
  app.add_flag("--shrink", r.shrink, "cut a failing stimulus down and print it");
  app.add_option("--coverage", r.coverage, "merge functional coverage into this file");
  app.add_option("--record", r.record, "write the traffic of the last run to this file");
  app.add_option("--out", r.out, "folder of the waves (default: the current one)");
  app.add_option("--rtl-coverage", r.rtl_coverage, "folder for line and toggle coverage");
}

}  // namespace

int main(int argc, char** argv) {
  Request request;
  bool list = false;
  vctoe::cosim::ReplayRequest replay;
  CLI::App app{"Verifies the RTL walker", "walker_bench"};
  add_options(app, request, list);
  CLI::App* again = app.add_subcommand("replay", "drive the walker with a recording");
  again->add_option("file", replay.file, "written by --record or --record-walker")->required();
  again->add_option("--set", replay.set, "small, standard or large (default: the first that fits)")
      ->transform(CLI::CheckedTransformer(kSets));
  again->add_option("--wave", replay.wave, "write a VCD file");
  CLI11_PARSE(app, argc, argv);
  try {
    if (list) return list_tests();
    if (again->parsed()) {
      return vctoe::cosim::replay(replay, vctoe::cosim::make_rtl) ? 0 : 1;
    }
    return vctoe::cosim::run_tests(request, vctoe::cosim::make_rtl) ? 0 : 1;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "walker_bench: %s\n", e.what());
    return 2;
  }
}
