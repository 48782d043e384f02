// First transmission, step by step on the trace: FIG. 8 and FIG. 11.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;
using sim::Why;

constexpr std::uint64_t kStream = 256 << 10;
constexpr std::uint64_t kBlock = 32 << 10;
constexpr std::uint64_t kBlocks = kStream / kBlock;

ScenarioParams small() {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.driver.block_size = {kBlock};
  return p;
}

std::vector<std::size_t> first_requests(const TraceLog& log) {
  return log.all(TraceKind::kBlockRequest, why_is(Why::kFirst));
}

/// Place in the log at which `end` bytes of the stream were acknowledged.
std::size_t acknowledged(const TraceLog& log, std::uint64_t end) {
  return log.first(TraceKind::kRxAck, [end](const auto& e) { return e.address >= end; });
}

class EveryByte : public testing::TestWithParam<const char*> {};

// req: I-C01, I-C21, I-G01b, I-F01-10, I-P0005a, I-F08-262, I-F08-276, I-F11-350, I-F11-352
// req: I-F11-376, I-C11d, I-P0021a, I-P0026a, I-P0049, I-P0052
TEST_P(EveryByte, IsPostedRequestedIdentifiedAndSentInThatOrder) {
  TraceLog log;
  ScenarioParams p = small();
  p.stream.swapped = 0.5;
  expect_intact(run(p, GetParam(), "", log.listen()));
  const std::size_t post = log.first(TraceKind::kPost);
  std::vector<std::size_t> replied(kStream, kNowhere);
  for (const std::size_t i : first_requests(log)) {
    EXPECT_GT(i, post);
    auto reply = log.first(TraceKind::kReplyPhysical, txn_is(log[i].txn));
    if (reply == kNowhere) reply = log.first(TraceKind::kReplyPushed, txn_is(log[i].txn));
    ASSERT_NE(reply, kNowhere);
    EXPECT_GT(reply, i);
    for (std::uint64_t b = 0; b < log[i].length; ++b) {
      auto& at = replied.at(log.offset(log[i]) + b);
      ASSERT_EQ(at, kNowhere) << "asked for twice";
      at = reply;
    }
  }
  std::uint64_t next = 0;
  for (const std::size_t i : log.all(TraceKind::kTxFirst)) {
    ASSERT_EQ(log.offset(log[i]), next) << "first transmissions are contiguous";
    for (std::uint64_t b = 0; b < log[i].length; ++b) ASSERT_LT(replied.at(next + b), i);
    next += log[i].length;
  }
  EXPECT_EQ(next, kStream);
}

INSTANTIATE_TEST_SUITE_P(Flow, EveryByte,
                         testing::Values("fig8+fig9", "fig8+fig10", "fig11+fig9", "fig11+fig10"),
                         scheme_name);

// req: I-F07-200, I-F08-256, I-F08-260, I-G01e, I-P0034b, I-P0038
TEST(Fig8, PinsExactlyThePagesOfABlockBeforeItReplies) {
  TraceLog log;
  ScenarioParams p = small();
  p.system.nic.core.blocks_outstanding = 1;
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = first_requests(log);
  ASSERT_EQ(requests.size(), kBlocks);
  EXPECT_EQ(log.count(TraceKind::kPin, owner_is(PinOwner::kAgent)), kStream / 4096);
  for (const std::size_t i : requests) {
    const auto pins = log.all(TraceKind::kPin, txn_is(log[i].txn));
    ASSERT_EQ(pins.size(), kBlock / 4096);
    EXPECT_GT(pins.front(), i);
    EXPECT_LT(pins.back(), log.first(TraceKind::kReplyPhysical, txn_is(log[i].txn)));
    std::set<std::uint64_t> frames;
    for (const std::size_t pin : pins) frames.insert(log[pin].address);
    EXPECT_EQ(frames.size(), pins.size());
  }
}

// req: I-G01g, I-C05, I-C25, I-F08-266, I-F08-268, I-P0035, I-P0036b
TEST(Fig8, UnpinsABlockWhenItIsSentAndBeforeItIsAcknowledged) {
  TraceLog log;
  ScenarioParams p = small();
  p.system.net.delay = sim::Time::from_ms(5);
  p.system.nic.toe.initial_window = 200;
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = first_requests(log);
  ASSERT_EQ(requests.size(), kBlocks);
  for (const std::size_t i : requests) {
    const std::uint64_t begin = log.offset(log[i]);
    const std::uint64_t end = begin + log[i].length;
    const std::size_t last_tx = log.last(TraceKind::kTxFirst, [&](const auto& e) {
      return e.address < end && e.address + e.length > begin;
    });
    const auto unpins = log.all(TraceKind::kUnpin, txn_is(log[i].txn));
    ASSERT_EQ(unpins.size(), kBlock / 4096);
    EXPECT_GT(unpins.front(), last_tx);
    EXPECT_LT(unpins.back(), acknowledged(log, begin + 1));
  }
}

