// Retransmission, step by step on the trace: FIG. 9, FIG. 10, and the first passes of FIG. 3
// and 12.
#include <gtest/gtest.h>

#include <set>
#include <utility>
#include <vector>

#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using kernel::PinOwner;
using sim::TraceKind;
using sim::Why;

constexpr std::uint64_t kStream = 256 << 10;
using Range = std::pair<std::uint64_t, std::uint64_t>;  ///< offset in the stream, length

/// Loses exactly these frames with payload, counted from 1 on their way to the receiver.
ScenarioParams losing(const std::string& list) {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.system.net.impair = net::Impaired::kForward;
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.data_only = true;
  p.system.net.loss.list = list;
  p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  return p;
}

std::vector<Range> ranges(const TraceLog& log, const std::vector<std::size_t>& places) {
  std::vector<Range> found;
  found.reserve(places.size());
  for (const std::size_t i : places) found.emplace_back(log.offset(log[i]), log[i].length);
  return found;
}

std::vector<std::size_t> again(const TraceLog& log) {
  return log.all(TraceKind::kBlockRequest, why_is(Why::kRetransmit));
}

/// Of the segments with payload in their order on the wire, the n-th (from 1).
Range sent(const TraceLog& log, std::size_t n) {
  for (std::size_t i = 0; i < log.size(); ++i) {
    const auto& e = log[i];
    const bool data = e.kind == TraceKind::kTxFirst || e.kind == TraceKind::kTxRetransmit;
    if (e.node == 0 && data && --n == 0) return {log.offset(e), e.length};
  }
  return {};
}

std::size_t segments() {
  return (kStream + 1447) / 1448;
}

class Lost : public testing::TestWithParam<const char*> {};

// req: I-C06, I-C26, I-C27, I-C07, I-F09-282, I-F09-290, I-F10-300, I-P0036c, I-P0041, I-F08-274
// req: I-F11-374, I-F12-474, I-P0026b, I-P0057, I-C16, I-C17, I-P0051
TEST_P(Lost, IsRequestedAgainByItsVirtualAddressAndNothingElse) {
  TraceLog log;
  ScenarioParams p = losing("20,50,90");
  const auto s = run(p, GetParam(), "", log.listen());
  expect_intact(s);
  const std::vector<Range> lost = {sent(log, 20), sent(log, 50), sent(log, 90)};
  EXPECT_EQ(ranges(log, again(log)), lost);
  EXPECT_EQ(ranges(log, log.all(TraceKind::kTxRetransmit)), lost);
  EXPECT_EQ(s.retransmitted_segments, 3u);
}

INSTANTIATE_TEST_SUITE_P(Flow, Lost,
                         testing::Values("fig8+fig9", "fig8+fig10", "fig11+fig9", "fig11+fig10",
                                         "fig12+fig9", "fig12+fig10"),
                         scheme_name);

// req: I-C06
TEST(Fig12, AsksForNothingWhenNothingIsLost) {
  TraceLog log;
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  expect_intact(run(p, "fig12", "", log.listen()));
  EXPECT_EQ(log.count(TraceKind::kBlockRequest), 0u);
}

// req: I-F09-286, I-F09-288, I-F09-290, I-F09-294, I-P0043, I-P0044
TEST(Fig9, PinsOnlyThePagesOfTheLostSegmentAndUnpinsBeforeItsAcknowledgment) {
  TraceLog log;
  ScenarioParams p = losing("20");
  p.system.net.delay = sim::Time::from_ms(2);
  p.system.nic.toe.rto_min = sim::Time::from_ms(50);
  expect_intact(run(p, "fig8+fig9", "", log.listen()));
  const auto requests = again(log);
  ASSERT_EQ(requests.size(), 1u);
  const auto& request = log[requests[0]];
  const auto of_it = txn_is(request.txn);
  const std::uint64_t end = log.offset(request) + request.length;
  const std::uint64_t pages =
      (request.address + request.length - 1) / 4096 - request.address / 4096 + 1;
  const auto pins = log.all(TraceKind::kPin, of_it);
  ASSERT_EQ(pins.size(), pages);
  const std::size_t reply = log.first(TraceKind::kReplyPhysical, of_it);
  const std::size_t read = log.first(TraceKind::kDmaRead, of_it);
  const std::size_t tx = log.first(TraceKind::kTxRetransmit, of_it);
  const auto unpins = log.all(TraceKind::kUnpin, of_it);
  ASSERT_EQ(unpins.size(), pages);
  EXPECT_LT(pins.back(), reply);
  EXPECT_LT(reply, read);
  EXPECT_LT(read, tx);
  ASSERT_NE(tx, kNowhere);
  EXPECT_LT(tx, unpins.front());
  EXPECT_LT(unpins.back(),
            log.first(TraceKind::kRxAck, [&](const auto& e) { return e.address >= end; }));
}

