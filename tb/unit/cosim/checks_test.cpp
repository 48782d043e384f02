// The ready/valid rule, the reference and the pages, each alone.
#include "tb/cosim/checks.h"

#include <gtest/gtest.h>

#include "tb/cosim/page_book.h"
#include "tb/cosim/reference.h"

namespace vctoe::cosim {
namespace {

template <class Beat>
class EveryPort : public ::testing::Test {};
using Ports = ::testing::Types<WalkBeat, FillBeat, InvalidateBeat, CancelBeat, FetchBeat,
                               CompletionBeat, OutBeat>;
TYPED_TEST_SUITE(EveryPort, Ports);

/// Every field of a beat, one at a time.
template <class Beat, class F>
void each_change(F&& f) {
  unsigned fields = 0;
  Beat count;
  Beat::fields(count, [&](const char*, auto&) { ++fields; });
  for (unsigned changed = 0; changed < fields; ++changed) {
    Beat beat;
    unsigned n = 0;
    Beat::fields(beat, [&](const char*, auto& value) { value += n++ == changed ? 1 : 0; });
    f(beat);
  }
}

TYPED_TEST(EveryPort, ABeatThatPassesAtOnceOrWaitsUnchangedIsWell) {
  StreamCheck<TypeParam> check("port");
  check.step(true, {false, {}}, true);
  check.step(true, {true, {}}, true);
  check.step(true, {true, {}}, false);
  check.step(true, {true, {}}, false);
  check.step(true, {true, {}}, true);
  each_change<TypeParam>([&](const TypeParam& beat) { check.step(true, {true, beat}, true); });
  check.step(true, {false, {}}, false);
}

TYPED_TEST(EveryPort, AChangeOfAnyFieldWhileItWaitsIsFound) {
  each_change<TypeParam>([](const TypeParam& beat) {
    StreamCheck<TypeParam> check("port");
    check.step(true, {true, {}}, false);
    EXPECT_THROW(check.step(true, {true, beat}, true), Failure);
  });
}

TYPED_TEST(EveryPort, ABeatTakenBackIsFound) {
  StreamCheck<TypeParam> check("port");
  check.step(true, {true, {}}, false);
  EXPECT_THROW(check.step(true, {false, {}}, true), Failure);
}

TYPED_TEST(EveryPort, ValidInResetIsFoundAndResetMayTakeABeatBack) {
  StreamCheck<TypeParam> check("port");
  EXPECT_THROW(check.step(false, {true, {}}, false), Failure);
  check.step(true, {true, {}}, false);
  check.step(false, {false, {}}, false);
  check.step(true, {false, {}}, false);
}

WalkerConfig config() {
  WalkerConfig c;
  c.max_records = 10;
  c.granularity = 64;
  return c;
}

TEST(Reference, AWalkAcrossTwoRecordsAndAcrossZeroIsCut) {
  WalkBeat walk;
  walk.txn = 5, walk.connection = 3, walk.asid = 9, walk.head = 0x1000;
  walk.first_sequence = walk.sequence = 0xffff'ffe0, walk.length = 150;
  ReferenceWalk reference(config(), walk);
  ASSERT_EQ(reference.wanted(), 0x1000u);
  RawRecord one;
  one.virtual_address = 0x5000, one.offset = 8, one.data_size = 100;
  one.starting_sequence = 0xffff'ffe0, one.next = 0x2000;
  reference.take(one);
  ASSERT_FALSE(reference.over());
  ASSERT_EQ(reference.wanted(), 0x2000u);
  RawRecord two = one;
  two.virtual_address = 0x9000, two.starting_sequence = 68, two.next = 0;
  reference.take(two);
  ASSERT_TRUE(reference.over());
  const auto& b = reference.beats();
  ASSERT_EQ(b.size(), 4u);
  EXPECT_EQ(b[0].address, 0x5008u);
  EXPECT_EQ(b[0].length, 64u);
  EXPECT_EQ(b[1].sequence, 32u);
  EXPECT_EQ(b[1].length, 36u);
  EXPECT_EQ(b[2].address, 0x9008u);
  EXPECT_EQ(b[2].length, 50u);
  EXPECT_EQ(b[2].last, 1u);
  EXPECT_EQ(b[3].kind, nic::kOutDone);
}

TEST(Reference, ALinkToNothingIsNullHeadAtFirstAndRangeLater) {
  WalkBeat walk;
  walk.length = 1;
  ReferenceWalk null(config(), walk);
  ASSERT_TRUE(null.over());
  EXPECT_EQ(null.beats()[0].code, kNullHead);
  walk.head = 0x40;
  walk.sequence = 10;
  ReferenceWalk shorter(config(), walk);
  RawRecord raw;
  raw.data_size = 10;
  shorter.take(raw);
  ASSERT_TRUE(shorter.over());
  EXPECT_EQ(shorter.beats()[0].code, kRange);
  EXPECT_EQ(shorter.beats()[0].address, 0x40u);
}

TEST(PageBook, APageIsAskedForAnsweredAndReleasedInTurn) {
  PageBook book(2);
  const PageName a{1, 10}, b{1, 11}, c{1, 12};
  book.requested(a, 0);
  EXPECT_THROW(book.requested(a, 0), Failure);
  EXPECT_THROW(book.released(a), Failure);
  book.requested(b, 0);
  EXPECT_THROW(book.requested(c, 0), Failure);
  book.answered(a, 77, false);
  book.answered(b, 78, true);
  EXPECT_THROW(book.released(b), Failure);
  EXPECT_EQ(book.fetched(77 * 4096 + 32, 0), a);
  EXPECT_THROW(book.fetched(78 * 4096, 0), Failure);
  EXPECT_THROW(book.released(a), Failure);
  book.completed(a);
  book.released(a);
  EXPECT_EQ(book.in_use(), 0u);
  EXPECT_EQ(book.evictions(), 1u);
}

TEST(PageBook, WhatIsKeptAfterInvalidationOrTheLastCancelIsFound) {
  PageBook book(4);
  const PageName a{1, 10};
  book.requested(a, 3);
  EXPECT_THROW(book.check_rest(), Failure);
  book.answered(a, 77, false);
  book.check_rest();
  PageBook other = book;
  book.invalidated(a);
  EXPECT_THROW(book.check_rest(), Failure);
  other.cancelled(3);
  EXPECT_THROW(other.check_rest(), Failure);
}

}  // namespace
}  // namespace vctoe::cosim
