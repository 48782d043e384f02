// Pages of records: asked for once, pinned while held, released when nobody is left.
#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;

// req: I-F07-230
TEST(WalkerPages, APageIsAskedForOnceHoweverManyWaitForIt) {
  WalkerBench b;
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 4; ++c) {
    lists.push_back(b.two_pages(c, 0x10000 + c * 64, 0x10020 + c * 64));
    ASSERT_TRUE(b.walker.walk(WalkerBench::ask(lists[c], c + 1, 0, 2000)));
  }
  b.quiesce();
  EXPECT_EQ(b.requests.size(), 1u);
  for (std::uint32_t c = 0; c < 4; ++c) EXPECT_EQ(b.walks[c + 1].done, 1);
}

TEST(WalkerPages, APageIsHeldUntilItsLastConnectionIsCancelled) {
  WalkerBench b;
  const TestList one = b.two_pages(1, 0x10000, 0x10020);
  const TestList two = b.two_pages(2, 0x10040, 0x10060);
  b.run(WalkerBench::ask(one, 1, 0, 2000));
  b.run(WalkerBench::ask(two, 2, 0, 2000));
  EXPECT_EQ(b.pinned.size(), 1u);
  b.walker.cancel(1);
  b.let_settle();
  EXPECT_EQ(b.pinned.size(), 1u);
  b.walker.cancel(2);
  b.let_settle();
  EXPECT_EQ(b.pinned.size(), 0u);
  b.expect_nothing_left();
}

TEST(WalkerPages, TheSamePageOfTwoAddressSpacesIsTwoPages) {
  WalkerBench b;
  TestList one = b.two_pages(1, 0x10000, 0x10020);
  TestList two = b.two_pages(2, 0x10000, 0x10020);
  two.asid = 2;
  b.store(one);
  b.store(two);
  b.run(WalkerBench::ask(one, 1, 0, 2000));
  const auto& w = b.run(WalkerBench::ask(two, 2, 0, 2000));
  EXPECT_EQ(w.blocks, flatten(two, WalkerBench::ask(two, 2, 0, 2000), 65536, false));
  EXPECT_EQ(b.requests.size(), 2u);
}

TEST(WalkerPages, TheLeastRecentlyUsedPageMakesRoomAndIsReleased) {
  VCTOE_ONLY_TLM();
  WalkerParams p;
  p.translation_cache = 2;
  p.prefetch = 0;
  p.record_cache = 1;
  WalkerBench b(p);
  TestList lists[3];
  for (std::uint32_t c = 0; c < 3; ++c) {
    lists[c] = b.two_pages(c, 0x10000 + c * 0x1000, 0x10020 + c * 0x1000);
  }
  b.run(WalkerBench::ask(lists[0], 1, 0, 2000));
  b.run(WalkerBench::ask(lists[1], 2, 0, 2000));
  b.run(WalkerBench::ask(lists[0], 3, 0, 2000));
  b.run(WalkerBench::ask(lists[2], 4, 0, 2000));
  EXPECT_EQ(b.pinned, (std::set<WalkerBench::Page>{{1, 0x10000}, {1, 0x12000}}));
  EXPECT_EQ(b.walker.stats().translation_evictions, 1u);
  EXPECT_EQ(b.run(WalkerBench::ask(lists[1], 5, 0, 2000)).done, 1) << "asked for again";
}

// req: I-F07-230
TEST(WalkerPages, APageThatTakesMillisecondsHoldsUpNobodyElse) {
  WalkerParams p;
  p.engines = 1;
  WalkerBench b(p);
  b.node_latency = Time::never();
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 5; ++c) {
    lists.push_back(b.two_pages(c, 0x10000 + c * 0x1000, 0x10020 + c * 0x1000));
    ASSERT_TRUE(b.walker.walk(WalkerBench::ask(lists[c], c + 1, 0, 2000)));
  }
  b.let_settle();
  EXPECT_EQ(b.requests.size(), 5u) << "the one engine is given up while the host swaps in";
  b.answer({1, 0x14000});
  b.answer({1, 0x13000});
  b.quiesce();
  EXPECT_EQ(b.walks[5].done, 1);
  EXPECT_EQ(b.walks[4].done, 1);
  EXPECT_EQ(b.walker.busy(), 3u);
  for (std::uint64_t page = 0x10000; page < 0x13000; page += 0x1000) b.answer({1, page});
  b.quiesce();
  EXPECT_EQ(b.walker.busy(), 0u);
}

