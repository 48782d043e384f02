// What another application on the sending host loses by a transfer.
#include <gtest/gtest.h>

#include <cmath>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

/// As in traces/default.toml: victim and stream together are more than there is.
ScenarioParams contended() {
  ScenarioParams p = quiet_params();
  p.stream.swapped = 0.5;
  p.stream.start = sim::Time::from_ms(20);
  p.victims = 1;
  p.victim_resident = 1;
  p.pressure.working_set = sim::Bytes::mib(50);
  return p;
}

// req: I-P0017b
TEST(Victim, IsSlowedDownWhereTheWholeStreamIsPinned) {
  const auto s = run(contended(), "fig3");
  expect_intact(s);
  EXPECT_GT(s.swap_out_bytes, 0u);
  EXPECT_GT(s.victim_slowdown, 4);
}

TEST(Victim, IsHardlySlowedDownByBlocksPinnedOneByOne) {
  const auto s = run(contended(), "fig8+fig9");
  expect_intact(s);
  EXPECT_GT(s.swap_out_bytes, 0u);
  EXPECT_LT(s.victim_slowdown, 1.5);
}

TEST(Victim, IsNotSlowedDownWithEnoughMemory) {
  ScenarioParams p = contended();
  p.system.host.dram.size = sim::Bytes::mib(128);
  const auto s = run(p, "fig3");
  expect_intact(s);
  EXPECT_NEAR(s.victim_slowdown, 1, 0.05);
}

TEST(Victim, HasNoFigureWithoutTimeBeforeTheStream) {
  ScenarioParams p = contended();
  p.stream.size = sim::Bytes::kib(64);
  p.pressure.start = p.stream.start;
  EXPECT_TRUE(std::isnan(run(p, "fig3").victim_slowdown));
}

}  // namespace
}  // namespace vctoe::scenario