// req: I-F10-302, I-F10-304, I-F10-308, I-P0045, I-P0046
TEST(Fig10, PushesTheLostSegmentIntoThePacketBufferAndPinsNothing) {
  TraceLog log;
  expect_intact(run(losing("20"), "fig8+fig10", "", log.listen()));
  const auto requests = again(log);
  ASSERT_EQ(requests.size(), 1u);
  const auto& request = log[requests[0]];
  const auto of_it = txn_is(request.txn);
  EXPECT_EQ(log.count(TraceKind::kPin, of_it), 0u);
  EXPECT_EQ(log.count(TraceKind::kDmaRead, of_it), 0u);
  const std::size_t pushed = log.first(TraceKind::kReplyPushed, of_it);
  const std::size_t write = log.first(TraceKind::kBufferWrite, of_it);
  const std::size_t read = log.first(TraceKind::kBufferRead, of_it);
  const std::size_t tx = log.first(TraceKind::kTxRetransmit, of_it);
  ASSERT_NE(tx, kNowhere);
  EXPECT_LT(pushed, write);
  EXPECT_EQ(log[write].length, request.length);
  EXPECT_LT(write, read);
  EXPECT_LT(read, tx);
}

class LostTwice : public testing::TestWithParam<const char*> {};

// req: I-F09-296, I-F10-310, I-P0007b, I-P0044
TEST_P(LostTwice, GoesThroughAnotherFullPass) {
  TraceLog log;
  // The last segment: nothing follows, so the timer resends it, and that copy is lost too.
  ScenarioParams p = losing("9,10");
  p.stream.size = {std::uint64_t{9} * 1448};  // an even number before it: no delayed acknowledgment
  expect_intact(run(p, GetParam(), "", log.listen()));
  const Range last = {std::uint64_t{8} * 1448, 1448};
  EXPECT_EQ(ranges(log, again(log)), (std::vector<Range>{last, last}));
  EXPECT_EQ(log.count(TraceKind::kRtoExpired), 2u);
  EXPECT_EQ(ranges(log, log.all(TraceKind::kTxRetransmit)), (std::vector<Range>{last, last}));
}

INSTANTIATE_TEST_SUITE_P(Flow, LostTwice, testing::Values("fig8+fig9", "fig8+fig10", "fig12+fig9"),
                         scheme_name);

class EvictedMeanwhile : public testing::TestWithParam<const char*> {};

// req: I-F09-284, I-F12-474, I-C04, I-C24, I-P0011, I-P0042b
TEST_P(EvictedMeanwhile, PageIsSwappedInAgainForTheRetransmission) {
  TraceLog log;
  ScenarioParams p = losing("9");
  p.stream.size = {std::uint64_t{9} * 1448};
  p.system.nic.toe.rto_min = sim::Time::from_ms(200);
  p.system.host.dram.size = sim::Bytes::mib(8);
  p.driver.context_pool = sim::Bytes::kib(64);
  p.socket.receive_buffer = sim::Bytes::kib(256);
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(256);
  p.victims = 1;  // its working set alone is above what there is
  p.victim_resident = 0.1;
  p.pressure.pattern.kind = app::PatternKind::kScan;
  expect_intact(run(p, GetParam(), "", log.listen()));
  const auto requests = again(log);
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(log.count(TraceKind::kRtoExpired), 1u);
  const auto& request = log[requests[0]];
  const auto major = [&](const auto& e) { return e.txn == request.txn && e.detail == 1; };
  const std::size_t fault = log.first(TraceKind::kPageFault, major);
  ASSERT_NE(fault, kNowhere) << "it had left DRAM since it was sent";
  EXPECT_GT(fault, requests[0]);
  const std::size_t tx = log.first(TraceKind::kTxRetransmit);
  std::size_t arrived = 0;
  for (const std::size_t i : log.all(TraceKind::kSwapIn)) arrived += i > fault && i < tx ? 1 : 0;
  EXPECT_GE(arrived, 1u);
}

INSTANTIATE_TEST_SUITE_P(Flow, EvictedMeanwhile, testing::Values("fig8+fig9", "fig12+fig9"),
                         scheme_name);

