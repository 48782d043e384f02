#include "sw/bridge/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vctoe::bridge {
namespace {

constexpr int kFrames = 20'000;

/// Numbers of the frames that arrive, in their order; one frame every microsecond.
std::vector<int> pass(const net::LinkParams& params, std::uint64_t seed = 1,
                      const char* direction = "there") {
  net::LinkParams fast = params;
  fast.rate = sim::BitRate::gbps(1000);
  Wire wire(fast, seed, direction);
  std::vector<int> arrived;
  const auto take = [&](std::uint64_t now) {
    while (const auto f = wire.take(now)) {
      arrived.push_back(f->data()[0] | f->data()[1] << 8);
      EXPECT_LE(f->due, now);
    }
  };
  for (int i = 0; i < kFrames; ++i) {
    const std::uint8_t frame[2] = {static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8)};
    wire.put(frame, 2, static_cast<std::uint64_t>(i) * 1000);
    take(static_cast<std::uint64_t>(i) * 1000);
  }
  take(~std::uint64_t{0} - 1);
  return arrived;
}

net::LinkParams losing(double loss) {
  net::LinkParams p = plain_line();
  p.loss.kind = net::LossKind::kBernoulli;
  p.loss.probability = loss;
  return p;
}

net::LinkParams reordering(net::LinkParams p) {
  p.reorder.probability = 0.1;
  p.reorder.delay = sim::Time::from_us(25);
  return p;
}

TEST(BridgeWire, WithoutOptionsEverythingArrivesAtOnceAndInOrder) {
  const auto arrived = pass(plain_line());
  ASSERT_EQ(arrived.size(), static_cast<std::size_t>(kFrames));
  for (int i = 0; i < kFrames; ++i) ASSERT_EQ(arrived[static_cast<std::size_t>(i)], i);
}

TEST(BridgeWire, ADelayedFrameIsNotThereBeforeItsTime) {
  net::LinkParams p = plain_line();
  p.delay = sim::Time::from_ns(500);
  Wire wire(p, 1, "there");
  EXPECT_EQ(wire.next(), ~std::uint64_t{0});
  const std::uint8_t frame = 7;
  wire.put(&frame, 1, 1000);
  EXPECT_EQ(wire.next(), 1500u);
  EXPECT_FALSE(wire.take(1499));
  const auto taken = wire.take(1500);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->size(), 60u) << "padded";
  EXPECT_EQ(taken->data()[0], 7);
}

TEST(BridgeWire, FramesFollowOneAnotherAtTheRateOfTheLine) {
  Wire wire(plain_line(), 1, "there");
  const std::vector<std::uint8_t> frame(1514);
  for (int i = 0; i < 3; ++i) wire.put(frame.data(), frame.size(), 1000);
  for (const std::uint64_t due : {1000u, 2230u, 3460u}) {  // 1538 B at 10 Gb/s
    EXPECT_EQ(wire.next(), due);
    EXPECT_TRUE(wire.take(due));
  }
}

TEST(BridgeWire, LossesFollowFromTheSeedAndAreAsManyAsAskedFor) {
  const auto first = pass(losing(0.05));
  EXPECT_NEAR(1 - static_cast<double>(first.size()) / kFrames, 0.05, 0.005);
  EXPECT_EQ(pass(losing(0.05)), first);
  EXPECT_NE(pass(losing(0.05), 1, "back"), first) << "the other direction loses others";
  EXPECT_NE(pass(losing(0.05), 2), first);
}

TEST(BridgeWire, LateFramesAreOvertakenAndNoneIsLost) {
  const auto arrived = pass(reordering(plain_line()));
  ASSERT_EQ(arrived.size(), static_cast<std::size_t>(kFrames));
  int overtaken = 0;
  for (std::size_t i = 1; i < arrived.size(); ++i) overtaken += arrived[i] < arrived[i - 1] ? 1 : 0;
  EXPECT_NEAR(overtaken, 0.1 * kFrames, 0.02 * kFrames);
}

TEST(BridgeWire, ReorderingDoesNotChangeWhatIsLost) {
  const auto kept = pass(losing(0.02));
  auto mixed = pass(reordering(losing(0.02)));
  std::sort(mixed.begin(), mixed.end());
  EXPECT_EQ(mixed, kept);
}

TEST(BridgeWire, DuplicatesFollowTheirOriginal) {
  net::LinkParams p = plain_line();
  p.duplicate.probability = 0.05;
  const auto arrived = pass(p);
  int twice = 0;
  for (std::size_t i = 1; i < arrived.size(); ++i) twice += arrived[i] == arrived[i - 1] ? 1 : 0;
  EXPECT_EQ(arrived.size(), static_cast<std::size_t>(kFrames + twice));
  EXPECT_NEAR(twice, 0.05 * kFrames, 0.01 * kFrames);
}

TEST(BridgeWire, WhatIsUnderWayIsBounded) {
  net::LinkParams p = plain_line();
  p.delay = sim::Time::from_ms(1);
  Wire wire(p, 1, "there", 3);
  const std::uint8_t frame = 7;
  for (int i = 0; i < 5; ++i) wire.put(&frame, 1, 0);
  EXPECT_EQ(wire.stats().overflowed, 2u);
}

}  // namespace
}  // namespace vctoe::bridge
