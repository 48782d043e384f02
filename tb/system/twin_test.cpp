// A run stands beside its closed forms, and fails when it beats what physics allows.
#include <gtest/gtest.h>

#include <cmath>
#include <tuple>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

/// 4 MiB without pressure; `share` of it on swap.
ScenarioParams transfer(std::uint64_t delay_us, std::uint64_t block_kib, double share) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(4);
  p.stream.swapped = share;
  p.system.net.delay = sim::Time::from_us(delay_us);
  p.system.net.impair = net::Impaired::kForward;
  p.driver.block_size = sim::Bytes::kib(block_kib);
  return p;
}

void expect_inside(const outputs::RunSummary& s) {
  expect_intact(s);
  const outputs::TwinFigures& t = s.twin;
  EXPECT_LE(std::abs(t.completion_gap), t.bound) << t.limit;
  EXPECT_LE(std::abs(t.goodput_gap), t.bound) << t.limit;
  EXPECT_LE(std::abs(t.pinned_gap), t.pinned_bound) << t.limit;
  EXPECT_LE(t.bound, 0.5);
}

void expect_limit(const ScenarioParams& p, const char* limit) {
  const auto s = run(p, "fig8");
  expect_inside(s);
  EXPECT_EQ(s.twin.limit, limit);
}

using Point = std::tuple<const char*, std::uint64_t, std::uint64_t, double>;
class Twin : public testing::TestWithParam<Point> {};

TEST_P(Twin, IsWithinItsStatedBound) {
  const auto& [scheme, delay, block, share] = GetParam();
  expect_inside(run(transfer(delay, block, share), scheme));
}

INSTANTIATE_TEST_SUITE_P(Points, Twin,
                         testing::Combine(testing::Values("fig3", "fig8", "fig12"),
                                          testing::Values(10u, 200u), testing::Values(16u, 64u),
                                          testing::Values(0.0, 0.5)));

TEST(TwinOf, PushedDataPinsNothingForTheNic) {
  const auto s = run(transfer(50, 64, 0), "fig11");
  expect_inside(s);
  EXPECT_EQ(s.twin.pinned_byte_s, 0);
}

TEST(TwinOf, PeriodicLossIsTheSawTooth) {
  ScenarioParams p = transfer(50, 64, 0);
  p.stream.size = sim::Bytes::mib(16);
  p.system.net.loss.kind = net::LossKind::kPeriodic;
  p.system.net.loss.period = 1000;
  expect_limit(p, "loss");
}

TEST(TwinOf, AWindowOverTheRoundTrip) {
  ScenarioParams p = transfer(200, 64, 0);
  p.stream.size = sim::Bytes::mib(16);
  p.socket.receive_buffer = sim::Bytes::kib(128);
  expect_limit(p, "window");
}

TEST(TwinOf, ANarrowPcieLinkIsTheLimit) {
  ScenarioParams p = transfer(10, 64, 0);
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 4;
  p.system.nic.mac.rate = sim::BitRate::gbps(25);
  expect_limit(p, "pcie");
}

TEST(TwinOf, FewTagsAreTheLimit) {
  ScenarioParams p = transfer(10, 64, 0);
  p.system.pcie.tags = 1;
  expect_limit(p, "tags");
}

TEST(TwinOf, WhereNoFormHoldsThereIsNoneAndItSaysWhy) {
  ScenarioParams p = transfer(10, 64, 0);
  p.system.net.jitter = sim::Time::from_us(10);
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_TRUE(std::isnan(s.twin.goodput_bps));
  EXPECT_EQ(s.twin.limit, "no form: jitter");
}

}  // namespace
}  // namespace vctoe::scenario
