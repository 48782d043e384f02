// Damaged lists and refusals: each ends in its code, never in a hang, and concerns nobody else.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;

/// Runs a walk over the whole list and expects this fault, and an empty walker afterwards.
void expect_fault(WalkerBench& b, const TestList& list, Fault code, std::uint64_t address) {
  WalkRequest r = WalkerBench::ask(list, 1, 0, 4000);
  const auto& w = b.run(r);
  EXPECT_EQ(w.done, 0);
  ASSERT_EQ(w.faults.size(), 1u);
  EXPECT_EQ(w.faults[0].code, code) << sim::enum_name(w.faults[0].code);
  EXPECT_EQ(w.faults[0].address, address);
  EXPECT_EQ(w.faults[0].connection, list.connection);
  EXPECT_EQ(b.walker.stats().faults[static_cast<std::size_t>(code)], 1u);
  EXPECT_EQ(b.walker.busy(), 0u);
  b.walker.cancel(list.connection);
  b.expect_nothing_left();
}

/// Four blocks of 1000 bytes; `damage` changes the records before they are stored.
struct DamagedList : testing::Test {
  TestList make(const std::function<void(TestList&)>& damage) {
    TestList list = b.make(1, 500, {1000, 1000, 1000, 1000});
    damage(list);
    b.store(list);
    return list;
  }
  WalkerParams params() {
    WalkerParams p;
    p.max_records = 20;
    return p;
  }
  WalkerBench b{params()};
};

// req: I-X04
TEST_F(DamagedList, NullHead) {
  const TestList list;
  expect_fault(b, list, Fault::kNullHead, 0);
  EXPECT_TRUE(b.memory.log.empty());
}

TEST_F(DamagedList, AVersionThatIsNotKnown) {
  const TestList list = make([](TestList& l) { l.records[2].version = kContextVersion + 1; });
  expect_fault(b, list, Fault::kVersion, list.places[2]);
}

TEST_F(DamagedList, BlocksOfTheListsSizeWhenTheListHasNone) {
  const TestList list = make([](TestList& l) {
    l.records[1].version = kContextVersion;
    l.records[1].flags = kContextFixedSize;
  });
  expect_fault(b, list, Fault::kZeroSize, list.places[1]);
}

// req: I-X06
TEST_F(DamagedList, MisalignedHead) {
  TestList list = make([](TestList&) {});
  list.places[0] += 16;
  expect_fault(b, list, Fault::kMisaligned, list.places[0]);
}

// req: I-X06
TEST_F(DamagedList, MisalignedLink) {
  const TestList list = make([](TestList& l) { l.records[1].next += 8; });
  expect_fault(b, list, Fault::kMisaligned, list.places[2] + 8);
  EXPECT_EQ(b.walks[1].blocks.size(), 2u) << "what lies before the damage is found";
}

// req: I-X06, I-P0030
TEST_F(DamagedList, LinkToItself) {
  const TestList list = make([](TestList& l) { l.records[2].next = l.places[2]; });
  expect_fault(b, list, Fault::kTooLong, list.places[2]);
}

// req: I-X06, I-P0030
TEST_F(DamagedList, LoopToTheHead) {
  const TestList list = make([](TestList& l) { l.records[2].next = l.places[0]; });
  expect_fault(b, list, Fault::kTooLong, list.places[0]);
}

// A loop over other records contradicts their sequence numbers.
// req: I-X06, I-P0030
TEST_F(DamagedList, LoopIntoTheMiddle) {
  const TestList list = make([](TestList& l) { l.records[2].next = l.places[1]; });
  expect_fault(b, list, Fault::kSequenceGap, list.places[1]);
}

// req: I-X06
TEST_F(DamagedList, MoreRecordsThanTheLimit) {
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(30, 10));
  WalkRequest r = WalkerBench::ask(list, 1, 0, 300);
  b.run(r);
  EXPECT_EQ(b.fault_of(1), Fault::kTooLong);
  EXPECT_EQ(b.walks[1].blocks.size(), 20u);
  EXPECT_EQ(b.walks[1].faults[0].address, list.places[20]);
}

