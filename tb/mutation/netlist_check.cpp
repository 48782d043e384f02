// netlist_check MODEL.so WALKS: the netlist of Yosys in lock step with the source, on random walks
// at the small parameter set. Both start with registers at 0, so every output is comparable always.
#include <VWalkerSmall.h>
#include <fmt/format.h>

#include "tb/cosim/bench.h"
#include "tb/cosim/random_scenario.h"
#include "tb/cosim/verilated_dut.h"
#include "tb/mutation/loaded_model.h"

namespace {

using namespace vctoe::cosim;

void same(const char* port, std::uint64_t source, std::uint64_t netlist) {
  if (source == netlist) return;
  throw Failure(fmt::format("{}: source and netlist differ", port), fmt::format("{:x}", source),
                fmt::format("{:x}", netlist));
}

template <class Beat>
void same(const char* port, const Offer<Beat>& source, const Offer<Beat>& netlist) {
  same(port, source.valid, netlist.valid);
  if (same_beat(source.beat, netlist.beat)) return;
  throw Failure(fmt::format("{}: source and netlist differ", port),
                vctoe::nic::text_of(source.beat), vctoe::nic::text_of(netlist.beat));
}

/// Two walkers with the same inputs; the outputs are the first one's.
class Both : public Dut {
 public:
  Both(std::unique_ptr<Dut> source, std::unique_ptr<Dut> netlist)
      : source_(std::move(source)), netlist_(std::move(netlist)) {}

  void settle(const Inputs& in, Outputs& out) override {
    source_->settle(in, out);
    netlist_->settle(in, other_);
    same("walk_ready", out.walk_ready, other_.walk_ready);
    same("fill_ready", out.fill_ready, other_.fill_ready);
    same("inv_ready", out.invalidate_ready, other_.invalidate_ready);
    same("cancel_ready", out.cancel_ready, other_.cancel_ready);
    same("rsp_ready", out.completion_ready, other_.completion_ready);
    same("fetch", out.fetch, other_.fetch);
    same("out", out.out, other_.out);
    same("busy", out.busy, other_.busy);
    same("queue", out.queue, other_.queue);
    same("quiet", out.quiet, other_.quiet);
    same("perf_value", out.perf_value, other_.perf_value);
  }
  void edge() override {
    source_->edge();
    netlist_->edge();
  }
  bool assertion_failed() const override { return netlist_->assertion_failed(); }

 private:
  std::unique_ptr<Dut> source_, netlist_;
  Outputs other_;
};

Outcome run_both(const LoadedModel& model, const Scenario& scenario) {
  Both both(std::make_unique<VerilatedDut<VWalkerSmall>>(scenario.seed),
            model.make(scenario.seed, 0));
  return Bench(both, scenario, {}).run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const LoadedModel model(argv[1]);
  const auto wanted = std::stoul(argv[2]);
  std::size_t walks = 0;
  std::uint64_t cycles = 0;
  for (std::uint64_t seed = 1; walks < wanted; ++seed) {
    const Scenario scenario = random_scenario(Set::kSmall, seed);
    const Outcome outcome = run_both(model, scenario);
    walks += outcome.walks;
    cycles += outcome.cycles;
    if (outcome.ok) continue;
    fmt::print("seed {}, cycle {}: {}\n  expected {}\n  got      {}\n", seed, outcome.cycles,
               outcome.what, outcome.expected, outcome.got);
    for (const auto& event : outcome.last_events) fmt::print("  {}\n", event);
    return 1;
  }
  fmt::print("{} walks, {} cycles: source and netlist agree\n", walks, cycles);
  return 0;
}
