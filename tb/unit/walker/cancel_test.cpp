// The end of walks from outside.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;

// At each nanosecond of two connections' walks: cancel one, let the other go on, then walk again.
TEST(WalkerCancel, AtEveryStepLeavesNothingBehindAndHarmsNobody) {
  WalkerParams p;
  p.engines = 2;
  p.record_cache = 8;
  WalkerBench b(p);
  sim::TxnId txn = 0;
  std::uint64_t cut_short = 0;
  for (std::uint64_t at = 0; at < 3200; at += 3) {
    b.walks.clear();
    b.frames.clear();
    b.node_latency = Time::from_ns(at % 2 == 0 ? 250 : 700);
    const TestList victim = b.make(1, 0xffff'fff0, {1000, 1000, 1000}, 2);
    const TestList other = b.make(2, 5, {1000, 1000, 1000}, 2);
    const TestList successor = b.make(3, 8, {1000, 1000, 1000}, 2);
    const WalkRequest one = WalkerBench::ask(victim, ++txn, 0, 3000);
    const WalkRequest next = WalkerBench::ask(victim, ++txn, 500, 100);
    const WalkRequest two = WalkerBench::ask(other, ++txn, 0, 3000);
    for (const WalkRequest& r : {one, two, next}) ASSERT_TRUE(b.walker.walk(r));
    sc_core::sc_start(static_cast<double>(at), sc_core::SC_NS);
    b.walker.cancel(1);
    const WalkRequest third = WalkerBench::ask(successor, ++txn, 0, 3000);
    ASSERT_TRUE(b.walker.walk(third)) << "takes the place of the cancelled walk";
    const std::size_t said = b.walks[one.txn].blocks.size() + b.walks[next.txn].blocks.size();
    if (b.walks[one.txn].done == 0) ++cut_short;
    b.quiesce();
    EXPECT_EQ(b.walks[one.txn].blocks.size() + b.walks[next.txn].blocks.size(), said);
    EXPECT_TRUE(b.walks[one.txn].faults.empty());
    EXPECT_EQ(b.walks[two.txn].blocks, flatten(other, two, 65536, false));
    EXPECT_EQ(b.walks[two.txn].done, 1);
    EXPECT_EQ(b.walks[third.txn].blocks, flatten(successor, third, 65536, false));
    EXPECT_EQ(b.walks[third.txn].done, 1);
    b.walker.cancel(2);
    b.walker.cancel(3);
    b.quiesce();
    b.expect_nothing_left();
    const WalkRequest again = WalkerBench::ask(victim, ++txn, 0, 3000);
    EXPECT_EQ(b.run(again).blocks, flatten(victim, again, 65536, false));
    b.walker.cancel(1);
    ASSERT_FALSE(HasFailure()) << "cancelled at " << at << " ns";
  }
  EXPECT_GT(cut_short, 500u) << "the cancels came too late to test anything";
}

TEST(WalkerCancel, ThePageOfACancelledWalkIsReleasedAsSoonAsItComes) {
  WalkerBench b;
  b.node_latency = Time::never();
  const TestList list = b.two_pages(1, 0x10000, 0x10020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(list, 1, 0, 2000)));
  b.let_settle();
  b.walker.cancel(1);
  EXPECT_EQ(b.walker.busy(), 0u);
  b.answer({1, 0x10000});
  b.let_settle();
  EXPECT_EQ(b.released, 1u);
  b.expect_nothing_left();
}

TEST(WalkerCancel, ALateFetchKeepsItsTagAndItsPageUntilItIsBack) {
  WalkerParams p;
  p.tags = 1;
  WalkerBench b(p);
  b.node_latency = Time::from_ns(100);
  const TestList list = b.two_pages(1, 0x10000, 0x10020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(list, 1, 0, 2000)));
  sc_core::sc_start(300, sc_core::SC_NS);
  b.walker.cancel(1);
  EXPECT_EQ(b.walker.fetches_out(), 1u);
  EXPECT_EQ(b.pinned.size(), 1u);
  const TestList other = b.two_pages(2, 0x30000, 0x30020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(other, 2, 0, 2000)));
  EXPECT_EQ(b.memory.log.size(), 1u) << "the only tag is still out";
  b.quiesce();
  EXPECT_EQ(b.walks[2].done, 1);
  EXPECT_TRUE(b.walks[1].blocks.empty());
  b.walker.cancel(2);
  b.expect_nothing_left();
}