TEST(WalkerPages, MorePagesWantedThanThereAreEntriesWaitTheirTurn) {
  WalkerParams p;
  p.translation_cache = 1;
  p.engines = 8;
  WalkerBench b(p);
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 12; ++c) {
    lists.push_back(b.two_pages(c, 0x10000 + c * 0x2000, 0x11020 + c * 0x2000));
    ASSERT_TRUE(b.walker.walk(WalkerBench::ask(lists[c], c + 1, 0, 2000)));
  }
  b.quiesce();
  for (std::uint32_t c = 0; c < 12; ++c) EXPECT_EQ(b.walks[c + 1].done, 1);
  EXPECT_EQ(b.pinned.size(), 1u);
}

TEST(WalkerPages, APrefetchAsksForItsPageAndTheWalkFindsItThere) {
  WalkerBench b;
  const TestList list = b.two_pages(1, 0x10000, 0x20000);
  b.run(WalkerBench::ask(list, 1, 0, 1000));
  EXPECT_EQ(b.requests.size(), 2u);
  EXPECT_EQ(b.walker.stats().records_prefetched, 1u);
  b.run(WalkerBench::ask(list, 2, 1000, 1000));
  EXPECT_EQ(b.requests.size(), 2u);
}

TEST(WalkerPages, PrefetchesLeaveHalfOfTheEntriesToWalks) {
  WalkerParams p;
  p.translation_cache = 4;
  WalkerBench b(p);
  b.node_latency = Time::zero();
  for (std::uint32_t c = 0; c < 6; ++c) {
    const TestList list = b.two_pages(c, 0x10000 + c * 32, 0x20000 + c * 0x1000);
    b.on_done = [&](sim::TxnId /*txn*/) { b.node_latency = Time::never(); };
    b.run(WalkerBench::ask(list, c + 1, 0, 500));
  }
  EXPECT_LE(b.asked.size(), 2u);
  EXPECT_GE(b.requests.size(), 3u);
  const auto before = b.requests.size();
  const TestList other = b.two_pages(9, 0x90000, 0x90020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(other, 99, 0, 2000)));
  b.let_settle();
  EXPECT_EQ(b.requests.size(), before + 1);
}

TEST(WalkerPages, APrefetchWhosePageFailsIsForgottenAndTheWalkAsksAgain) {
  WalkerBench b;
  const TestList list = b.two_pages(1, 0x10000, 0x20000);
  b.unresolvable.insert(0x20000);
  EXPECT_EQ(b.run(WalkerBench::ask(list, 1, 0, 1000)).done, 1);
  b.run(WalkerBench::ask(list, 2, 1000, 1000));
  EXPECT_EQ(b.fault_of(2), Fault::kUnresolvable);
  b.unresolvable.clear();
  EXPECT_EQ(b.run(WalkerBench::ask(list, 3, 1000, 1000)).done, 1);
  b.walker.cancel(1);
  b.expect_nothing_left();
}

TEST(WalkerPages, AWalkThatMeetsItsPrefetchAtTheHostFaultsWithIt) {
  WalkerBench b;
  const TestList list = b.two_pages(1, 0x10000, 0x20000);
  b.unresolvable.insert(0x20000);
  b.run(WalkerBench::ask(list, 1, 0, 2000));
  EXPECT_EQ(b.fault_of(1), Fault::kUnresolvable);
  EXPECT_EQ(b.walks[1].blocks.size(), 1u);
  EXPECT_EQ(b.requests.size(), 2u);
}

