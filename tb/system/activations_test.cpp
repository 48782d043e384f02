// What a segment costs in kernel events: counted, because CPU time is not the same twice.
#include <gtest/gtest.h>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

double activations_per_segment(const ScenarioParams& p) {
  const auto s = run(p, "fig8");
  expect_intact(s);
  return static_cast<double>(s.kernel_activations) / static_cast<double>(s.segments);
}

ScenarioParams bulk() {
  ScenarioParams p = quiet_params();
  p.stream.size = {32 << 20};
  p.system.net.delay = sim::Time::from_us(5);
  return p;
}

TEST(Activations, BulkSegmentTakesAtMostTwenty) {
  EXPECT_LE(activations_per_segment(bulk()), 20);
}

TEST(Activations, LossOfOneInAThousandHardlyAddsAny) {
  ScenarioParams p = bulk();
  p.system.net.loss.kind = net::LossKind::kBernoulli;
  EXPECT_LE(activations_per_segment(p), 20);
}

}  // namespace
}  // namespace vctoe::scenario
