#include "tb/cosim/runner.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <map>

#include "tb/cosim/directed.h"
#include "tb/cosim/random_scenario.h"
#include "tb/cosim/shrink.h"

namespace vctoe::cosim {
namespace {

/// Cycles of a wave before and after what is wrong.
constexpr std::uint64_t kBefore = 400, kAfter = 20;

class Runner {
 public:
  Runner(const Request& request, DutFactory factory) : r_(request), factory_(factory) {
    if (r_.sets.empty()) r_.sets = {Set::kSmall, Set::kStandard, Set::kLarge};
    for (const Set set : r_.sets) coverage_.emplace(set, Coverage(set));
  }

  bool run() {
    check_names();
    const auto begin = std::chrono::steady_clock::now();
    bool ok = true;
    for (const DirectedTest& test : directed_tests()) {
      if (!wanted(test.name)) continue;
      for (const Set set : r_.sets) ok = directed(test, set) && ok;
    }
    if (ok && wanted("random")) ok = random();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{} runs, {} walks, {} cycles in {:.1f} s: {}\n", runs_, walks_, cycles_,
               took.count(), ok ? "all well" : "FAILED");
    if (ok) report_coverage();
    return ok;
  }

 private:
  void check_names() const {
    for (const std::string& name : r_.tests) {
      const auto& all = directed_tests();
      const bool known =
          name == "random" ||
          std::any_of(all.begin(), all.end(), [&](const auto& t) { return name == t.name; });
      if (!known) throw std::runtime_error("no test of this name: " + name + "; see --list");
    }
  }

  bool wanted(const std::string& name) const {
    return r_.tests.empty() || std::find(r_.tests.begin(), r_.tests.end(), name) != r_.tests.end();
  }

  bool random() {
    for (std::uint64_t i = 0; r_.runs > 0 ? i < r_.runs * r_.sets.size() : random_walks_ < r_.walks;
         ++i) {
      const Set set = r_.sets[i % r_.sets.size()];
      const std::uint64_t seed = r_.seed + i / r_.sets.size();
      const Scenario s = random_scenario(set, seed);
      const Outcome outcome = run_once(s);
      random_walks_ += outcome.walks;
      if (outcome.ok) continue;
      const std::string again =
          fmt::format("--test random --set {} --seed {} --runs 1", limits(set).name, seed);
      report(s, outcome, again);
      return false;
    }
    return true;
  }

  bool directed(const DirectedTest& test, Set set) {
    Scenario s = test.make(set, r_.seed);
    s.name = test.name;
    Outcome outcome = run_once(s);
    if (outcome.ok) {
      outcome.what = test.judge == nullptr ? "" : test.judge(outcome);
      outcome.ok = outcome.what.empty();
    }
    fmt::print("{:<44} {:<9} {}\n", test.name, limits(set).name, outcome.ok ? "ok" : "FAILED");
    if (!outcome.ok) {
      report(s, outcome,
             fmt::format("--test '{}' --set {} --seed {}", test.name, limits(set).name, r_.seed));
    }
    return outcome.ok;
  }

  Outcome run_once(const Scenario& s) {
    RunOptions options;
    options.coverage = &coverage_.at(s.set);
    std::optional<nic::WalkerRecorder> recorder;
    if (!r_.record.empty()) options.recorder = &recorder.emplace(r_.record, s.config);
    if (r_.wave == WaveMode::kAlways) options.wave = wave_file(s);
    const std::unique_ptr<Dut> dut = factory_(s.set, s.seed);
    const Outcome outcome = Bench(*dut, s, options).run();
    if (!r_.rtl_coverage.empty()) {
      dut->write_coverage(fmt::format("{}/{}.dat", r_.rtl_coverage, runs_),
                          fmt::format("{}/{}.toggles", r_.rtl_coverage, limits(s.set).name));
    }
    if (recorder) recorder->close();
    ++runs_;
    walks_ += outcome.walks;
    cycles_ += outcome.cycles;
    return outcome;
  }

  std::string wave_file(const Scenario& s) const {
    std::filesystem::create_directories(r_.out);
    std::string name = s.name;
    std::replace(name.begin(), name.end(), ' ', '_');
    return fmt::format("{}/{}_{}_{}.vcd", r_.out, name, limits(s.set).name, s.seed);
  }

  void report(const Scenario& s, const Outcome& o, const std::string& again) {
    fmt::print("\n{} on set {} with seed {} failed in cycle {}: {}\n", s.name, limits(s.set).name,
               s.seed, o.cycles, o.what);
    if (!o.expected.empty()) fmt::print("  expected: {}\n", o.expected);
    if (!o.got.empty()) fmt::print("  got:      {}\n", o.got);
    fmt::print("  the last events (cycle, port, fields in hexadecimal):\n");
    for (const auto& event : o.last_events) fmt::print("  {}\n", event);
    fmt::print("  again with: walker_bench {}\n", again);
    Scenario shown = s;
    Outcome of = o;
    if (r_.shrink) {
      const auto fails = [this](const Scenario& c) { return !cosim::run(factory_, c, {}).ok; };
      shown = shrink(s, fails);
      of = cosim::run(factory_, shown, {});
      fmt::print("\nThe shortest that still fails, {} requests:\n{}  fails in cycle {}: {}\n",
                 requests(shown), text_of(shown), of.cycles, of.what);
      if (!of.expected.empty()) fmt::print("  expected: {}\n", of.expected);
      if (!of.got.empty()) fmt::print("  got:      {}\n", of.got);
      for (const auto& event : of.last_events) fmt::print("  {}\n", event);
    }
    if (r_.wave == WaveMode::kNever) return;
    RunOptions options;
    options.wave = wave_file(shown);
    options.wave_from = of.cycles > kBefore ? of.cycles - kBefore : 0;
    options.wave_to = of.cycles + kAfter;
    cosim::run(factory_, shown, options);
    fmt::print("  waves of the {} cycles before: {}\n", of.cycles - options.wave_from,
               options.wave);
  }

  void report_coverage() {
    if (r_.coverage.empty()) return;
    for (auto& [set, coverage] : coverage_) {
      coverage.merge(r_.coverage);
      const auto holes = coverage.holes();
      fmt::print("functional coverage, {}: {} of {} bins\n", limits(set).name,
                 coverage.size() - holes.size(), coverage.size());
      for (const auto& hole : holes) fmt::print("  hole: {}\n", hole);
    }
  }

  Request r_;
  DutFactory factory_;
  std::map<Set, Coverage> coverage_;
  std::uint64_t runs_ = 0, walks_ = 0, random_walks_ = 0, cycles_ = 0;
};

}  // namespace

bool run_tests(const Request& request, DutFactory factory) {
  return Runner(request, factory).run();
}

}  // namespace vctoe::cosim
