#include "sw/kernel/reclaim_policy.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

namespace vctoe::kernel {
namespace {

struct FakeBits : AccessedBits {
  std::set<FrameNumber> used;
  bool test_and_clear(FrameNumber f) override { return used.erase(f) != 0; }
};

TEST(ClockPolicy, GivesAUsedPageASecondChance) {
  ClockPolicy clock(8);
  FakeBits bits;
  for (const FrameNumber f : {1, 2, 3}) clock.add(f);
  bits.used = {1, 2};
  std::size_t budget = 100;
  EXPECT_EQ(clock.next(bits, budget), 3u);
  clock.remove(3);
  EXPECT_EQ(clock.next(bits, budget), 1u);
  EXPECT_EQ(budget, 96u);
}

TEST(TwoListPolicy, AScanDoesNotPushOutTheHotSet) {
  TwoListPolicy lists(64);
  FakeBits bits;
  const std::set<FrameNumber> hot = {0, 1, 2, 3};
  for (const FrameNumber f : hot) lists.add(f);
  // 40 pages are used once each while the hot ones are used all the time.
  for (FrameNumber f = 4; f < 44; ++f) {
    lists.add(f);
    bits.used.insert(hot.begin(), hot.end());
    std::size_t budget = 1000;
    const FrameNumber victim = lists.next(bits, budget);
    EXPECT_EQ(hot.count(victim), 0u) << victim;
    lists.remove(victim);
  }
}

TEST(TwoListPolicy, KeepsTheActiveListNoLongerThanTheInactive) {
  TwoListPolicy lists(64);
  FakeBits bits;
  for (FrameNumber f = 0; f < 32; ++f) lists.add(f);
  for (int i = 0; i < 200; ++i) {
    for (FrameNumber f = 0; f < 32; ++f) bits.used.insert(f);
    std::size_t budget = 8;
    lists.next(bits, budget);
    EXPECT_LE(lists.active(), lists.inactive() + 2);  // one page moves up before the next look
  }
}

// req: I-G01e
TEST(TwoListPolicy, PinnedPagesDoNotHideTheOthers) {
  TwoListPolicy lists(64);
  FakeBits bits;
  for (FrameNumber f = 0; f < 32; ++f) lists.add(f);
  for (FrameNumber f = 0; f < 32; ++f) bits.used.insert(f);
  // Everybody has been used; 0..15 are pinned, so whoever chooses them leaves them where they are.
  std::size_t evicted = 0;
  for (std::size_t budget = 128; budget > 0;) {
    const FrameNumber f = lists.next(bits, budget);
    if (f == kNoFrame || f < 16) continue;
    lists.remove(f);
    ++evicted;
  }
  EXPECT_EQ(evicted, 16u);
}

/// Whatever happens, a candidate is a known frame, and with unused pages one is always found.
void candidates_are_known(ReclaimKind kind) {
  auto policy = make_reclaim_policy(kind, 32);
  FakeBits bits;
  std::set<FrameNumber> known;
  for (const auto& op : *rc::gen::container<std::vector<std::pair<int, FrameNumber>>>(
           200, rc::gen::pair(rc::gen::inRange(0, 4), rc::gen::inRange<FrameNumber>(0, 32)))) {
    if (op.first == 0 && known.insert(op.second).second) policy->add(op.second);
    if (op.first == 1 && known.erase(op.second) != 0) policy->remove(op.second);
    if (op.first == 2) bits.used.insert(op.second);
    if (op.first == 3) {
      std::size_t budget = 200;
      const FrameNumber f = policy->next(bits, budget);
      RC_ASSERT((f == kNoFrame) == known.empty());
      RC_ASSERT(f == kNoFrame || known.count(f) == 1);
    }
    for (FrameNumber f = 0; f < 32; ++f) RC_ASSERT(policy->knows(f) == (known.count(f) != 0));
  }
}

TEST(ReclaimPolicy, ClockOffersOnlyKnownFramesAndFindsOne) {
  EXPECT_TRUE(rc::check("clock", [] { candidates_are_known(ReclaimKind::kClock); }));
}

TEST(ReclaimPolicy, TwoListsOfferOnlyKnownFramesAndFindOne) {
  EXPECT_TRUE(rc::check("two_list", [] { candidates_are_known(ReclaimKind::kTwoList); }));
}

}  // namespace
}  // namespace vctoe::kernel
