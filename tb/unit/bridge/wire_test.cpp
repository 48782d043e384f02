#include "sw/bridge/wire.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace vctoe::bridge {
namespace {

constexpr int kFrames = 20'000;

/// Numbers of the frames that arrive, in their order; one frame every microsecond.
std::vector<int> pass(const WireOptions& options, unsigned direction = 0) {
  WireOptions fast = options;
  fast.rate = 1000;
  Wire wire(fast, direction);
  std::vector<int> arrived;
  const auto take = [&](std::uint64_t now) {
    while (const auto f = wire.take(now)) {
      arrived.push_back(f->bytes[0] | f->bytes[1] << 8);
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

TEST(BridgeWire, WithoutOptionsEverythingArrivesAtOnceAndInOrder) {
  const auto arrived = pass({});
  ASSERT_EQ(arrived.size(), static_cast<std::size_t>(kFrames));
  for (int i = 0; i < kFrames; ++i) ASSERT_EQ(arrived[static_cast<std::size_t>(i)], i);
}

TEST(BridgeWire, ADelayedFrameIsNotThereBeforeItsTime) {
  WireOptions o;
  o.rate = 1000;
  o.delay = 500;
  Wire wire(o, 0);
  EXPECT_EQ(wire.next(), ~std::uint64_t{0});
  const std::uint8_t frame = 7;
  wire.put(&frame, 1, 1000);
  EXPECT_EQ(wire.next(), 1500u);
  EXPECT_FALSE(wire.take(1499));
  ASSERT_TRUE(wire.take(1500));
}

TEST(BridgeWire, FramesFollowOneAnotherAtTheRateOfTheLine) {
  Wire wire({}, 0);
  const std::vector<std::uint8_t> frame(1514);
  for (int i = 0; i < 3; ++i) wire.put(frame.data(), frame.size(), 1000);
  for (const std::uint64_t due : {2230u, 3460u, 4690u}) {  // 1538 B at 10 Gb/s
    EXPECT_EQ(wire.next(), due);
    EXPECT_TRUE(wire.take(due));
  }
}

TEST(BridgeWire, LossesFollowFromTheSeedAndAreAsManyAsAskedFor) {
  WireOptions o;
  o.loss = 0.05;
  const auto first = pass(o);
  EXPECT_NEAR(1 - static_cast<double>(first.size()) / kFrames, 0.05, 0.005);
  EXPECT_EQ(pass(o), first);
  EXPECT_NE(pass(o, 1), first) << "the other direction loses others";
  o.seed = 2;
  EXPECT_NE(pass(o), first);
}

TEST(BridgeWire, LateFramesAreOvertakenAndNoneIsLost) {
  WireOptions o;
  o.reorder = 0.1;
  o.late = 50'000;
  const auto arrived = pass(o);
  ASSERT_EQ(arrived.size(), static_cast<std::size_t>(kFrames));
  int overtaken = 0;
  for (std::size_t i = 1; i < arrived.size(); ++i) overtaken += arrived[i] < arrived[i - 1] ? 1 : 0;
  EXPECT_NEAR(overtaken, 0.1 * kFrames, 0.02 * kFrames);
}

TEST(BridgeWire, ReorderingDoesNotChangeWhatIsLost) {
  WireOptions o;
  o.loss = 0.02;
  auto kept = pass(o);
  o.reorder = 0.1;
  o.late = 50'000;
  auto mixed = pass(o);
  std::sort(mixed.begin(), mixed.end());
  EXPECT_EQ(mixed, kept);
}

TEST(BridgeWire, WhatIsUnderWayIsBounded) {
  WireOptions o;
  o.queue = 3;
  o.delay = 1'000'000;
  Wire wire(o, 0);
  const std::uint8_t frame = 7;
  for (int i = 0; i < 5; ++i) wire.put(&frame, 1, 0);
  EXPECT_EQ(wire.stats().overflowed, 2u);
}

}  // namespace
}  // namespace vctoe::bridge
