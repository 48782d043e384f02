// The walker's stores by themselves: cached records, and places from which a walk can start.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "models/nic/record_cache.h"
#include "models/nic/walk_cursors.h"

namespace vctoe::nic {
namespace {

ContextRecord record(std::uint32_t sequence, std::uint64_t address = 0) {
  ContextRecord r;
  r.starting_sequence = sequence;
  r.data_size = 1;
  r.virtual_address = address;
  return r;
}

TEST(RecordCache, ARecordIsKnownByConnectionAddressSpaceAddressAndSequence) {
  WalkerStats stats;
  RecordCache cache(64, stats);
  const RecordKey key{1, 2, 0x1000, 77};
  cache.insert(key, record(77));
  EXPECT_NE(cache.find(key), nullptr);
  EXPECT_EQ(cache.find({9, 2, 0x1000, 77}), nullptr);
  EXPECT_EQ(cache.find({1, 9, 0x1000, 77}), nullptr);
  EXPECT_EQ(cache.find({1, 2, 0x1020, 77}), nullptr);
  EXPECT_EQ(cache.find({1, 2, 0x1000, 78}), nullptr);
  EXPECT_EQ(stats.record_hits, 1u);
  EXPECT_EQ(stats.record_misses, 4u);
}

TEST(RecordCache, OneSetEvictsTheLeastRecentlyUsed) {
  WalkerStats stats;
  RecordCache cache(4, stats);
  for (std::uint64_t i = 0; i < 4; ++i) cache.insert({1, 1, i * 32, 0}, record(0, i));
  cache.find({1, 1, 0, 0});
  cache.insert({1, 1, 128, 0}, record(0, 4));
  EXPECT_NE(cache.peek({1, 1, 0, 0}), nullptr);
  EXPECT_EQ(cache.peek({1, 1, 32, 0}), nullptr);
  EXPECT_EQ(stats.record_evictions, 1u);
  EXPECT_EQ(cache.size(), 4u);
}

// Whatever is done to it, the cache says nothing that was not put in last and not forgotten since.
TEST(RecordCache, NeverReturnsAStaleOrForeignRecord) {
  EXPECT_TRUE(rc::check("cache agrees with a map", [] {
    WalkerStats stats;
    RecordCache cache(*rc::gen::element<std::uint64_t>(1, 2, 3, 4, 7, 64), stats);
    using Name = std::tuple<std::uint32_t, std::uint16_t, std::uint64_t>;
    std::map<Name, ContextRecord> truth;
    const auto events = *rc::gen::inRange(1, 200);
    for (int i = 0; i < events; ++i) {
      const RecordKey key{*rc::gen::inRange(0u, 3u), *rc::gen::element<std::uint16_t>(1, 2),
                          *rc::gen::inRange<std::uint64_t>(0, 300) * 32, *rc::gen::inRange(0u, 2u)};
      const int what = *rc::gen::inRange(0, 20);
      if (what == 0) {
        cache.forget_connection(key.connection);
        for (auto it = truth.begin(); it != truth.end();) {
          it = std::get<0>(it->first) == key.connection ? truth.erase(it) : std::next(it);
        }
      } else if (what == 1) {
        const std::uint64_t page = node_page(key.address);
        cache.forget_page(key.asid, page);
        for (auto it = truth.begin(); it != truth.end();) {
          const auto& [c, asid, address] = it->first;
          it = asid == key.asid && node_page(address) == page ? truth.erase(it) : std::next(it);
        }
      } else if (what < 10) {
        const auto r = record(key.sequence, static_cast<std::uint64_t>(i));
        cache.insert(key, r);
        truth[{key.connection, key.asid, key.address}] = r;
      } else if (const ContextRecord* found = cache.find(key)) {
        const auto known = truth.find({key.connection, key.asid, key.address});
        RC_ASSERT(known != truth.end());
        RC_ASSERT(known->second.virtual_address == found->virtual_address);
        RC_ASSERT(found->starting_sequence == key.sequence);
      }
    }
  }));
}

WalkRequest request(std::uint64_t head, std::uint32_t begin, sim::Why why = sim::Why::kFirst) {
  WalkRequest r;
  r.connection = 1;
  r.asid = 1;
  r.list_head = head;
  r.first_sequence = 1000;
  r.sequence = 1000 + begin;
  r.length = 1;
  r.why = why;
  return r;
}

ListPlace place(std::uint64_t index) {
  return {0x1000 + index * 32, index, index * 100};
}

TEST(WalkCursors, TheNearestPlaceBeforeTheBytesIsTaken) {
  WalkerParams p;
  p.anchors = 3;
  p.anchor_stride = 10;
  WalkCursors cursors(p);
  EXPECT_EQ(cursors.best(request(0x1000, 5)).index, 0u);
  EXPECT_EQ(cursors.best(request(0x1000, 5)).address, 0x1000u);
  for (std::uint64_t i = 0; i < 56; ++i) cursors.note(request(0x1000, 0), place(i));
  EXPECT_EQ(cursors.best(request(0x1000, 9999)).index, 55u);
  EXPECT_EQ(cursors.best(request(0x1000, 5499)).index, 50u);
  EXPECT_EQ(cursors.best(request(0x1000, 3100)).index, 30u);
  EXPECT_EQ(cursors.best(request(0x1000, 2999)).index, 0u) << "three anchors reach no further";
  EXPECT_EQ(cursors.best(request(0x9000, 5499)).index, 0u) << "another list";
}

TEST(WalkCursors, RetransmissionHasAPlaceOfItsOwn) {
  WalkCursors cursors(WalkerParams{});
  cursors.note(request(0x1000, 0), place(9));
  cursors.note(request(0x1000, 0, sim::Why::kRetransmit), place(4));
  EXPECT_EQ(cursors.best(request(0x1000, 9999)).index, 9u);
  EXPECT_EQ(cursors.best(request(0x1000, 450)).index, 4u);
}

// A stream of 2^32 bytes later the host may use the memory of a list for one of the same name.
TEST(WalkCursors, EnteringAListAtItsHeadVoidsWhatWasKnownOfItsNamesake) {
  WalkerParams p;
  p.anchor_stride = 1;
  WalkCursors cursors(p);
  for (std::uint64_t i = 0; i < 5; ++i) cursors.note(request(0x1000, 0), place(i));
  cursors.note(request(0x1000, 0, sim::Why::kRetransmit), place(4));
  cursors.note(request(0x1000, 0), place(0));
  EXPECT_EQ(cursors.best(request(0x1000, 9999)).index, 0u);
}

TEST(WalkCursors, ForgetsAConnection) {
  WalkCursors cursors(WalkerParams{});
  cursors.note(request(0x1000, 0), place(9));
  cursors.forget(1);
  EXPECT_EQ(cursors.best(request(0x1000, 9999)).index, 0u);
  EXPECT_EQ(cursors.connections(), 0u);
}

}  // namespace
}  // namespace vctoe::nic
