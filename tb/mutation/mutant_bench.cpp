// mutant_bench: runs mutants of one model.so against the bench, each in a process of its own, and
// writes a line for each: number, killed or lives, by which stimulus, after how many walks, what
// was wrong.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "tb/cosim/directed.h"
#include "tb/cosim/hash.h"
#include "tb/cosim/random_scenario.h"
#include "tb/mutation/loaded_model.h"

namespace {

using namespace vctoe::cosim;

/// A part of the stimuli; those that are cheap and kill much come first.
struct Stage {
  unsigned scenarios, walks;  ///< random ones; walks of each
};
constexpr Stage kStages[] = {{8, 4}, {24, 12}, {80, 24}, {240, 24}};
constexpr unsigned kStageCount = sizeof(kStages) / sizeof(kStages[0]);

/// Makes what is rare in a random scenario frequent: cancels and invalidations while something is
/// under way, records that end a walk, reads that fail, all tags in use and fetches that wait.
Scenario stressed(Scenario scenario) {
  Random random(mix(scenario.seed, 0x57e5));
  std::vector<Op> ops;
  for (const Op& op : scenario.ops) {
    ops.push_back(op);
    if (op.kind != OpKind::kWalk || !random.chance(40)) continue;
    Op more;
    more.kind = random.chance(50) ? OpKind::kInvalidate : OpKind::kCancel;
    more.list = op.list;
    more.when = static_cast<When>(random.below(static_cast<unsigned>(When::kCount)));
    more.record = static_cast<std::uint32_t>(random.below(scenario.lists[op.list].records.size()));
    ops.push_back(more);
  }
  scenario.ops = std::move(ops);
  for (ListSpec& list : scenario.lists) {
    RawRecord& raw = list.records[random.below(list.records.size())].raw;
    switch (random.below(6)) {
      case 0:
        raw.version = static_cast<std::uint8_t>(random.between(2, 255));
        break;
      case 1:
        raw.next += random.between(1, 31);
        break;
      case 2:
        raw.starting_sequence ^= 1u << random.below(32);
        break;
      default:
        break;
    }
  }
  if (random.chance(60)) {
    scenario.config.tags = limits(scenario.set).tags;
    scenario.config.prefetch = 16;
    scenario.traffic.memory_min = 40;
    scenario.traffic.memory_max = 80;
    if (random.chance(60)) scenario.traffic.fetch = Pattern::kLazy;
  }
  if (random.chance(40)) scenario.traffic.error_permille = 100;
  if (random.chance(40)) scenario.traffic.fail_permille = 100;
  return scenario;
}

/// Everything that there is is in use at once, nothing waits for its moment, and what ends reads
/// and walks comes in between.
Scenario crowded(Scenario scenario) {
  Random random(mix(scenario.seed, 0xc120));
  const Limits& l = limits(scenario.set);
  WalkerConfig& c = scenario.config;
  c.engines = l.engines, c.walks = l.walks, c.queue = l.queue, c.tags = l.tags;
  c.pages = static_cast<std::uint32_t>(random.between(2, l.pages));
  c.prefetch = static_cast<std::uint32_t>(random.between(1, random.chance(50) ? 8 : 64));
  c.granularity = std::max(c.granularity, 512u);
  c.ordered = 0;
  Traffic& t = scenario.traffic;
  t.walk = t.fill = t.invalidate = t.cancel = t.completion = t.out = Pattern::kAlways;
  t.fetch = random.chance(50) ? Pattern::kLazy : Pattern::kAlways;
  t.memory_min = 1, t.memory_max = static_cast<std::uint32_t>(random.between(10, 90));
  t.host_min = 1, t.host_max = static_cast<std::uint32_t>(random.between(10, 90));
  if (random.chance(50)) t.fail_permille = static_cast<std::uint32_t>(random.between(50, 400));
  if (random.chance(30)) t.error_permille = 200;
  std::vector<Op> ops;
  for (Op op : scenario.ops) {
    if (op.kind == OpKind::kDrain) continue;
    op.when = When::kNow;
    op.gap = static_cast<std::uint32_t>(random.below(4));
    ops.push_back(op);
    if (op.kind != OpKind::kWalk || !random.chance(30)) continue;
    Op more;
    more.kind = random.chance(60) ? OpKind::kInvalidate : OpKind::kCancel;
    more.list = op.list;
    more.gap = static_cast<std::uint32_t>(random.below(random.chance(50) ? 6 : 60));
    more.record = static_cast<std::uint32_t>(random.below(scenario.lists[op.list].records.size()));
    ops.push_back(more);
  }
  scenario.ops = std::move(ops);
  return scenario;
}

struct Options {
  std::string model, mutants;
  unsigned from = 1, stages = kStageCount;  ///< the first and the last of them
  unsigned seconds = 10;                    ///< of processor time for a stimulus
};

struct Verdict {
  bool killed = false;
  std::size_t walks = 0;
  std::string by, what;
};

class Court {
 public:
  explicit Court(const Options& options) : o_(options), model_(options.model) {}