TEST_F(DamagedList, MoreBytesThanSequenceNumbersCanTellApart) {
  const TestList list = b.make(1, 0, {0x7fff'ffff, 0x7fff'ffff, 3});
  WalkRequest r = WalkerBench::ask(list, 1, 0xffff'fffe, 2);
  b.run(r);
  EXPECT_EQ(b.fault_of(1), Fault::kTooLong);
}

TEST_F(DamagedList, RecordOfNoBytes) {
  const TestList list = make([](TestList& l) { l.records[1].data_size = 0; });
  expect_fault(b, list, Fault::kZeroSize, list.places[1]);
}

TEST_F(DamagedList, RecordOfTooManyBytes) {
  const TestList list = make([](TestList& l) { l.records[1].data_size = 0x8000'0000; });
  expect_fault(b, list, Fault::kZeroSize, list.places[1]);
}

// req: I-F07-228
TEST_F(DamagedList, SequenceGap) {
  const TestList list = make([](TestList& l) { ++l.records[3].starting_sequence; });
  expect_fault(b, list, Fault::kSequenceGap, list.places[3]);
}

// req: I-F07-228
TEST_F(DamagedList, SequenceOverlap) {
  const TestList list = make([](TestList& l) { --l.records[2].starting_sequence; });
  expect_fault(b, list, Fault::kSequenceGap, list.places[2]);
}

// req: I-F07-228
TEST_F(DamagedList, HeadThatDoesNotBeginWhereThePostSays) {
  const TestList list = make([](TestList& l) { l.records[0].starting_sequence += 4; });
  expect_fault(b, list, Fault::kSequenceGap, list.places[0]);
}

TEST_F(DamagedList, ListThatEndsBeforeTheBytesAskedFor) {
  const TestList list = make([](TestList& l) { l.records[2].next = 0; });
  expect_fault(b, list, Fault::kRange, list.places[2]);
}

TEST_F(DamagedList, BytesBeforeTheList) {
  const TestList list = make([](TestList&) {});
  WalkRequest r = WalkerBench::ask(list, 1, 0, 10);
  r.sequence -= 1;
  b.run(r);
  EXPECT_EQ(b.fault_of(1), Fault::kRange);
  EXPECT_TRUE(b.walks[1].blocks.empty());
}

TEST_F(DamagedList, PageThatTheHostCannotIdentify) {
  const TestList list = make([](TestList&) {});
  b.unresolvable.insert(node_page(list.places[0]));
  expect_fault(b, list, Fault::kUnresolvable, list.places[0]);
  EXPECT_TRUE(b.memory.log.empty());
}

TEST_F(DamagedList, FetchThatComesBackWithAnError) {
  const TestList list = make([](TestList&) {});
  const auto* const at = b.host(1, list.places[2]);
  b.bad_reads.insert(static_cast<std::uint64_t>(at - b.memory.bytes.data()));
  expect_fault(b, list, Fault::kBadCompletion, list.places[2]);
}

TEST_F(DamagedList, AFailedPrefetchIsNoFaultUntilAWalkNeedsTheRecord) {
  const TestList list = make([](TestList&) {});
  const auto* const at = b.host(1, list.places[1]);
  const auto physical = static_cast<std::uint64_t>(at - b.memory.bytes.data());
  b.bad_reads.insert(physical);
  EXPECT_EQ(b.run(WalkerBench::ask(list, 1, 0, 1000)).done, 1);
  EXPECT_EQ(b.walker.stats().fetch_errors, 1u);
  b.run(WalkerBench::ask(list, 2, 1000, 1000));
  EXPECT_EQ(b.fault_of(2), Fault::kBadCompletion);
  b.bad_reads.clear();
  EXPECT_EQ(b.run(WalkerBench::ask(list, 3, 1000, 1000)).done, 1) << "an error is not remembered";
}

TEST_F(DamagedList, AFaultIsTracedWithItsCode) {
  std::vector<sim::TraceEvent> seen;
  b.context.trace.subscribe(mask_of(sim::TraceKind::kWalkFault),
                            [&](const sim::TraceEvent& e) { seen.push_back(e); });
  const TestList list = make([](TestList& l) { l.records[1].data_size = 0; });
  b.run(WalkerBench::ask(list, 8, 0, 4000));
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].txn, 8u);
  EXPECT_EQ(seen[0].detail, static_cast<std::uint32_t>(Fault::kZeroSize));
}

/// A healthy neighbour's walks go on and the damaged connection's own next walk is served too.
void faults_among_neighbours(const WalkerParams& p,
                             const std::function<void(WalkerBench&, TestList&)>& damage) {
  WalkerBench b(p);
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 6; ++c) lists.push_back(b.make(c, 7, {1000, 1000, 1000, 1000}));
  damage(b, lists[2]);
  b.store(lists[2]);
  for (std::uint32_t k = 0; k < 2; ++k) {
    for (std::uint32_t c = 0; c < 6; ++c) {
      ASSERT_TRUE(b.walker.walk(WalkerBench::ask(lists[c], c * 10 + k, k * 500ULL, 3000)));
    }
  }
  b.quiesce();
  EXPECT_EQ(b.walker.busy(), 0u);
  for (std::uint32_t c = 0; c < 6; ++c) {
    for (std::uint32_t k = 0; k < 2; ++k) {
      const auto& w = b.walks[c * 10 + k];
      EXPECT_EQ(w.faults.size(), c == 2 ? 1u : 0u);
      EXPECT_EQ(w.done, c == 2 ? 0 : 1);
      if (c == 2) continue;
      EXPECT_EQ(w.blocks,
                flatten(lists[c], WalkerBench::ask(lists[c], c * 10 + k, k * 500ULL, 3000), 65536,
                        false));
    }
    b.walker.cancel(c);
  }
  b.quiesce();
  b.expect_nothing_left();
}

