#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "models/nic/in_ring.h"
#include "models/nic/out_ring.h"
#include "tb/unit/nic/fake_dma.h"

namespace vctoe::nic {
namespace {

constexpr std::uint64_t kBase = 4096;

void put(FakeDma& dma, std::uint64_t address, const void* what, std::size_t n) {
  std::memcpy(dma.memory.data() + address, what, n);
}

SubmitEntry post(std::uint64_t txn) {
  SubmitEntry e;
  e.op = SubmitOp::kPost;
  e.txn = txn;
  return e;
}

TEST(InRing, FetchesNewEntriesInOrderAcrossTheWrap) {
  FakeDma dma(1 << 16);
  std::vector<std::uint64_t> seen;
  InRing<SubmitEntry> ring(dma, 3,
                           [&](const SubmitEntry& e, const auto&) { seen.push_back(e.txn); });
  ring.set_base(kBase);
  ring.set_size(4);
  std::uint64_t written = 0;
  for (const std::uint64_t batch : {3, 4, 1, 4}) {
    for (std::uint64_t i = 0; i < batch; ++i, ++written) {
      const SubmitEntry e = post(written);
      put(dma, kBase + (written % 4) * kEntrySize, &e, sizeof e);
    }
    ring.doorbell(written);
    dma.finish_all();
  }
  ASSERT_EQ(seen.size(), 12u);
  for (std::uint64_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  EXPECT_TRUE(ring.idle());
}

// req: I-P0019a
TEST(InRing, AnEntryWaitsForItsScatterListAndTheOnesBehindItWait) {
  FakeDma dma(1 << 16);
  std::vector<std::uint64_t> seen;
  std::vector<SgElement> list;
  InRing<SubmitEntry> ring(dma, 16, [&](const SubmitEntry& e, const std::vector<SgElement>& sg) {
    seen.push_back(e.txn);
    if (!sg.empty()) list = sg;
  });
  ring.set_base(kBase);
  ring.set_size(8);
  const SgElement elements[3] = {{0x1000, 10, 0}, {0x5000, 20, 0}, {0x9000, 30, 0}};
  put(dma, 512, elements, sizeof elements);
  SubmitEntry first = post(1);
  first.count = 3;
  first.sg_address = 512;
  const SubmitEntry second = post(2);
  put(dma, kBase, &first, sizeof first);
  put(dma, kBase + kEntrySize, &second, sizeof second);
  ring.doorbell(2);
  dma.finish_one();  // the entries
  EXPECT_TRUE(seen.empty());
  dma.finish_one();  // the list
  EXPECT_EQ(seen, (std::vector<std::uint64_t>{1, 2}));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[2].address, 0x9000u);
  EXPECT_EQ(list[2].length, 30u);
}

TEST(InRing, DoorbellsBackwardsOrBeyondTheRingAreIgnoredAndCounted) {
  FakeDma dma(1 << 16);
  int seen = 0;
  InRing<ReplyEntry> ring(dma, 16, [&](const ReplyEntry&, const auto&) { ++seen; });
  ring.set_base(kBase);
  ring.set_size(4);
  ring.doorbell(2);
  dma.finish_all();
  ring.doorbell(1);
  ring.doorbell(7);
  dma.finish_all();
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(ring.bad_doorbells(), 2u);
}

// req: I-P0019a
TEST(OutRing, PhaseFlipsAtEachTurnAndEntriesWaitWhileTheRingIsFull) {
  FakeDma dma(1 << 16);
  InterruptModerator interrupt("interrupt", dma, 0, sim::Time::zero());
  OutRing<CompletionEntry> ring(dma, interrupt);
  ring.set_base(kBase);
  ring.set_size(2);
  for (std::uint64_t i = 0; i < 5; ++i) {
    CompletionEntry e;
    e.txn = i;
    ring.push(e);
  }
  dma.finish_all();
  EXPECT_EQ(ring.backlog(), 3u);
  const auto slot = [&](int i) {
    CompletionEntry e;
    std::memcpy(&e, dma.memory.data() + kBase + static_cast<std::size_t>(i) * kEntrySize, sizeof e);
    return e;
  };
  EXPECT_EQ(slot(0).phase, 1);
  EXPECT_EQ(slot(1).txn, 1u);
  ring.doorbell(2);
  dma.finish_all();
  EXPECT_EQ(slot(0).phase, 0);
  EXPECT_EQ(slot(0).txn, 2u);
  ring.doorbell(4);
  dma.finish_all();
  EXPECT_EQ(slot(0).phase, 1);
  EXPECT_EQ(slot(0).txn, 4u);
  EXPECT_EQ(ring.backlog(), 0u);
}

TEST(InterruptModerator, OneMessageAnIntervalHoweverManyCauses) {
  FakeDma dma(16);
  InterruptModerator interrupt("interrupt", dma, 1, sim::Time::from_us(5));
  for (int i = 0; i < 10; ++i) interrupt.raise();
  dma.finish_all();
  EXPECT_EQ(dma.interrupts, 1);
  sc_core::sc_start(4, sc_core::SC_US);
  dma.finish_all();
  EXPECT_EQ(dma.interrupts, 1);
  sc_core::sc_start(2, sc_core::SC_US);
  dma.finish_all();
  EXPECT_EQ(dma.interrupts, 2);
  EXPECT_EQ(interrupt.raised(), 10u);
  sc_core::sc_start(10, sc_core::SC_US);
  EXPECT_EQ(dma.pending(), 0u);
}

TEST(InterruptModerator, WhatIsRaisedWhileMaskedIsSentWhenTheMaskEnds) {
  FakeDma dma(64);
  InterruptModerator interrupt("interrupt", dma, 1, sim::Time::zero());
  interrupt.mask(true);
  interrupt.raise();
  dma.finish_all();
  EXPECT_EQ(dma.interrupts, 0);
  interrupt.mask(false);
  dma.finish_all();
  EXPECT_EQ(dma.interrupts, 1);
  EXPECT_EQ(interrupt.raised(), 1u);
}

TEST(InterruptModerator, MessageFollowsTheWritesBeforeIt) {
  FakeDma dma(1 << 16);
  InterruptModerator interrupt("interrupt", dma, 1, sim::Time::zero());
  OutRing<RequestEntry> ring(dma, interrupt);
  ring.set_base(kBase);
  ring.set_size(4);
  ring.push({});
  EXPECT_EQ(dma.front().purpose, pcie::Purpose::kDescriptor);
  dma.finish_one();
  EXPECT_EQ(dma.front().purpose, pcie::Purpose::kInterrupt);
}

}  // namespace
}  // namespace vctoe::nic