// req: I-F03-70, I-F03-72, I-F03-74, I-F03-76, I-F03-78, I-F03-80, I-F03-82, I-P0013
TEST(Fig3, GathersAndPinsAllThenSendsThenUnpinsWhenAllIsAcknowledged) {
  TraceLog log;
  ScenarioParams p = losing("20,90");
  p.stream.swapped = 0.5;
  expect_intact(run(p, "fig3", "", log.listen()));
  EXPECT_EQ(log.count(TraceKind::kBlockRequest), 0u);
  const std::size_t first_tx = log.first(TraceKind::kTxFirst);
  const auto swapped_in = log.all(TraceKind::kSwapIn);
  ASSERT_FALSE(swapped_in.empty());
  EXPECT_LT(swapped_in.back(), first_tx);
  const auto pins = log.all(TraceKind::kPin, owner_is(PinOwner::kAgent));
  EXPECT_EQ(pins.size(), kStream / 4096);
  EXPECT_LT(pins.back(), log.first(TraceKind::kPost));
  std::set<std::uint64_t> frames;
  for (const std::size_t i : pins) frames.insert(log[i].address);
  for (const std::size_t i : log.all(TraceKind::kDmaRead)) {
    EXPECT_EQ(frames.count(log[i].address & ~std::uint64_t{4095}), 1u);
  }
  EXPECT_EQ(log.count(TraceKind::kTxRetransmit), 2u);
  const std::size_t first_ack =
      log.first(TraceKind::kRxAck, [](const auto& e) { return e.address > 0; });
  EXPECT_LT(first_ack, log.last(TraceKind::kTxFirst));
  EXPECT_GT(log.first(TraceKind::kUnpin, owner_is(PinOwner::kAgent)),
            log.first(TraceKind::kRxAck, [](const auto& e) { return e.address == kStream; }));
}

// req: I-F12-450, I-F12-452, I-F12-454, I-F12-456, I-F12-466, I-P0055, I-P0056
// req: I-F12-464, I-F12-468
TEST(Fig12, GathersAndPinsAllAndUnpinsWhenAllIsSentBeforeTheLastAcknowledgment) {
  TraceLog log;
  ScenarioParams p = losing("20");
  p.stream.swapped = 0.5;
  p.system.net.delay = sim::Time::from_ms(2);
  p.system.nic.toe.rto_min = sim::Time::from_ms(50);
  expect_intact(run(p, "fig12", "", log.listen()));
  EXPECT_EQ(log.count(TraceKind::kBlockRequest, why_is(Why::kFirst)), 0u);
  const auto requests = again(log);
  ASSERT_EQ(requests.size(), 1u) << "a retransmission finds its bytes through the list";
  const std::size_t first_tx = log.first(TraceKind::kTxFirst);
  const auto before = [&](TraceKind kind) {
    return log.count(kind, [&](const auto& e) { return e.at < log[first_tx].at; });
  };
  EXPECT_GE(before(TraceKind::kSwapIn), 1u);
  EXPECT_EQ(before(TraceKind::kSwapIn), log.count(TraceKind::kSwapIn));
  const auto posted = [&](const auto& e) { return e.detail == 0 && e.txn != log[requests[0]].txn; };
  EXPECT_EQ(log.count(TraceKind::kPin, posted), kStream / 4096);
  const auto unpins = log.all(TraceKind::kUnpin, posted);
  ASSERT_EQ(unpins.size(), kStream / 4096);
  EXPECT_GT(unpins.front(), log.last(TraceKind::kTxFirst));
  EXPECT_LT(unpins.back(),
            log.first(TraceKind::kRxAck, [](const auto& e) { return e.address == kStream; }));
}

// req: I-P0040
TEST(Fig8, RetransmitsInTheFirstTheMiddleAndTheLastBlock) {
  TraceLog log;
  ScenarioParams p = losing("3,90," + std::to_string(segments()));
  p.driver.block_size = sim::Bytes::kib(32);
  expect_intact(run(p, "fig8", "", log.listen()));
  std::set<std::uint64_t> blocks;
  for (const std::size_t i : again(log)) blocks.insert(log.offset(log[i]) / (32 << 10));
  EXPECT_EQ(blocks, (std::set<std::uint64_t>{0, sent(log, 90).first / (32 << 10), 7}));
}

// What is kept of sent segments makes the host's help unnecessary while there is room.
TEST(RetainUnacked, ResendsFromThePacketBufferWithoutARequest) {
  TraceLog log;
  ScenarioParams p = losing("20");
  p.system.nic.core.retain_unacked = true;
  p.socket.receive_buffer = p.socket.connect_buffer =
      sim::Bytes::kib(32);  // all that is in flight fits into the buffer
  p.system.nic.toe.receive_buffer = sim::Bytes::kib(32);
  const auto s = run(p, "fig8+fig9", "", log.listen());
  expect_intact(s);
  EXPECT_EQ(s.retransmitted_segments, 1u);
  EXPECT_TRUE(again(log).empty());
}

}  // namespace
}  // namespace vctoe::scenario
