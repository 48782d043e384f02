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

// A block of 1 KiB pins the whole of its page.
TEST(TwinOf, BlocksBelowAPageCountWithTheirPage) {
  ScenarioParams p = transfer(10, 1, 0);
  p.system.nic.core.request_ahead = 16;
  const auto s = run(p, "fig8");
  expect_inside(s);
  EXPECT_LE(std::abs(s.twin.pinned_gap), 0.1);
}

// One record read after the other, 0.6 us each.
TEST(TwinOf, SmallBlocksOnAFastLineAreTheWalkersLimit) {
  ScenarioParams p = transfer(10, 1, 0);
  p.system.nic.core.request_ahead = 16;
  p.system.nic.mac.rate = sim::BitRate::gbps(40);
  const auto s = run(p, "fig8");
  expect_inside(s);
  EXPECT_EQ(s.twin.limit, "walker");
}

// Acknowledgements hold blocks back; those on swap are asked for two at a time.
TEST(TwinOf, TwoBlocksFromSwapMayBeUnacknowledged) {
  ScenarioParams p = transfer(200, 16, 0.5);
  p.system.nic.core.blocks_outstanding = 2;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_LE(std::abs(s.twin.completion_gap), s.twin.bound);
  EXPECT_LE(std::abs(s.twin.goodput_gap), s.twin.bound);
}

// Sixteen might be unsent, but four unacknowledged: two or so are pinned.
TEST(TwinOf, PinsAreFewerByWhatIsNotAcknowledged) {
  ScenarioParams p = transfer(50, 64, 0);
  p.system.nic.core.blocks_outstanding = 4;
  p.system.nic.core.request_ahead = 16;
  expect_inside(run(p, "fig8"));
}

// Blocks of which one that begins inside the window reaches far beyond it.
TEST(TwinOf, LargeBlocksAreAskedForUpToTheWindow) {
  ScenarioParams p = transfer(10, 256, 0);
  p.stream.size = sim::Bytes::mib(16);
  p.system.host.dram.size = sim::Bytes::mib(128);
  p.system.nic.core.request_ahead = 16;
  expect_inside(run(p, "fig8"));
}

// The first three of four blocks are asked for at once.
TEST(TwinOf, AShortStreamFromSwap) {
  ScenarioParams p = transfer(10, 64, 0.5);
  p.stream.size = sim::Bytes::kib(256);
  expect_inside(run(p, "fig8"));
}

/// At 100 Gb/s over a link of gen5 x16, with `times` the credits that hosts give.
outputs::RunSummary at_100_gbps(std::uint64_t times, sim::Bytes buffer = sim::Bytes::mib(2)) {
  ScenarioParams p = transfer(10, 64, 0);
  p.stream.size = sim::Bytes::mib(16);
  p.system.host.dram.size = sim::Bytes::mib(128);
  p.system.pcie.gen = 5;
  p.system.pcie.lanes = 16;
  p.system.pcie.host_credits.pd *= times;
  p.system.pcie.host_credits.ph *= times;
  p.system.nic.mac.rate = sim::BitRate::gbps(100);
  p.system.nic.rx.buffer = buffer;
  p.system.nic.dma.outstanding_bytes = sim::Bytes::kib(256);
  p.receiver.read_rate = sim::BitRate::gbps(400);
  const auto s = run(p, "fig8");
  expect_intact(s);
  return s;
}

// The receiving card's writes wait for the credits of its host.
TEST(TwinOf, PostedCreditsAreTheLimit) {
  const auto s = at_100_gbps(1);
  EXPECT_EQ(s.twin.limit, "credits");
  EXPECT_LE(std::abs(s.twin.completion_gap), s.twin.bound);
  EXPECT_LT(s.goodput_bps, 60e9);
}

TEST(TwinOf, TwiceThePostedCreditsAreNone) {
  const auto s = at_100_gbps(2);
  EXPECT_EQ(s.twin.limit, "wire");
  EXPECT_LE(std::abs(s.twin.completion_gap), s.twin.bound);
  EXPECT_GT(s.goodput_bps, 75e9);
}

// A buffer that holds less than a window overflows; what is lost there is in no form.
TEST(TwinOf, FramesThatTheReceiverDropsHaveNoForm) {
  const auto s = at_100_gbps(1, sim::Bytes::kib(512));
  EXPECT_GT(s.retransmitted_segments, 0U);
  EXPECT_EQ(s.twin.limit, "no form: segments sent again that the network did not lose");
}

TEST(TwinOf, MemoryOnTheOtherSocketHasNoForm) {
  ScenarioParams p = transfer(10, 64, 0);
  p.system.host.root_complex.numa = host::NumaPlacement::kRemoteMemory;
  EXPECT_EQ(run(p, "fig8").twin.limit, "no form: two sockets");
}

TEST(TwinOf, AnApplicationBelowTheLineIsASlowReader) {
  ScenarioParams p = transfer(10, 64, 0);
  p.receiver.read_rate = sim::BitRate::gbps(5);
  EXPECT_EQ(run(p, "fig8").twin.limit, "no form: a slow reader");
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
