#include "sw/kernel/frame_table.h"

#include <gtest/gtest.h>

#include <set>

#include "models/sim/error.h"

namespace vctoe::kernel {
namespace {

TEST(FrameTable, HandsOutFramesInAscendingOrderUnlessShuffled) {
  sim::Rng rng(1, "frames");
  FrameTable table(4, false, rng);
  for (FrameNumber f = 0; f < 4; ++f) EXPECT_EQ(table.take(FrameState::kMapped), f);
  EXPECT_EQ(table.take(FrameState::kMapped), kNoFrame);
}

// req: I-F02-10ab, I-P0031
TEST(FrameTable, ShuffledFramesAreScatteredAndEachIsHandedOutOnce) {
  sim::Rng rng(1, "frames");
  FrameTable table(256, true, rng);
  std::set<FrameNumber> seen;
  unsigned neighbours = 0;
  FrameNumber last = kNoFrame;
  for (int i = 0; i < 256; ++i) {
    const FrameNumber f = table.take(FrameState::kMapped);
    seen.insert(f);
    if (last != kNoFrame && f == last + 1) ++neighbours;
    last = f;
  }
  EXPECT_EQ(seen.size(), 256u);
  EXPECT_LT(neighbours, 16u);  // one is expected; 255 without shuffling
}

TEST(FrameTable, RefusesToFreePinnedAndFreeFrames) {
  sim::Rng rng(1, "frames");
  FrameTable table(4, false, rng);
  const FrameNumber f = table.take(FrameState::kMapped);
  table[f].pins = 1;
  EXPECT_THROW(table.release(f), sim::Error);
  table[f].pins = 0;
  table.release(f);
  EXPECT_THROW(table.release(f), sim::Error);
  EXPECT_EQ(table.free_count(), 4u);
}

TEST(FrameTable, AWithheldFrameIsNeverHandedOut) {
  sim::Rng rng(1, "frames");
  FrameTable table(3, false, rng);
  table.withhold(0, 1);
  EXPECT_EQ(table.take(FrameState::kMapped), 1u);
  EXPECT_EQ(table.take(FrameState::kMapped), 2u);
  EXPECT_EQ(table.take(FrameState::kMapped), kNoFrame);
}

TEST(FrameTable, NeighboursAreWithheldTogetherOrNotAtAll) {
  sim::Rng rng(1, "frames");
  FrameTable table(8, true, rng);
  table.withhold(2, 3);
  EXPECT_EQ(table.free_count(), 5u);
  std::set<FrameNumber> rest;
  for (int i = 0; i < 5; ++i) rest.insert(table.take(FrameState::kMapped));
  EXPECT_EQ(rest, (std::set<FrameNumber>{0, 1, 5, 6, 7}));
  EXPECT_THROW(table.withhold(0, 1), sim::Error);
}

TEST(FrameTable, OnlyAFrameThatHadAUserIsStale) {
  sim::Rng rng(1, "frames");
  FrameTable table(1, false, rng);
  EXPECT_FALSE(table[table.take(FrameState::kMapped)].stale);
  table.release(0);
  EXPECT_TRUE(table[table.take(FrameState::kMapped)].stale);
}

}  // namespace
}  // namespace vctoe::kernel
