// Laws of TCP and transfers against numbers worked out by hand.
#include <gtest/gtest.h>

#include "sw/twin/pins.h"
#include "sw/twin/tcp_laws.h"
#include "sw/twin/transfer.h"

namespace vctoe::twin {
namespace {

TEST(TcpLaws, MathisIsTheRootOfThreeOverTwoP) {
  EXPECT_NEAR(mathis_window(0.0001), 122.474, 0.001);  // calibration 6.4
  EXPECT_NEAR(mathis_window(0.01), 12.247, 0.001);
}

TEST(TcpLaws, PftkIsThePublishedFigure) {
  EXPECT_NEAR(pftk_window(0.0001, 1, 20), 121.7, 0.05);  // calibration 6.4: 10 ms, RTO 200 ms
}

TEST(TcpLaws, CubicIsTheResponseFunctionOfRfc9438) {
  EXPECT_NEAR(cubic_window(0.0001, 0.1), 1.054 * 177.828, 0.1);  // 0.1^.75 / 1e-4^.75
}

// 10, 20, 40, 80, 160; with every second acknowledged 10, 15, 22, 33, 49, 73, 109.
TEST(TcpLaws, SlowStartAddsASegmentForEachAcknowledgement) {
  EXPECT_EQ(slow_start_rounds(10, 160, 1), 4u);
  EXPECT_EQ(slow_start_rounds(10, 109, 2), 6u);
  EXPECT_EQ(slow_start_rounds(10, 10, 2), 0u);
}

Path path() {
  Path p;
  p.segments = 1000;
  p.segment_s = 1e-6;
  p.round_trip_s = 100e-6;
  p.per_ack = 1;
  return p;
}

// Flights of 10, 20, 40 and 80 take a round trip each; 160 fill the path: 850 segments of 1 us.
TEST(Transfer, SlowStartThenTheLine) {
  const Transfer t = transfer(path());
  EXPECT_NEAR(t.growing, 150, 1e-9);
  EXPECT_NEAR(t.growing_s, 400e-6, 1e-12);
  EXPECT_NEAR(t.seconds, 400e-6 + 850e-6, 1e-12);
}

// The first flight is the whole transfer: it goes as fast as the line takes it.
TEST(Transfer, WhatFitsIntoTheFirstFlightTakesTheLinesTime) {
  Path p = path();
  p.segments = 8;
  EXPECT_NEAR(transfer(p).seconds, 8e-6, 1e-12);
}

// A window of 50 segments: flights of 10, 20 and 40, then 930 segments at 50 a round trip of 110
// us.
TEST(Transfer, TheWindowOverTheRoundTrip) {
  Path p = path();
  p.window = 50;
  p.window_turn_s = 10e-6;
  EXPECT_NEAR(transfer(p).seconds, 300e-6 + 930 * 110e-6 / 50, 1e-12);
}

// A loss at segment 500. Until then flights of 10 to 80, and 350 segments on the line. Then the
// window is 50 and grows to sqrt(2500 + 1000) = 59.161: 9.161 round trips and one of recovery.
TEST(Transfer, ALossHalvesTheWindowWhichThenGrowsByOne) {
  Path p = path();
  p.losses = 1;
  EXPECT_NEAR(transfer(p).seconds, 1766.1e-6, 1e-7);
}

// Long after slow start a saw tooth is that of Mathis: sqrt(3/2p) segments a round trip, but for
// the round trip of recovery.
TEST(Transfer, ManyLossesComeToTheLawOfMathis) {
  Path p = path();
  p.segment_s = 1e-9;
  p.losses = 2000;
  p.segments = 2001.0 * 10'000;
  const double mean = p.segments * p.round_trip_s / transfer(p).seconds;
  EXPECT_NEAR(mean / mathis_window(1e-4), 1, 0.02);
}

TEST(Pins, ASingleBlockIsPinnedForItsTimeOnTheLineAndBeforeItsUse) {
  EXPECT_NEAR(single_block_integral(1e6, 1000, 1e9, 1e-6), 1e6 * 2e-6, 1e-12);
}

}  // namespace
}  // namespace vctoe::twin
