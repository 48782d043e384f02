// When the pin of a block ends: retrieved, sent, acknowledged, or lazily.
#include <gtest/gtest.h>

#include "tb/system/run.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;
using sim::Why;

constexpr std::uint64_t kBlock = 32 * 1024;

ScenarioParams params(nic::UnpinAt at) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::kib(512);
  p.driver.block_size = {kBlock};
  p.system.nic.core.unpin_at = at;
  return p;
}

/// The bytes of the request at log[i], as an interval of the stream.
struct Bytes {
  std::uint64_t begin, end;
};
Bytes bytes_of(const TraceLog& log, std::size_t i) {
  const std::uint64_t begin = log.offset(log[i]);
  return {begin, begin + log[i].length};
}

/// Where the stream's bytes before `end` were acknowledged.
std::size_t acknowledged(const TraceLog& log, std::uint64_t end) {
  return log.first(TraceKind::kRxAck, [end](const auto& e) { return e.address >= end; });
}

TEST(UnpinAt, AcknowledgedKeepsABlockPinnedUntilItsLastByteIsAcknowledged) {
  TraceLog log;
  ScenarioParams p = params(nic::UnpinAt::kAcknowledged);
  p.system.net.delay = sim::Time::from_ms(2);
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = log.all(TraceKind::kBlockRequest);
  ASSERT_EQ(requests.size(), p.stream.size.n / kBlock);
  for (const std::size_t i : requests) {
    const auto unpins = log.all(TraceKind::kUnpin, txn_is(log[i].txn));
    ASSERT_EQ(unpins.size(), kBlock / 4096);
    EXPECT_GT(unpins.front(), acknowledged(log, bytes_of(log, i).end));
  }
}

TEST(UnpinAt, WhatIsPinnedUntilAcknowledgedIsResentWithoutAskingAgain) {
  TraceLog log;
  ScenarioParams p = params(nic::UnpinAt::kAcknowledged);
  p.driver.block_size = {4096};
  lose(p, 0.02);
  const auto s = run(p, "fig8+fig9", "", log.listen());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 3u);
  const double kept = stat(s, "sender.nic.tx.from_kept");
  EXPECT_GT(kept, 0);
  // Only what was lost while the rest of its block was unsent had to be asked for.
  EXPECT_LT(static_cast<double>(log.count(TraceKind::kBlockRequest, why_is(Why::kRetransmit))),
            kept);
}

// req: I-C10, I-C30
TEST(UnpinAt, RetrievedUnpinsTheStreamOfFig12AfterItsLastReadAndBeforeItsLastTransmission) {
  TraceLog log;
  ScenarioParams p = params(nic::UnpinAt::kRetrieved);
  p.system.nic.mac.rate = sim::BitRate::gbps(1);  // reads are ahead of the wire
  lose(p, 0.02);
  const auto s = run(p, "fig12+fig9", "", log.listen());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  const sim::TxnId post = log[log.first(TraceKind::kPost)].txn;
  const auto unpins = log.all(TraceKind::kUnpin, txn_is(post));
  ASSERT_EQ(unpins.size(), p.stream.size.n / 4096);
  const auto of_post = [post](const auto& e) { return e.txn == post; };
  EXPECT_GT(unpins.front(), log.last(TraceKind::kDmaRead, of_post));
  EXPECT_LT(unpins.back(), log.last(TraceKind::kTxFirst));
}

TEST(UnpinAt, AcknowledgedKeepsTheStreamOfFig12PinnedUntilAllOfItIsAcknowledged) {
  TraceLog log;
  ScenarioParams p = params(nic::UnpinAt::kAcknowledged);
  expect_intact(run(p, "fig12+fig9", "", log.listen()));
  const auto unpins = log.all(TraceKind::kUnpin, txn_is(log[log.first(TraceKind::kPost)].txn));
  ASSERT_EQ(unpins.size(), p.stream.size.n / 4096);
  EXPECT_GT(unpins.front(), acknowledged(log, p.stream.size.n));
}

// req: I-F08-266
TEST(LazyUnpins, APinIsGivenBackOnlyAfterLaterBlocksWereAskedFor) {
  TraceLog log;
  ScenarioParams p = params(nic::UnpinAt::kSent);
  p.driver.lazy_unpins = 1;
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = log.all(TraceKind::kBlockRequest);
  ASSERT_GT(requests.size(), 4u);
  for (std::size_t k = 0; k + 1 < requests.size(); ++k) {
    const auto unpins = log.all(TraceKind::kUnpin, txn_is(log[requests[k]].txn));
    ASSERT_EQ(unpins.size(), kBlock / 4096);
    EXPECT_GT(unpins.front(), requests[k + 1]);
    // The next block has been sent: then this one is the second that lies there.
    EXPECT_GT(unpins.front(), log.first(TraceKind::kBlockSent, txn_is(log[requests[k + 1]].txn)));
  }
}

TEST(LazyUnpins, NobodyWaitsForMemoryThatIsPinnedForNothing) {
  ScenarioParams p = params(nic::UnpinAt::kSent);
  p.stream.connections = 8;
  p.stream.size = sim::Bytes::kib(256);
  p.driver.lazy_unpins = 1024;
  p.system.host.dram.size = sim::Bytes::mib(24);
  p.kernel.pin_limit_bytes = sim::Bytes::kib(8 * 512 + 256);  // little beyond receive memory
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(512);
  expect_intact(run(p, "fig8+fig9"));
}

}  // namespace
}  // namespace vctoe::scenario