// req: I-F08-252, I-P0033a, I-P0033b, I-F01-24
// req: I-P0048c
TEST(Fig8, AsksForABlockWhenItsFirstByteIsInsideTheWindow) {
  TraceLog log;
  ScenarioParams p = small();
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(48);
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(48);
  expect_intact(run(p, "fig8", "", log.listen()));
  std::uint64_t edge = 0;
  std::uint64_t next = 0;
  std::size_t requests = 0;
  for (std::size_t i = log.first(TraceKind::kPost); i < log.size(); ++i) {
    if (log[i].node != 0) continue;
    if (log[i].kind == TraceKind::kRxAck) edge = log[i].address + log[i].length;
    if (log[i].kind != TraceKind::kBlockRequest) continue;
    ++requests;
    EXPECT_EQ(log.offset(log[i]), next);
    next += log[i].length;
    // The first window was announced in the handshake, before the post.
    EXPECT_LT(log.offset(log[i]), std::max(edge, p.socket.receive_buffer.n));
  }
  EXPECT_EQ(requests, kBlocks);
}

// req: I-P0037
TEST(Fig8, WithOneBlockOutstandingAsksForTheNextWhenTheLastIsAcknowledged) {
  TraceLog log;
  ScenarioParams p = small();
  p.system.nic.core.blocks_outstanding = 1;
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = first_requests(log);
  ASSERT_EQ(requests.size(), kBlocks);
  for (std::size_t k = 1; k < requests.size(); ++k) {
    EXPECT_GT(requests[k], acknowledged(log, k * kBlock));
  }
}

// req: I-P0048a, I-P0048b
TEST(Fig8, HasSeveralBlocksOutstandingWithoutAnyAcknowledgment) {
  TraceLog log;
  ScenarioParams p = small();
  p.driver.block_size = sim::Bytes::kib(16);  // the window of a SYN is 64 KiB at most: four blocks
  p.system.net.delay = sim::Time::from_ms(5);
  p.system.nic.toe.initial_window = 200;
  expect_intact(run(p, "fig8", "", log.listen()));
  const auto requests = first_requests(log);
  ASSERT_EQ(requests.size(), kStream / p.driver.block_size.n);
  EXPECT_LT(requests[3], acknowledged(log, 1));
}

// req: I-G01a, I-G01c, I-F07-210, I-F08-254, I-P0027, I-P0034a
TEST(Fig8, FindsEveryPageUnpinnedAndSomeOnSwapAndFetchesOnlyThose) {
  TraceLog log;
  ScenarioParams p = small();
  p.stream.swapped = 0.5;
  expect_intact(run(p, "fig8", "", log.listen()));
  const std::size_t post = log.first(TraceKind::kPost);
  const std::size_t first_pin = log.first(TraceKind::kPin, owner_is(PinOwner::kAgent));
  EXPECT_GT(first_pin, post) << "nothing of the stream is pinned when it is posted";
  std::size_t missing = 0;
  for (const std::size_t i : first_requests(log)) {
    missing += log.count(TraceKind::kPageFault, txn_is(log[i].txn));
  }
  EXPECT_GE(missing, 1u);
  EXPECT_LT(missing, kStream / 4096) << "the others were resident";
}

// req: I-F08-254, I-P0034a
TEST(Fig8, SwapsNothingInWhenAllIsResident) {
  TraceLog log;
  const auto s = run(small(), "fig8", "", log.listen());
  expect_intact(s);
  EXPECT_EQ(log.count(TraceKind::kSwapIn), 0u);
  EXPECT_EQ(s.swap_in_bytes, 0u);
}

class Done : public testing::TestWithParam<const char*> {};