WalkerParams engines(std::uint64_t n) {
  WalkerParams p;
  p.engines = n;
  p.parked = n == 1 ? 0 : 16;
  return p;
}

void damaged_record(WalkerBench& /*b*/, TestList& l) {
  l.records[1].data_size = 0;
}
void swapped_out_for_ever(WalkerBench& b, TestList& l) {
  for (const auto place : l.places) b.unresolvable.insert(node_page(place));
}

// req: I-X06
TEST(WalkerFault, WhileOthersQueueBehindOneEngine) {
  faults_among_neighbours(engines(1), damaged_record);
}
// req: I-X06
TEST(WalkerFault, WhileOthersQueueBehindFourEngines) {
  faults_among_neighbours(engines(4), damaged_record);
}
TEST(WalkerFault, AtOnceWhileOthersQueue) {
  faults_among_neighbours(engines(2), [](WalkerBench& /*b*/, TestList& l) { l.places[0] = 0x10; });
}
TEST(WalkerFault, UnresolvablePageWhileOthersQueue) {
  faults_among_neighbours(engines(1), swapped_out_for_ever);
}

TEST(WalkerFault, AFaultMayBeAnsweredWithACancelAndANewWalkFromInsideTheSink) {
  WalkerBench b;
  TestList bad = b.make(1, 0, {1000, 1000});
  bad.records[1].data_size = 0;
  b.store(bad);
  const TestList good = b.make(2, 0, {1000});
  b.on_fault = [&](const WalkFault& f) {
    b.walker.cancel(f.connection);
    EXPECT_TRUE(b.walker.walk(WalkerBench::ask(good, 2, 0, 1000)));
  };
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(bad, 1, 0, 2000)));
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(bad, 3, 0, 2000)));
  b.quiesce();
  EXPECT_EQ(b.fault_of(1), Fault::kZeroSize);
  EXPECT_EQ(b.walks.count(3), 0u) << "the cancelled neighbour says nothing";
  EXPECT_EQ(b.walks[2].done, 1);
}

// Whatever the host's memory holds, every walk ends.
// req: I-X06
TEST(WalkerFault, ListsOfRandomBitsNeverHang) {
  WalkerParams p;
  p.max_records = 50;
  WalkerBench b(p);
  EXPECT_TRUE(rc::check("every walk ends", [&] {
    b.walks.clear();
    TestList list = b.make(1, 0, std::vector<std::uint32_t>(8, 100), 2);
    for (auto& r : list.records) {
      if (*rc::gen::inRange(0, 3) == 0) r.next = list.places[*rc::gen::inRange(0, 8)];
      if (*rc::gen::inRange(0, 6) == 0) r.data_size = *rc::gen::arbitrary<std::uint32_t>();
      if (*rc::gen::inRange(0, 6) == 0) r.starting_sequence = *rc::gen::inRange(0u, 800u);
      if (*rc::gen::inRange(0, 9) == 0) r.next += *rc::gen::inRange(0u, 64u);
    }
    b.store(list);
    const auto walks = *rc::gen::inRange(1u, 5u);
    for (std::uint32_t i = 1; i <= walks; ++i) {
      RC_ASSERT(b.walker.walk(WalkerBench::ask(list, i, *rc::gen::inRange(0u, 800u), 800)));
    }
    b.quiesce();
    RC_ASSERT(b.walker.busy() == 0u);
    for (std::uint32_t i = 1; i <= walks; ++i) {
      RC_ASSERT(b.walks[i].done + static_cast<int>(b.walks[i].faults.size()) == 1);
    }
    b.walker.cancel(1);
    b.quiesce();
    b.expect_nothing_left();
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace vctoe::nic