// Its record has come, but the only engine is busy with another walk.
TEST(WalkerCancel, OfAWalkThatWantsAnEngineBack) {
  WalkerParams p;
  p.engines = 1;
  p.prefetch = 0;
  WalkerBench b(p);
  b.node_latency = Time::never();
  const TestList one = b.two_pages(1, 0x10000, 0x10020);
  const TestList two = b.two_pages(2, 0x20000, 0x20020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(one, 1, 0, 2000)));
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(two, 2, 0, 2000)));
  b.let_settle();
  b.answer({1, 0x20000});
  sc_core::sc_start(100, sc_core::SC_NS);
  b.answer({1, 0x10000});
  sc_core::sc_start(510, sc_core::SC_NS);  // the second walk has the engine and waits for a fetch
  ASSERT_EQ(b.walks[1].blocks.size(), 0u);
  ASSERT_EQ(b.walks[2].blocks.size(), 1u);
  b.walker.cancel(1);
  b.quiesce();
  EXPECT_TRUE(b.walks[1].blocks.empty());
  EXPECT_EQ(b.walks[2].done, 1);
  EXPECT_EQ(b.run(WalkerBench::ask(two, 3, 0, 2000)).done, 1) << "the engine is still there";
  EXPECT_EQ(b.walker.busy(), 0u);
}

TEST(WalkerCancel, FromInsideABlockNothingMoreOfTheConnectionLeaves) {
  WalkerParams p;
  p.granularity = {100};
  WalkerBench b(p);
  const TestList list = b.make(1, 0, {1000, 1000});
  b.on_block = [&](const BlockRequest& r) {
    if (r.sequence == 300) b.walker.cancel(1);
  };
  b.run(WalkerBench::ask(list, 1, 0, 2000));
  EXPECT_EQ(b.walks[1].blocks.size(), 4u);
  EXPECT_EQ(b.walks[1].done, 0);
  b.expect_nothing_left();
}

// Random walks, cancels, invalidations and failing pages over random parameters: every walk that
// was not cancelled ends once and right, and after the last cancel nothing is left.
TEST(WalkerCancel, RandomEventsLeaveNothingBehind) {
  WalkerParams p;
  p.engines = 8;
  p.translation_cache = 3;
  p.record_cache = 5;
  p.parked = 2;
  p.tags = 14;
  WalkerBench b(p);
  EXPECT_TRUE(rc::check("nothing is left", [&] {
    b.walks.clear();
    b.frames.clear();
    b.unresolvable.clear();
    b.memory.latency = [&b](const tlm::tlm_generic_payload&) {
      return Time::from_ns(100 + b.rng.below(1500));
    };
    std::vector<TestList> lists;
    for (std::uint32_t c = 0; c < 5; ++c) {
      lists.push_back(b.make(c, c * 0x3fff'ffff, std::vector<std::uint32_t>(12, 300), 3));
    }
    if (*rc::gen::arbitrary<bool>()) b.unresolvable.insert(node_page(lists[0].places[5]));
    std::map<sim::TxnId, WalkRequest> live;
    std::map<sim::TxnId, std::uint32_t> list_of;
    const auto events = *rc::gen::inRange(1u, 25u);
    for (std::uint32_t i = 1; i <= events; ++i) {
      b.node_latency = Time::from_ns(*rc::gen::element(0u, 50u, 3000u));
      const auto c = *rc::gen::inRange(0u, 5u);
      const auto what = *rc::gen::inRange(0, 10);
      if (what < 7) {
        const WalkRequest r = WalkerBench::ask(lists[c], i, *rc::gen::inRange(0u, 1800u),
                                               *rc::gen::inRange(1u, 1800u));
        if (b.walker.walk(r)) {
          live[i] = r;
          list_of[i] = c;
        }
      } else if (what < 8) {
        b.walker.cancel(c);
        for (auto it = live.begin(); it != live.end();) {
          const bool open = b.walks[it->first].done == 0 && b.walks[it->first].faults.empty();
          it = it->second.connection == c && open ? live.erase(it) : std::next(it);
        }
      } else {
        b.walker.invalidate(1, node_page(lists[c].places[*rc::gen::inRange(0, 12)]));
      }
      sc_core::sc_start(static_cast<double>(*rc::gen::inRange(1, 900)), sc_core::SC_NS);
    }
    b.quiesce();
    for (const auto& [txn, r] : live) {
      auto expected = flatten(lists[list_of[txn]], r, 65536, false);
      const auto& w = b.walks[txn];
      RC_ASSERT(w.done + static_cast<int>(w.faults.size()) == 1);
      if (w.done == 0) {
        RC_ASSERT(w.faults[0].code == Fault::kUnresolvable);
        expected.resize(w.blocks.size());
      }
      RC_ASSERT(w.blocks == expected);
    }
    for (std::uint32_t c = 0; c < 5; ++c) b.walker.cancel(c);
    b.quiesce();
    b.expect_nothing_left();
    b.walker.settle_stats();
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace vctoe::nic
