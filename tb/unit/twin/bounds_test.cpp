// Figures beyond what physics allows are found, and named with their bound.
#include "sw/twin/bounds.h"

#include <gtest/gtest.h>

namespace vctoe::twin {
namespace {

using scenario::find_scheme;
using scenario::ScenarioParams;

ScenarioParams with(const char* scheme) {
  ScenarioParams p;
  p.stream.swapped = 0;
  return scenario::with_scheme(p, find_scheme(scheme));
}

/// 16 MiB in so many seconds.
outputs::RunSummary transfer_of(double seconds, double pinned = 1e6) {
  outputs::RunSummary run;
  run.stream_bytes = run.expected_bytes = run.received_bytes = 16 << 20;
  run.completion_s = seconds;
  run.goodput_bps = (16 << 20) * 8 / seconds;
  run.pinned_byte_s = pinned;
  run.simulated_s = 0.1;
  run.lists_posted = 1;
  return run;
}

std::string verdict(const ScenarioParams& p, const char* scheme, const outputs::RunSummary& run) {
  return beaten(run, physical_bounds(p, find_scheme(scheme), run));
}

bool says(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

// 16 MiB at 9.41482 Gb/s take 14.256 ms, and 50 us of propagation.
TEST(Bounds, AnHonestRunBeatsNone) {
  for (const char* scheme : {"fig3", "fig8", "fig11", "fig12"}) {
    EXPECT_EQ(verdict(with(scheme), scheme, transfer_of(14.31e-3)), "") << scheme;
  }
}

TEST(Bounds, GoodputAboveTheLineIsNamedWithBothNumbers) {
  const std::string text = verdict(with("fig8"), "fig8", transfer_of(14.0e-3));
  EXPECT_TRUE(says(text, "goodput 9.586981e+09 bit/s beats its physical bound")) << text;
  EXPECT_TRUE(says(text, "at most 9.414824e+09 bit/s: payload on the line")) << text;
}

TEST(Bounds, ACompletionWithoutPropagationIsFound) {
  const std::string text = verdict(with("fig8"), "fig8", transfer_of(14.27e-3));
  EXPECT_TRUE(says(text, "completion 0.01427 s beats")) << text;
  EXPECT_TRUE(says(text, "at least 0.014306 s: serialization and propagation")) << text;
}

// gen1 x1: 2 Gb/s after coding.
TEST(Bounds, PcieLimitsWhereItIsNarrow) {
  ScenarioParams p = with("fig8");
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 1;
  EXPECT_TRUE(says(verdict(p, "fig8", transfer_of(60e-3)), "payload on PCIe"));
}

// One tag: 512 B in 457 ns are 8.96 Gb/s; pushed data needs no tag.
TEST(Bounds, TagsLimitReads) {
  ScenarioParams p = with("fig8");
  p.system.pcie.tags = 1;
  EXPECT_TRUE(says(verdict(p, "fig8", transfer_of(14.5e-3)), "read requests on PCIe"));
  EXPECT_EQ(verdict(with("fig11"), "fig11", transfer_of(14.5e-3)), "");
}

// A window of 1 MiB and 16 MiB: 15 round trips of 2 ms, and one way.
TEST(Bounds, TheWindowNeedsItsRoundTrips) {
  ScenarioParams p = with("fig8");
  p.system.net.delay = sim::Time::from_ms(1);
  EXPECT_TRUE(says(verdict(p, "fig8", transfer_of(30.9e-3)), "the receiver's window"));
  EXPECT_EQ(verdict(p, "fig8", transfer_of(31.1e-3)), "");
}

// All on a hard disk: 312 sectors a turn are 19.17 MB/s, 0.875 s.
TEST(Bounds, TheDiskNeedsItsTime) {
  ScenarioParams p = with("fig8");
  p.stream.swapped = 1;
  p.system.host.disk.kind = host::DiskKind::kHdd;
  EXPECT_TRUE(says(verdict(p, "fig8", transfer_of(0.87)), "the rate of the swap device"));
  EXPECT_EQ(verdict(p, "fig8", transfer_of(0.88)), "");
}

// fig3: 16 MiB for 14.256 ms are 239 KB.s; in two lists half of that.
TEST(Bounds, AListIsPinnedWhileItIsSent) {
  const std::string text = verdict(with("fig3"), "fig3", transfer_of(14.31e-3, 2.38e5));
  EXPECT_TRUE(says(text, "pinned_integral 238000 B.s beats")) << text;
  EXPECT_TRUE(says(text, "at least 239176")) << text;
  outputs::RunSummary halves = transfer_of(14.31e-3, 2.38e5);
  halves.lists_posted = 2;
  EXPECT_EQ(verdict(with("fig3"), "fig3", halves), "");
}

TEST(Bounds, ABlockIsPinnedWhileItIsRead) {
  EXPECT_TRUE(says(verdict(with("fig8"), "fig8", transfer_of(14.31e-3, 7)), "while it is read"));
  EXPECT_EQ(verdict(with("fig11"), "fig11", transfer_of(14.31e-3, 0)), "");
}

TEST(Bounds, NoMoreThanAllOfMemoryIsPinned) {
  EXPECT_TRUE(says(verdict(with("fig3"), "fig3", transfer_of(14.31e-3, 1e8)), "all of DRAM"));
}

TEST(Bounds, WhatWasNotMeasuredBeatsNothing) {
  outputs::RunSummary run = transfer_of(14.31e-3);
  run.goodput_bps = run.completion_s = run.pinned_byte_s = outputs::kNotMeasured;
  EXPECT_EQ(verdict(with("fig3"), "fig3", run), "");
}

}  // namespace
}  // namespace vctoe::twin
