// Whole runs with the walker as model, as RTL, and as both in lockstep (nic.walker.impl).
#include <gtest/gtest.h>

#include "sw/scenario/calibrate_walker.h"
#include "tb/support/in_child.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

using support::in_child;

using nic::WalkerImpl;

struct Figures {
  double completion_s = 0;
  double blocks = 0;
};

Figures figures(ScenarioParams p, const char* scheme, WalkerImpl impl) {
  p.system.nic.walker.impl = impl;
  const auto s = run(p, scheme);
  expect_intact(s);
  return {s.completion_s, stat(s, "sender.nic.walker.blocks")};
}

/// As traces/default.toml, a shorter stream: half of it on swap, lossy, an application under
/// pressure; lists are swapped out, too.
ScenarioParams scenario() {
  ScenarioParams p;
  p.stream.size = sim::Bytes::mib(2);
  p.stream.connections = 3;
  p.stream.contexts_swapped = true;
  p.driver.block_size = {8192};
  lose(p, 0.005);
  return p;
}

class WalkerImpls : public testing::TestWithParam<const char*> {};

// req: I-P0058a
TEST_P(WalkerImpls, LockstepFindsNoDifferenceAndTheModelTakesAsLongAsTheRtl) {
  const Figures tlm = in_child([] { return figures(scenario(), GetParam(), WalkerImpl::kTlm); });
  const Figures rtl = in_child([] { return figures(scenario(), GetParam(), WalkerImpl::kRtl); });
  ScenarioParams p = scenario();
  p.system.nic.walker.impl = WalkerImpl::kLockstep;
  const auto s = run(p, GetParam());
  expect_intact(s);
  EXPECT_EQ(s.completion_s, rtl.completion_s) << "the RTL drives the lockstep";
  EXPECT_NEAR(tlm.completion_s / rtl.completion_s, 1, 0.02);
  EXPECT_EQ(stat(s, "sender.nic.walker.lockstep.block.count"), rtl.blocks);
}

INSTANTIATE_TEST_SUITE_P(Schemes, WalkerImpls,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"));

TEST(WalkerCalibration, TheModelsDefaultsAreWhatTheRtlMeasures) {
  const nic::WalkerParams p;
  const std::string text = calibrate_walker(p, 1024);
  const auto has = [&](const std::string& name, std::uint64_t cycles) {
    const std::string line = name + "_cycles = " + std::to_string(cycles) + "\n";
    EXPECT_NE(text.find(line), std::string::npos) << line << "is not in\n" << text;
  };
  has("start", p.start_cycles);
  has("lookup", p.lookup_cycles);
  has("translate", p.translate_cycles);
  has("check", p.check_cycles);
  has("block", p.block_cycles);
}

}  // namespace
}  // namespace vctoe::scenario
