#include "models/nic/payload_source.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tb/unit/nic/cells.h"

namespace vctoe::nic {
namespace {

struct Bench {
  sim::Context context;
  CoreParams params;
  PacketBuffer buffer{context, 0, cells(4)};
  PayloadSource source{params, buffer};
  Connection c;

  static TxJob job(std::uint64_t offset, std::uint32_t length, bool retransmit = false) {
    TxJob j;
    toe::TxPlan plan;
    plan.offset = offset;
    plan.length = length;
    plan.retransmit = retransmit;
    j.reset(plan);
    return j;
  }
  /// A block that the host has identified; its byte at stream offset x lies at physical x + shift.
  static Extent physical(std::uint64_t begin, std::uint64_t end, std::uint64_t shift) {
    Extent e;
    e.begin = begin;
    e.end = end;
    e.ready = true;
    const SgElement all{begin + shift, static_cast<std::uint32_t>(end - begin), 0};
    e.sg.assign(&all, 1);
    return e;
  }
  /// A segment that was sent and is still in the buffer.
  std::uint32_t retain(std::uint64_t begin, std::uint64_t end) {
    const auto at = buffer.allocate(static_cast<std::uint32_t>(end - begin), BufferUse::kRetained);
    c.retained.push_back({begin, end, *at});
    return *at;
  }
  std::uint64_t in_use(BufferUse use) const {
    return buffer.stats().used_by[static_cast<std::size_t>(use)].value();
  }
};

TEST(PayloadSource, ASegmentAcrossSeveralBlocksIsReadFromEachOfThem) {
  Bench b;
  Extent one = b.physical(0, 1000, 0x10000), two = b.physical(1000, 1100, 0x20000);
  Extent three = b.physical(1100, 5000, 0x30000), other = b.physical(900, 1200, 0x90000);
  other.ask = 7;  // of a retransmission: not for first transmissions
  three.ready = false;
  b.c.first = {&one, &other, &two, &three};
  TxJob job = b.job(900, 300);
  EXPECT_FALSE(b.source.resolve(b.c, job)) << "the host has not answered for the last block";
  three.ready = true;
  ASSERT_TRUE(b.source.resolve(b.c, job));
  ASSERT_TRUE(b.source.give_buffer(b.c, job));
  const DmaRequest read = b.source.read_of(b.c, job);
  const std::vector<std::pair<std::uint64_t, std::uint32_t>> wanted = {
      {0x10000 + 900, 100}, {0x20000 + 1000, 100}, {0x30000 + 1100, 100}};
  ASSERT_EQ(read.count, wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_EQ(read.sg[i].address, wanted[i].first) << i;
    EXPECT_EQ(read.sg[i].length, wanted[i].second) << i;
  }
  EXPECT_EQ(read.data, b.buffer.data(job.buffer));
}

TEST(PayloadSource, ARetransmissionTakesOnlyTheBlocksThatWereAskedForIt) {
  Bench b;
  Extent first = b.physical(0, 500, 0), again = b.physical(0, 500, 0);
  again.ask = 7;
  b.c.first = {&first};
  TxJob job = b.job(0, 500, true);
  job.ask = 7;
  EXPECT_FALSE(b.source.resolve(b.c, job));
  b.c.again = {&again};
  ASSERT_TRUE(b.source.resolve(b.c, job));
  ASSERT_EQ(job.pieces.size(), 1u);
  EXPECT_EQ(job.pieces[0].extent, &again);
}

TEST(PayloadSource, PushedBytesAreGatheredFromTheBuffersOfTheirBlocks) {
  Bench b;
  Extent one = b.physical(0, 200, 0), two = b.physical(200, 400, 0);
  for (Extent* e : {&one, &two}) {
    e->buffer = *b.buffer.allocate(200, BufferUse::kPushed);
    for (std::uint64_t i = 0; i < 200; ++i) {
      b.buffer.data(e->buffer)[i] = static_cast<std::uint8_t>(e->begin + i);
    }
  }
  b.c.first = {&one, &two};
  TxJob job = b.job(150, 100);
  ASSERT_TRUE(b.source.resolve(b.c, job));
  std::vector<std::uint8_t> frame(100);
  b.source.copy(job, frame.data());
  for (std::size_t i = 0; i < frame.size(); ++i) ASSERT_EQ(frame[i], (150 + i) % 256) << i;
}

TEST(PayloadSource, ARetainedSegmentIsTakenAgainOnlyIfItIsExactlyTheSame) {
  Bench b;
  b.retain(0, 100);
  const std::uint32_t at = b.retain(100, 200);
  TxJob shorter = b.job(100, 50, true), same = b.job(100, 100, true), twice = same;
  EXPECT_FALSE(b.source.take_retained(b.c, shorter));
  ASSERT_TRUE(b.source.take_retained(b.c, same));
  EXPECT_TRUE(same.staged && same.ready);
  EXPECT_EQ(same.buffer, at);
  EXPECT_EQ(b.in_use(BufferUse::kTransmit), kCell);
  EXPECT_EQ(b.in_use(BufferUse::kRetained), kCell);
  EXPECT_FALSE(b.source.take_retained(b.c, twice)) << "its buffer belongs to the other job now";
}

TEST(PayloadSource, ASegmentThatNeedsBufferEvictsTheOldestRetainedOnes) {
  Bench b;
  for (std::uint64_t i = 0; i < 4; ++i) b.retain(i * kCell, (i + 1) * kCell);
  TxJob job = b.job(5000, 2 * kCell);
  ASSERT_TRUE(b.source.give_buffer(b.c, job));
  EXPECT_TRUE(job.staged);
  ASSERT_EQ(b.c.retained.size(), 2u) << "no more than needed";
  EXPECT_EQ(b.c.retained.front().begin, 2 * kCell);
  EXPECT_EQ(b.in_use(BufferUse::kRetained), 2 * kCell);

  TxJob large = b.job(9000, 3 * kCell);
  EXPECT_FALSE(b.source.give_buffer(b.c, large));
  EXPECT_FALSE(large.staged);
}

}  // namespace
}  // namespace vctoe::nic