TEST(WalkerPages, InvalidateForgetsTheTranslationAndTheRecordsReadThroughIt) {
  WalkerBench b;
  TestList list = b.two_pages(1, 0x10000, 0x20000);
  b.run(WalkerBench::ask(list, 1, 0, 2000));
  b.walker.invalidate(1, 0x10000);
  b.let_settle();
  EXPECT_EQ(b.pinned, (std::set<WalkerBench::Page>{{1, 0x20000}}));
  list.records[0].virtual_address += 0x100000;
  b.store(list);
  const auto& w = b.run(WalkerBench::ask(list, 2, 0, 1000));
  ASSERT_EQ(w.blocks.size(), 1u);
  EXPECT_EQ(w.blocks[0].virtual_address, list.records[0].virtual_address + list.records[0].offset);
}

// The pin must outlast the read that goes through it, and what the read brings is void.
TEST(WalkerPages, InvalidateDuringAFetchReleasesAfterItAndReadsAgain) {
  WalkerBench b;
  b.node_latency = Time::from_ns(100);
  const TestList list = b.two_pages(1, 0x10000, 0x10020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(list, 1, 0, 2000)));
  sc_core::sc_start(300, sc_core::SC_NS);
  EXPECT_EQ(b.memory.out(), 1u);
  b.walker.invalidate(1, 0x10000);
  EXPECT_EQ(b.pinned.size(), 1u);
  b.quiesce();
  EXPECT_EQ(b.released, 1u);
  EXPECT_EQ(b.requests.size(), 2u);
  EXPECT_EQ(b.memory.log.size(), 3u) << "the first record is read twice, the second once";
  EXPECT_EQ(b.walks[1].done, 1);
  b.walker.cancel(1);
  b.expect_nothing_left();
}

TEST(WalkerPages, WhoWantsAPageThatIsBeingInvalidatedGetsAFreshTranslation) {
  WalkerBench b;
  b.node_latency = Time::from_ns(100);
  const TestList one = b.two_pages(1, 0x10000, 0x10020);
  const TestList two = b.two_pages(2, 0x10040, 0x10060);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(one, 1, 0, 2000)));
  sc_core::sc_start(300, sc_core::SC_NS);
  b.walker.invalidate(1, 0x10000);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(two, 2, 0, 2000)));
  EXPECT_EQ(b.memory.log.size(), 1u) << "nothing may be read through the old translation";
  b.quiesce();
  EXPECT_EQ(b.requests.size(), 2u);
  EXPECT_EQ(b.walks[1].done, 1);
  EXPECT_EQ(b.walks[2].done, 1);
}

// The one entry is requested for a connection that is then cancelled; another waits for the entry.
TEST(WalkerPages, APageThatNobodyWantsAnyMoreGivesItsEntryToWhoWaits) {
  WalkerParams p;
  p.translation_cache = 1;
  WalkerBench b(p);
  b.node_latency = Time::never();
  const TestList one = b.two_pages(1, 0x10000, 0x10020);
  const TestList two = b.two_pages(2, 0x20000, 0x20020);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(one, 1, 0, 2000)));
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(two, 2, 0, 2000)));
  b.let_settle();
  b.walker.cancel(1);
  b.answer({1, 0x10000});
  b.let_settle();
  ASSERT_EQ(b.requests.size(), 2u);
  b.answer({1, 0x20000});
  b.quiesce();
  EXPECT_EQ(b.walks[2].done, 1);
}

TEST(WalkerPages, TheHostMayAnswerFromInsideTheRequest) {
  WalkerBench b;
  b.node_latency = Time::zero();
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(100, 50));
  const auto& w = b.run(WalkerBench::ask(list, 1, 0, 5000));
  EXPECT_EQ(w.done, 1);
  EXPECT_EQ(w.blocks.size(), 100u);
}

TEST(WalkerPages, AnAnswerForAPageThatWasNotAskedForIsAnError) {
  WalkerBench b;
  EXPECT_THROW(b.walker.fill(1, 0x1000, 0), sim::Error);
  EXPECT_THROW(b.walker.fill_failed(1, 0x1000), sim::Error);
}

}  // namespace
}  // namespace vctoe::nic
