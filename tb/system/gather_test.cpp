// Copies instead of pages: contiguous gathering (FIG. 4) and the circular buffer of [0008].
#include <gtest/gtest.h>

#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;

ScenarioParams params(driver::Gather gather) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(512);
  p.stream.swapped = 0.3;
  p.kernel.shuffle_frames = true;
  p.driver.gather = gather;
  return p;
}

/// Whether all reads of payload together are one piece of memory of the stream's size.
bool reads_are_contiguous(const TraceLog& log) {
  const auto reads = log.all(TraceKind::kDmaRead);
  std::uint64_t lowest = ~std::uint64_t{0};
  std::uint64_t highest = 0;
  for (const std::size_t i : reads) {
    lowest = std::min(lowest, log[i].address);
    highest = std::max(highest, log[i].address + log[i].length);
  }
  return !reads.empty() && highest - lowest == sim::Bytes::kib(512).n;
}

// req: I-F04-gather, I-P0012
TEST(Gather, ContiguousFig3SendsFromConsecutiveFramesAndPaysForTheCopy) {
  TraceLog log;
  const auto s = run(params(driver::Gather::kContiguous), "fig3", "", log.listen());
  expect_intact(s);
  EXPECT_TRUE(reads_are_contiguous(log));
  EXPECT_EQ(stat(s, "sender.driver.copies.first.bytes"), 512 * 1024);
  EXPECT_GT(stat(s, "sender.cpu.busy.copy"), 0);
  // Block 70: all of the stream comes out of swap before the first segment leaves.
  EXPECT_LT(log.last(TraceKind::kSwapIn), log.first(TraceKind::kTxFirst));
}

TEST(Gather, ScatteredFig3SendsFromTheProcessesOwnFramesAndCopiesNothing) {
  TraceLog log;
  const auto s = run(params(driver::Gather::kScatter), "fig3", "", log.listen());
  expect_intact(s);
  EXPECT_FALSE(reads_are_contiguous(log));
  EXPECT_EQ(stat(s, "sender.driver.copies.first.bytes"), 0);
}

// req: I-P0054
TEST(Gather, ContiguousFig12SendsFromTheCopyAndResendsFromCopiesOfItsOwn) {
  ScenarioParams p = params(driver::Gather::kContiguous);
  lose(p, 0.02);
  const auto s = run(p, "fig12+fig9");
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_EQ(stat(s, "sender.driver.copies.first.bytes"), 512 * 1024);
  EXPECT_GE(stat(s, "sender.driver.copies.again.bytes"),
            static_cast<double>(stat(s, "sender.nic.request.retransmit_bytes")));
}

// req: I-P0042a
TEST(Gather, ARetransmissionIsGatheredIntoOnePieceOrLeftWhereItLies) {
  ScenarioParams p = params(driver::Gather::kContiguous);
  lose(p, 0.02);
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.driver.copies.again.bytes"), 0);
  EXPECT_EQ(stat(s, "sender.driver.copies.again.bytes"),
            stat(s, "sender.nic.request.retransmit_bytes"));
}

TEST(Gather, CopiesLargerThanTheirMemoryGoInParts) {
  ScenarioParams p = params(driver::Gather::kContiguous);
  p.driver.gather_area = sim::Bytes::kib(128);
  p.driver.gather_reserve = sim::Bytes::kib(64);
  lose(p, 0.02);
  const auto s = run(p, "fig12+fig9");
  expect_intact(s);
  EXPECT_GE(s.lists_posted, 4u);
}

// req: I-P0008
TEST(Circular, BytesAreCopiedAndHeldUntilTheyAreAcknowledged) {
  TraceLog log;
  ScenarioParams p = params(driver::Gather::kScatter);
  p.driver.circular_size = sim::Bytes::kib(64);
  lose(p, 0.02);
  const auto s = run(p, "circular", "", log.listen());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_EQ(stat(s, "sender.driver.copies.first.bytes"), 512 * 1024) << "copied once, not again";
  EXPECT_EQ(log.count(TraceKind::kBlockRequest), 0u);
  EXPECT_EQ(s.pinned_peak_bytes, 64u * 1024) << "the ring, and nothing else";
  // Half a ring is posted at a time; the third half waits until the first is acknowledged.
  const auto posts = log.all(TraceKind::kPost);
  ASSERT_EQ(posts.size(), 16u);
  for (std::size_t i = 2; i < posts.size(); ++i) {
    EXPECT_GT(posts[i], log.first(TraceKind::kStreamAcked, txn_is(log[posts[i - 2]].txn)));
  }
}

TEST(Circular, TheApplicationMayChangeItsBufferAsSoonAsItIsCopied) {
  ScenarioParams p = params(driver::Gather::kScatter);
  p.stream.size = sim::Bytes::kib(100);
  p.stream.swapped = 0;
  p.system.net.delay = sim::Time::from_ms(10);
  const auto s = run(p, "circular");
  expect_intact(s);
  EXPECT_LT(s.hold_s, 0.025)
      << "20 ms until the connection is open, 20 more until an acknowledgment";
}

TEST(Circular, EveryConnectionHasARing) {
  ScenarioParams p = params(driver::Gather::kScatter);
  p.stream.connections = 8;
  p.stream.size = sim::Bytes::mib(1);
  const auto s = run(p, "circular");
  expect_intact(s);
  EXPECT_EQ(s.pinned_peak_bytes, 8 * p.driver.circular_size.n);
}

}  // namespace
}  // namespace vctoe::scenario