// req: I-F08-278, I-F11-368, I-F11-370, I-F11-378, I-F12-470, I-F12-476
TEST_P(Done, IsTheStreamOnceWhenItsLastByteIsAcknowledgedAndNotBefore) {
  TraceLog log;
  ScenarioParams p = small();
  p.system.net.delay = sim::Time::from_ms(1);  // several rounds of acknowledgments
  expect_intact(run(p, GetParam(), "", log.listen()));
  ASSERT_EQ(log.count(TraceKind::kStreamAcked), 1u);
  const std::size_t done = log.first(TraceKind::kStreamAcked);
  const auto partial = [](const auto& e) { return e.address > 0 && e.address < kStream; };
  EXPECT_GT(log.count(TraceKind::kRxAck, partial), 1u);
  EXPECT_LT(log.last(TraceKind::kRxAck, partial), done);
  EXPECT_GT(done, acknowledged(log, kStream));
  EXPECT_EQ(log.count(TraceKind::kPin, owner_is(PinOwner::kAgent)),
            log.count(TraceKind::kUnpin, owner_is(PinOwner::kAgent)));
}
INSTANTIATE_TEST_SUITE_P(Flow, Done,
                         testing::Values("fig3", "fig8+fig9", "fig11+fig10", "fig12+fig9"),
                         scheme_name);

// req: I-C12
// req: I-C02, I-C22, I-F11-354, I-F11-356, I-F11-362, I-F10-302, I-P0026d, I-P0050
TEST(Fig11, PushesIntoThePacketBufferAndPinsNothingForTheNic) {
  TraceLog log;
  ScenarioParams p = small();
  p.stream.swapped = 0.5;
  lose(p, 0.02);
  const auto s = run(p, "fig11+fig10", "", log.listen());
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_EQ(log.count(TraceKind::kPin, owner_is(PinOwner::kAgent)), 0u);
  EXPECT_EQ(log.count(TraceKind::kDmaRead), 0u) << "the NIC reads no payload from host memory";
  EXPECT_LE(s.buffer_peak_bytes, p.system.nic.packet_buffer.size.n);
  for (const std::size_t i : log.all(TraceKind::kBlockRequest)) {
    const auto writes = log.all(TraceKind::kBufferWrite, txn_is(log[i].txn));
    ASSERT_FALSE(writes.empty());
    EXPECT_EQ(log[writes.front()].length, log[i].length);
    const auto read = log.first(TraceKind::kBufferRead, txn_is(log[i].txn));
    const auto kind = why_is(Why::kFirst)(log[i]) ? TraceKind::kTxFirst : TraceKind::kTxRetransmit;
    EXPECT_LT(writes.front(), read);
    EXPECT_LT(read, log.first(kind, txn_is(log[i].txn)));
  }
}

// req: I-X11, I-F07-230, I-P0030
TEST(Fig8, FetchesSwappedContextPagesOverTheRequestPath) {
  TraceLog log;
  ScenarioParams p = small();
  p.stream.contexts_swapped = true;
  p.stream.swapped = 1;
  expect_intact(run(p, "fig8", "", log.listen()));
  const std::size_t node = log.first(TraceKind::kNodeRequest);
  ASSERT_NE(node, kNowhere);
  const std::size_t pin = log.first(TraceKind::kPin, owner_is(PinOwner::kNode));
  ASSERT_NE(pin, kNowhere);
  EXPECT_GT(pin, node);
  EXPECT_GE(log.count(TraceKind::kPageFault, txn_is(log[pin].txn)), 1u)
      << "the page of records had been evicted";
}

// req: I-P0006, I-F01-20, I-F01-26
TEST(Fig8, StopsAtAZeroWindowAndGoesOnWhenTheReaderDoes) {
  TraceLog log;
  ScenarioParams p = small();
  p.socket.receive_buffer = p.socket.connect_buffer = sim::Bytes::kib(32);
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(32);
  p.receiver.limit = {200e6};
  p.receiver.piece = sim::Bytes::kib(4);
  expect_intact(run(p, "fig8", "", log.listen()));
  EXPECT_GE(log.count(TraceKind::kRxAck, [](const auto& e) { return e.length == 0; }), 1u);
  std::uint64_t edge = p.socket.receive_buffer.n;
  for (std::size_t i = log.first(TraceKind::kPost); i < log.size(); ++i) {
    if (log[i].node != 0) continue;
    if (log[i].kind == TraceKind::kRxAck) edge = std::max(edge, log[i].address + log[i].length);
    if (log[i].kind == TraceKind::kTxFirst) {
      EXPECT_LE(log[i].address + log[i].length, edge);
    }
  }
}

}  // namespace
}  // namespace vctoe::scenario