  int run() {
    // What kills the walker as it is says nothing about mutants.
    const Verdict sound = judge(0);
    if (sound.killed) {
      fmt::print(stderr, "mutant_bench: without a mutation: {}: {}\n", sound.by, sound.what);
      return 1;
    }
    std::ifstream list(o_.mutants);
    for (std::uint32_t mutant; list >> mutant;) {
      const Verdict v = judge(mutant);
      fmt::print("{}\t{}\t{}\t{}\t{}\n", mutant, v.killed ? "killed" : "lives", v.by, v.walks,
                 v.what);
      std::fflush(stdout);
    }
    return 0;
  }

 private:
  /// In a process of its own: a mutant may end it.
  Verdict judge(std::uint32_t mutant) {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe");
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      // Verilator tells of every assertion that fails.
      if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(2);
      if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(2);
      say(ends[1], try_all(ends[1], mutant));
      _exit(0);
    }
    close(ends[1]);
    std::string said;
    char buffer[4096];
    for (ssize_t n; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
      said.append(buffer, static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return verdict_of(said, status);
  }

  /// A line for each stimulus that begins, then the verdict.
  static Verdict verdict_of(const std::string& said, int status) {
    Verdict v;
    std::istringstream lines(said);
    std::string line;
    bool over = false;
    while (std::getline(lines, line)) {
      if (line.rfind("try ", 0) == 0) {
        v.by = line.substr(4);
      } else if (line.rfind("killed ", 0) == 0) {
        v.killed = over = true;
        std::istringstream(line.substr(7)) >> v.walks;
        v.what = line.substr(line.find(' ', 7) + 1);
      } else if (line.rfind("lives ", 0) == 0) {
        over = true;
        std::istringstream(line.substr(6)) >> v.walks;
        v.by = "-";
      }
    }
    if (!over) {
      v.killed = true;
      v.what = WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? "does not come to an end"
                                                                  : "the simulation breaks off";
    }
    return v;
  }

  static void say(int fd, const Verdict& v) {
    write_all(fd, v.killed ? fmt::format("killed {} {}\n", v.walks, v.what)
                           : fmt::format("lives {}\n", v.walks));
  }
  static void write_all(int fd, const std::string& text) {
    if (write(fd, text.data(), text.size()) < 0) _exit(2);
  }

  Verdict try_all(int fd, std::uint32_t mutant) {
    Verdict v;
    std::uint64_t seed = 1;
    for (unsigned stage = 0; stage < o_.stages; ++stage) {
      if (stage + 1 < o_.from) {
        seed += kStages[stage].scenarios;
        continue;
      }
      for (unsigned i = 0; i < kStages[stage].scenarios && !v.killed; ++i, ++seed) {
        write_all(fd, fmt::format("try random {}\n", seed));
        Scenario scenario = random_scenario(Set::kPair, seed, kStages[stage].walks);
        if (seed % 4 == 0) scenario = stressed(std::move(scenario));
        if (seed % 4 >= 2) scenario = crowded(std::move(scenario));
        attempt(v, scenario, nullptr, mutant);
      }
      if (stage == 0) directed(fd, v, mutant);
      if (v.killed) break;
    }
    return v;
  }

  void directed(int fd, Verdict& v, std::uint32_t mutant) {
    for (const DirectedTest& test : directed_tests()) {
      if (v.killed) return;
      write_all(fd, fmt::format("try {}\n", test.name));
      attempt(v, test.make(Set::kPair, 1), &test, mutant);
    }
  }

  void attempt(Verdict& v, const Scenario& scenario, const DirectedTest* test,
               std::uint32_t mutant) {
    limit_time();
    const std::unique_ptr<Dut> dut = model_.make(scenario.seed, mutant);
    Outcome outcome = Bench(*dut, scenario, {}).run();
    if (outcome.ok && test != nullptr && test->judge != nullptr) {
      outcome.what = test->judge(outcome);
      outcome.ok = outcome.what.empty();
    }
    v.walks += outcome.walks;
    v.killed = !outcome.ok;
    v.what = outcome.what;
  }

  void limit_time() const {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    rlimit limit{};
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = static_cast<rlim_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + o_.seconds;
    setrlimit(RLIMIT_CPU, &limit);
  }

  Options o_;
  LoadedModel model_;
};

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Runs mutants of the walker against its bench", "mutant_bench"};
  app.add_option("model", options.model, "made by model.sh")->required();
  app.add_option("mutants", options.mutants, "file with their numbers")->required();
  app.add_option("--stages", options.stages, "of the stimuli (default: all)")
      ->check(CLI::Range(1u, kStageCount));
  app.add_option("--from", options.from, "first stage (default: 1)")
      ->check(CLI::Range(1u, kStageCount));
  app.add_option("--seconds", options.seconds, "of processor time for a stimulus");
  CLI11_PARSE(app, argc, argv);
  try {
    return Court(options).run();
  } catch (const std::exception& e) {
    std::fprintf(stderr, "mutant_bench: %s\n", e.what());
    return 2;
  }
}
