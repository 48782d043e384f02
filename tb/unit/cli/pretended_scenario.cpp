// A scenario that only pretends, so that the command line can be shown every kind of end that a run
// may come to. `behaviour` says which.
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <systemc>

#include "models/sim/error.h"
#include "models/sim/event_queue.h"
#include "sw/cli/program.h"
#include "sw/scenario/outputs_trace.h"

namespace vctoe {

enum class Behaviour {
  kGood,
  kDiffer,
  kMonitor,
  kUser,
  kModel,
  kCrash,
  kHang,
  kWarn,
  kWait,
  kGreedy
};

template <>
struct sim::EnumNames<Behaviour> {
  static constexpr std::string_view kNames[] = {"good",  "differ", "monitor", "user", "model",
                                                "crash", "hang",   "warn",    "wait", "greedy"};
};

namespace {

class Pretended : public cli::ScenarioPort {
 public:
  void declare(sim::ParamList& list) override {
    list.add("seed", seed_, {}, "seed of all random streams", "");
    list.add("file", file_, "file to send", "");
    list.add("schemes", schemes_, "what to run", "");
    list.add("behaviour", behaviour_, "how the run ends", "");
    list.add("spoilt", spoilt_, "the scheme that behaves so, all when empty", "");
    list.add("link.delay", delay_, sim::time_range(sim::Time::from_ns(1), sim::Time::from_s(1)),
             "one way", "");
    list.add("link.mps", mps_, sim::bytes_range({128}, {4096}), "largest payload", "");
    list.add("host.mps", partner_mps_, sim::bytes_range({128}, {4096}), "largest payload", "");
  }
  const std::vector<std::string>& schemes() const override {
    static const std::vector<std::string> kKnown{"fig3", "fig8", "fig11", "fig12"};
    return kKnown;
  }
  void check(std::vector<std::string>& problems) const override {
    if (mps_.n <= partner_mps_.n) return;
    problems.push_back("link.mps " + std::to_string(mps_.n) + " B is above the partner's host.mps");
  }
  outputs::RunSummary run(const scenario::RunOptions& options, const std::string& scheme) override;

 private:
  void end_as_told(outputs::RunSummary& summary) const;

  std::uint64_t seed_ = 1;
  std::string file_, schemes_ = "fig3,fig8", spoilt_;
  Behaviour behaviour_ = Behaviour::kGood;
  sim::Time delay_ = sim::Time::from_us(10);
  sim::Bytes mps_{256}, partner_mps_{512};
};

/// A fault from outside: the run with the seed that the environment names crashes.
bool crash_ordered(std::uint64_t seed) {
  const char* which = std::getenv("VCTOE_PRETEND_CRASH");
  return which != nullptr && std::strtoull(which, nullptr, 10) == seed;
}

void Pretended::end_as_told(outputs::RunSummary& summary) const {
  switch (behaviour_) {
    case Behaviour::kGood:
      return;
    case Behaviour::kDiffer:
      summary.ok = false;
      summary.failure = "bytes differ at 4097";
      summary.sha256_received = std::string(64, 'f');
      return;
    case Behaviour::kMonitor:
      sim::check_failed("a pinned frame was swapped out");
    case Behaviour::kUser:
      sim::user_error("host.dram is too small for the page tables");
    case Behaviour::kModel:
      sim::model_error("two owners of transaction 77");
    case Behaviour::kCrash:
      std::fputs("about to fall over\n", stderr);
      std::raise(SIGSEGV);
      return;
    case Behaviour::kHang:
      std::fputs("going in circles\n", stderr);
      for (;;) pause();
    case Behaviour::kWarn:
      SC_REPORT_WARNING("pretended", "something is odd");
      return;
    case Behaviour::kWait:
      usleep(300'000);
      return;
    case Behaviour::kGreedy:
      std::fputs("taking all\n", stderr);
      for (std::vector<std::string> all;;) all.emplace_back(std::size_t{1} << 26, 'x');
  }
}

outputs::RunSummary Pretended::run(const scenario::RunOptions& options, const std::string& scheme) {
  sim::Context context;
  std::unique_ptr<outputs::TraceWriter> trace;
  if (options.trace) {
    trace = std::make_unique<outputs::TraceWriter>(options.out_dir + "/trace.txt", context.trace);
  }
  outputs::RunSummary summary;
  summary.scheme = scheme;
  summary.ok = true;
  summary.sha256_source = summary.sha256_received = std::string(64, 'e');
  sim::EventQueue<int> queue([&](int& event) {
    context.trace.emit({{}, sim::TraceKind::kDeliver});
    if (options.progress) options.progress(0.5, sim::now().seconds());
    // From inside a process: an exception has to find its way through sc_start().
    if (event == 1 && (spoilt_.empty() || spoilt_ == scheme)) end_as_told(summary);
  });
  if (crash_ordered(seed_)) std::raise(SIGKILL);
  queue.push(delay_, 1);
  sc_core::sc_start();
  summary.completion_s = sim::now().seconds();
  summary.goodput_bps = static_cast<double>(seed_) * 1e9;
  if (trace) trace->close();
  return summary;
}

}  // namespace
}  // namespace vctoe

int main(int argc, char** argv) {
  vctoe::Pretended scenario;
  return vctoe::cli::program(argc, argv, scenario);
}
