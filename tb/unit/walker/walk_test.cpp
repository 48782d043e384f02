// What a walk finds: lists of all shapes, any part of them, cut as configured.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <memory>
#include <numeric>

#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;
using sim::Why;

/// Latencies to reckon with: 2 cycles to start, and 1 for everything else.
WalkerParams round_cycles() {
  WalkerParams p;
  p.start_cycles = 2;
  p.lookup_cycles = p.translate_cycles = p.check_cycles = p.block_cycles = 1;
  return p;
}

// req: I-C08, I-C28, I-F07-220, I-F07-222, I-F07-226, I-F07-228, I-X04
TEST(Walker, FindsTheOneRecordOfAListOfOne) {
  WalkerBench b;
  const TestList list = b.make(1, 1000, {1448});
  expect_walk(b, list, WalkerBench::ask(list, 1, 0, 1448));
  expect_walk(b, list, WalkerBench::ask(list, 2, 17, 100));
  b.walker.cancel(1);
  b.expect_nothing_left();
}

// req: I-C08, I-C28
TEST(Walker, ReadsTheRecordAsTheContractLaysItOut) {
  WalkerBench b;
  const std::uint8_t bytes[32] = {0x10, 0x32, 0x54, 0x76, 0x98, 0xba, 0x01, 0x00,   // address
                                  0x04, 0x03, 0x02, 0x01, 0x00, 0x10, 0x00, 0x00,   // offset, size
                                  0x78, 0x56, 0x34, 0x12, 0x00, 0x00, 0x01, 0x00};  // sequence
  TestList list;
  list.first_sequence = 0x12345678;
  list.places = {0x5000};
  std::memcpy(b.host(1, 0x5000), bytes, 32);
  const auto& w = b.run(WalkerBench::ask(list, 1, 0, 0x1000));
  ASSERT_EQ(w.blocks.size(), 1u);
  EXPECT_EQ(w.blocks[0].virtual_address, 0x1ba9876543210 + 0x01020304);
  EXPECT_EQ(w.blocks[0].length, 0x1000u);
  EXPECT_EQ(w.blocks[0].sequence, 0x12345678u);
}

