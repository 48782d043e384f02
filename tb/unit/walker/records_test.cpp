// Forms of records: arrays without links, sizes that are not said, the old version.
#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

/// The list as records of another form, which say the same.
TestList as_array(WalkerBench& b, TestList list, std::uint64_t at) {
  for (std::size_t i = 0; i < list.records.size(); ++i) {
    ContextRecord& r = list.records[i];
    list.places[i] = at + i * sizeof r;
    r.version = kContextVersion;
    r.flags = i + 1 < list.records.size() ? kContextAdjacent : 0;
    r.next = 0;
  }
  b.store(list);
  return list;
}

// req: I-P0028a
TEST(Walker, AnArrayWithoutLinksIsWalkedLikeAList) {
  WalkerParams p;
  p.prefetch = 2;
  WalkerBench b(p);
  std::vector<std::uint32_t> sizes(300);
  for (std::size_t i = 0; i < sizes.size(); ++i) sizes[i] = static_cast<std::uint32_t>(1 + i % 90);
  const TestList list = as_array(b, b.make(1, 0xffff'f000, sizes), 0x7'0000'0fe0);
  for (const std::uint32_t begin : {0u, 1u, 5000u}) {
    const WalkRequest r = WalkerBench::ask(list, begin + 1, begin, list.bytes - begin);
    expect_walk(b, list, r, p);
  }
}

// req: I-P0029a
TEST(Walker, RecordsOfOneSizeNeedNotSayItAndTheLastMayBeShorter) {
  WalkerBench b;
  TestList list = b.make(1, 0xffff'f000, {4096, 4096, 4096, 100});
  TestList stored = list;
  for (ContextRecord& r : stored.records) {
    r.version = kContextVersion;
    r.flags = kContextFixedSize;
    r.data_size = 0xdead;  // ignored
  }
  b.store(stored);
  for (const std::uint32_t begin : {0u, 4095u, 9000u, 12300u}) {
    WalkRequest r = WalkerBench::ask(list, begin + 1, begin, list.bytes - begin);
    r.shape = {4096, static_cast<std::uint32_t>(list.first_sequence + list.bytes)};
    expect_walk(b, list, r);
  }
}

TEST(Walker, ARecordReadAheadForAnotherListIsNotSpelledOutAsOneOfIts) {
  WalkerBench b;
  // The record behind the old list's first has become the first of a new list.
  TestList list = b.make(1, 600'000, {500, 500});
  TestList stored = list;
  for (ContextRecord& r : stored.records) {
    r.version = kContextVersion;
    r.flags = kContextFixedSize;
  }
  b.store(stored);
  TestList old = b.make(1, 0, {1000, 1000});
  old.records[0].next = list.places[0];
  b.store(old);
  WalkRequest first = WalkerBench::ask(old, 1, 0, 1000);
  first.shape = {700, 2000};
  b.run(first);
  EXPECT_GE(b.walker.stats().records_prefetched, 1u);
  WalkRequest second = WalkerBench::ask(list, 2, 0, 1000);
  second.shape = {500, 601'000};
  expect_walk(b, list, second);
}

// req: I-P0066
TEST(Walker, ARecordOfTheOldVersionIsParsedWhateverItsNewerFieldsHold) {
  WalkerBench b;
  TestList list = b.make(1, 7, {1000, 1000});
  for (ContextRecord& r : list.records) {
    r.version = 0;
    r.flags = 0xff;
    r.asid = 0xffff;
  }
  b.store(list);
  expect_walk(b, list, WalkerBench::ask(list, 1, 0, 2000));
  for (ContextRecord& r : list.records) {
    r.version = kContextVersion;
    r.flags = 0;
    r.asid = 1;
  }
  b.store(list);
  b.walker.cancel(1);
  expect_walk(b, list, WalkerBench::ask(list, 2, 0, 2000));
}

}  // namespace
}  // namespace vctoe::nic