// req: I-C09, I-C29, I-F07-230, I-P0030
TEST(Walker, VisitsAListOfAnyLengthInTheOrderOfItsLinks) {
  WalkerParams p;
  WalkerBench b(p);
  std::uint32_t connection = 0;
  for (const std::size_t n : {1, 2, 3, 100, 1000}) {
    std::vector<std::uint32_t> sizes(n);
    for (std::size_t i = 0; i < n; ++i) sizes[i] = static_cast<std::uint32_t>(1 + i * 37 % 900);
    const TestList list = b.make(++connection, 0xfff0'0000, sizes, n / 64 + 3);
    expect_walk(b, list, WalkerBench::ask(list, connection, 0, list.bytes));
  }
  EXPECT_GT(b.requests.size(), 20u) << "links did not cross pages";
}

// req: I-F07-224
TEST(Walker, TheOffsetIsAddedToTheAddressAcrossPageAnd4GibBounds) {
  WalkerParams p;
  WalkerBench b(p);
  const std::uint64_t addresses[] = {0x1000, 0xffff'fffe, 0x1'0000'0000, 0xabc'dfff'ffff};
  std::uint32_t connection = 0;
  for (const std::uint64_t address : addresses) {
    for (const std::uint32_t k : {0u, 1u, 4095u, 4096u, 0xffffu}) {
      if (k > address) continue;
      TestList list = b.make(++connection, 5, {10000});
      list.records[0].virtual_address = address - k;
      list.records[0].offset = k;
      b.store(list);
      const auto& w = b.run(WalkerBench::ask(list, connection, 0, 10000));
      ASSERT_EQ(w.blocks.size(), 1u);
      EXPECT_EQ(w.blocks[0].virtual_address, address);
    }
  }
}

// req: I-F07-228
TEST(Walker, SequenceNumbersWrapAt2To32) {
  WalkerBench b;
  const TestList list = b.make(1, 0xffff'ff00, {0x80, 0x80, 0x100, 0x300});
  for (std::uint32_t begin = 0; begin < 0x500; begin += 0x40) {
    expect_walk(b, list, WalkerBench::ask(list, begin + 1, begin, 0x500 - begin));
    b.walker.cancel(1);
  }
}

TEST(Walker, RecordsOfTheLargestSizeMakeAListOfNearly2To32Bytes) {
  WalkerParams p;
  p.granularity = {std::uint64_t{1} << 30};
  WalkerBench b(p);
  const TestList list = b.make(1, 77, {0x7fff'ffff, 0x7fff'ffff, 2});
  expect_walk(b, list, WalkerBench::ask(list, 1, 0x7fff'fff0, 0x7fff'ffff), p);
  expect_walk(b, list, WalkerBench::ask(list, 2, 0xffff'fffe, 2), p);
}

TEST(Walker, ABlockIsNoLargerThanTheGranularityAndInsideOnePageWhereSoConfigured) {
  WalkerParams p;
  p.granularity = {6000};
  p.split_at_pages = true;
  WalkerBench b(p);
  TestList list = b.make(1, 9, {20000, 50});
  list.records[0].virtual_address = 4096 * 5 - 100;
  list.records[0].offset = 0;
  b.store(list);
  const auto& w = b.run(WalkerBench::ask(list, 1, 0, 20050));
  std::vector<std::uint32_t> lengths;
  for (const auto& block : w.blocks) lengths.push_back(block.length);
  EXPECT_EQ(lengths[0], 100u);
  EXPECT_EQ(lengths[1], 4096u);
  EXPECT_EQ(w.blocks, flatten(list, WalkerBench::ask(list, 1, 0, 20050), 6000, true));
}

TEST(Walker, AWalkThatGoesOnWhereTheFormerEndedDoesNotStartAtTheHead) {
  WalkerParams p;
  p.prefetch = 0;
  p.record_cache = 1;
  WalkerBench b(p);
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(200, 1000), 4);
  for (std::uint32_t i = 0; i < 200; ++i) {
    expect_walk(b, list, WalkerBench::ask(list, i + 1, i * 1000ULL, 1000));
  }
  // One fetch a record: the record that a walk ended in is still cached when the next begins.
  EXPECT_EQ(b.walker.stats().records_fetched, 200u);
}

TEST(Walker, ARetransmissionStartsAtAnAnchorAndLeavesTheFirstPassAlone) {
  WalkerParams p;
  p.prefetch = 0;
  p.record_cache = 4;
  WalkerBench b(p);
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(200, 1000), 4);
  for (std::uint32_t i = 0; i < 150; ++i) b.run(WalkerBench::ask(list, i + 1, i * 1000ULL, 1000));
  const auto before = b.walker.stats().records_fetched;
  expect_walk(b, list, WalkerBench::ask(list, 1001, 100'000, 1000, Why::kRetransmit));
  EXPECT_LE(b.walker.stats().records_fetched - before, p.anchor_stride + 1);
  const auto then = b.walker.stats().records_fetched;
  expect_walk(b, list, WalkerBench::ask(list, 1002, 150'000, 1000));
  EXPECT_LE(b.walker.stats().records_fetched - then, 2u);
}

TEST(Walker, PrefetchReadsAheadOfTheNextWalk) {
  VCTOE_ONLY_TLM();
  WalkerBench b(round_cycles());
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(10, 1000), 1);
  b.run(WalkerBench::ask(list, 1, 0, 1000));
  EXPECT_EQ(b.walker.stats().records_prefetched, 2u);
  const Time begin = sim::now();
  const auto& w = b.run(WalkerBench::ask(list, 2, 1000, 2000));
  // Start 2, then for the record that the last walk ended in and two more: lookup and check; two
  // blocks. No memory access in between: at 4 ns a cycle.
  EXPECT_EQ(w.ended - begin, Time::from_ns(4) * (2 + 3 * 2 + 2));
}

TEST(Walker, AWalkJoinsThePrefetchThatIsUnderWay) {
  WalkerParams p;
  p.prefetch = 1;
  WalkerBench b(p);
  const TestList list = b.make(1, 0, {100, 100}, 1);
  b.run(WalkerBench::ask(list, 1, 0, 200));
  EXPECT_EQ(b.walker.stats().records_fetched, 2u);
  EXPECT_EQ(b.walker.stats().records_prefetched, 1u);
}

TEST(Walker, AWalkThatComesNearerExtendsThePrefetchUnderWay) {
  WalkerBench b;
  b.node_latency = Time::from_ns(100);
  const TestList list = b.make(1, 0, std::vector<std::uint32_t>(10, 1000), 1);
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(list, 1, 0, 1000)));
  sc_core::sc_start(1300, sc_core::SC_NS);
  ASSERT_EQ(b.walker.stats().records_fetched, 3u);
  ASSERT_EQ(b.memory.out(), 1u) << "the second record ahead is on its way";
  b.run(WalkerBench::ask(list, 2, 1000, 1000));
  EXPECT_EQ(b.walker.stats().records_fetched, 4u);
}

TEST(Walker, AListInTheMemoryOfAnOlderOneIsReadAfresh) {
  WalkerBench b;
  TestList list = b.make(1, 0, {100, 200, 300}, 1);
  expect_walk(b, list, WalkerBench::ask(list, 1, 0, 600));
  std::uint32_t sequence = list.first_sequence = 600;
  for (std::size_t i = 0; i < 3; ++i) {
    list.records[i].starting_sequence = sequence;
    list.records[i].data_size += 50;
    list.records[i].virtual_address += 0x10000;
    sequence += list.records[i].data_size;
  }
  b.store(list);
  expect_walk(b, list, WalkerBench::ask(list, 2, 0, 750));
}

TEST(Walker, WalksOfOneConnectionAreServedInOrderAndOfSeveralInParallel) {
  WalkerBench b;
  b.node_latency = Time::from_ns(1);
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 4; ++c) lists.push_back(b.make(c, 0, {500, 500, 500, 500}, 1));
  std::vector<sim::TxnId> order;
  b.on_done = [&](sim::TxnId txn) { order.push_back(txn); };
  for (std::uint32_t k = 0; k < 4; ++k) {
    for (std::uint32_t c = 0; c < 4; ++c) {
      ASSERT_TRUE(b.walker.walk(WalkerBench::ask(lists[c], c * 10 + k, k * 500ULL, 500)));
    }
  }
  EXPECT_EQ(b.walker.busy(), 16u);
  sc_core::sc_start();
  EXPECT_EQ(b.walker.busy(), 0u);
  ASSERT_EQ(order.size(), 16u);
  std::map<sim::TxnId, sim::TxnId> last;
  for (const auto txn : order) {
    const auto former = last.find(txn / 10);
    EXPECT_EQ(txn % 10, former == last.end() ? 0 : former->second % 10 + 1);
    last[txn / 10] = txn;
  }
  EXPECT_LT(sim::now(), Time::from_ns(3000)) << "connections did not overlap";
}

TEST(Walker, AFullRequestQueueRefusesUntilAWalkIsDone) {
  WalkerParams p;
  p.request_queue = 2;
  p.engines = 1;
  p.parked = 0;
  WalkerBench b(p);
  const TestList list = b.make(1, 0, {1000});
  EXPECT_TRUE(b.walker.walk(WalkerBench::ask(list, 1, 0, 10)));
  b.let_settle();  // it has the engine
  EXPECT_TRUE(b.walker.walk(WalkerBench::ask(list, 2, 10, 10)));
  EXPECT_TRUE(b.walker.walk(WalkerBench::ask(list, 3, 20, 10)));
  EXPECT_FALSE(b.walker.walk(WalkerBench::ask(list, 4, 30, 10)));
  bool retried = false;
  b.on_done = [&](sim::TxnId txn) {
    if (txn == 1) retried = b.walker.walk(WalkerBench::ask(list, 4, 30, 10));
  };
  sc_core::sc_start();
  EXPECT_TRUE(retried);
  for (sim::TxnId txn = 1; txn <= 4; ++txn) EXPECT_EQ(b.walks[txn].done, 1);
}

// First walk: 2 cycles start, 1 lookup, page from the host 2 us, 1 cycle translation, 500 ns fetch,
// 1 check, 1 block. All of it in one event of the walker: the output.
TEST(Walker, LatencyIsTheSumOfItsStepsInOneActivation) {
  VCTOE_ONLY_TLM();
  WalkerParams p = round_cycles();
  p.prefetch = 0;
  WalkerBench b(p);
  const TestList list = b.make(1, 0, {1000});
  auto& w = b.run(WalkerBench::ask(list, 1, 0, 1000));
  // The host is asked at once, while the walker's own time is already 3 cycles ahead.
  EXPECT_EQ(w.ended, Time::from_ns(2000 + 4 + 500 + 8));
  EXPECT_EQ(sim::g_activations, 3u) << "host, memory, walker";
  b.run(WalkerBench::ask(list, 2, 0, 1000));
  EXPECT_EQ(sim::g_activations, 4u) << "a walk in the cache is one activation";
  b.walker.settle_stats();
  using S = WalkerStall;
  EXPECT_EQ(b.walker.stats().stalls.spent(S::kWaitingTranslation), Time::from_ns(2000));
  EXPECT_EQ(b.walker.stats().stalls.spent(S::kWaitingFetch), Time::from_ns(504));
  EXPECT_EQ(b.walker.stats().stalls.spent(S::kWalking), Time::from_ns(8 + 4 * 5));
}

TEST(Walker, EmitsATraceAtBothEndsOfAWalkAndForEachPage) {
  WalkerBench b;
  std::vector<sim::TraceEvent> seen;
  b.context.trace.subscribe(sim::kAllKinds, [&](const sim::TraceEvent& e) { seen.push_back(e); });
  const TestList list = b.make(3, 50, {1000});
  b.run(WalkerBench::ask(list, 9, 100, 200, Why::kRetransmit));
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].kind, sim::TraceKind::kWalk);
  EXPECT_EQ(seen[0].txn, 9u);
  EXPECT_EQ(seen[0].seq, 150u);
  EXPECT_EQ(seen[0].length, 200u);
  EXPECT_EQ(seen[0].detail, static_cast<std::uint32_t>(Why::kRetransmit));
  EXPECT_EQ(seen[1].kind, sim::TraceKind::kNodeRequest);
  EXPECT_EQ(seen[1].address, node_page(list.places[0]));
  EXPECT_EQ(seen[2].kind, sim::TraceKind::kWalkDone);
  EXPECT_EQ(seen[2].txn, 9u);
  EXPECT_EQ(seen[2].seq, 150u);
  EXPECT_EQ(seen[2].length, 200u);
}

/// Walkers of different shapes, made before the simulation starts.
struct Zoo {
  Zoo() {
    WalkerParams p;
    add("plain", p);
    p.granularity = {1000};
    p.split_at_pages = true;
    add("pages", p);
    p = {};
    p.record_cache = 1;
    p.translation_cache = 1;
    p.engines = 1;
    p.parked = 0;
    p.tags = 1;
    p.anchors = 0;
    p.prefetch = 0;
    p.granularity = {700};
    add("small", p);
    p = {};
    p.engines = 8;
    p.prefetch = 8;
    p.record_cache = 7;
    p.translation_cache = 2;
    p.anchor_stride = 1;
    p.split_at_pages = true;
    p.tags = 40;
    add("wide", p);
  }
  void add(const char* name, const WalkerParams& p) {
    params.push_back(p);
    benches.push_back(std::make_unique<WalkerBench>(p, name));
  }
  std::vector<WalkerParams> params;
  std::vector<std::unique_ptr<WalkerBench>> benches;
};

// req: I-F07-226, I-F07-228, I-F07-230
TEST(Walker, RandomWalksOverRandomListsEqualTheFlatList) {
  Zoo zoo;
  EXPECT_TRUE(rc::check("blocks equal the flat list", [&] {
    const auto which = *rc::gen::inRange<std::size_t>(0, zoo.benches.size());
    WalkerBench& b = *zoo.benches[which];
    const WalkerParams& p = zoo.params[which];
    b.walks.clear();
    b.frames.clear();
    b.node_latency = Time::from_ns(*rc::gen::element(0u, 100u, 5000u));
    b.memory.latency = [&b](const tlm::tlm_generic_payload&) {
      return Time::from_ns(100 + b.rng.below(1000));
    };
    std::vector<TestList> lists;
    const auto connections = *rc::gen::inRange(1u, 6u);
    for (std::uint32_t c = 0; c < connections; ++c) {
      const auto sizes = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint32_t>>(
          rc::gen::weightedOneOf<std::uint32_t>({{3, rc::gen::inRange(1u, 4u)},
                                                 {3, rc::gen::inRange(1u, 9000u)},
                                                 {1, rc::gen::inRange(1u, 4u << 20)}})));
      const auto first = *rc::gen::element(0u, 0xffff'fff0u, 0x7fff'ff00u, 12345u);
      lists.push_back(b.make(c, first, sizes, 1 + sizes.size() / 100));
    }
    std::vector<std::pair<const TestList*, WalkRequest>> asked;
    const auto walks = *rc::gen::inRange(1u, 15u);
    for (std::uint32_t i = 0; i < walks; ++i) {
      const TestList& list = lists[*rc::gen::inRange(0u, connections)];
      const auto begin = *rc::gen::inRange<std::uint64_t>(0, list.bytes);
      const auto length = *rc::gen::inRange<std::uint64_t>(
          1, std::min<std::uint64_t>(list.bytes - begin, 1 << 19) + 1);
      const auto why = *rc::gen::element(Why::kFirst, Why::kRetransmit);
      const WalkRequest r = WalkerBench::ask(list, i + 1, begin, length, why);
      RC_ASSERT(b.walker.walk(r));
      asked.emplace_back(&list, r);
    }
    sc_core::sc_start();
    for (const auto& [list, r] : asked) {
      RC_ASSERT(b.walks[r.txn].done == 1);
      RC_ASSERT(b.walks[r.txn].blocks == flatten(*list, r, p.granularity.n, p.split_at_pages));
    }
    for (std::uint32_t c = 0; c < connections; ++c) b.walker.cancel(c);
    b.quiesce();
    b.expect_nothing_left();
    RC_ASSERT(!testing::Test::HasFailure());
  }));
}

}  // namespace
}  // namespace vctoe::nic
