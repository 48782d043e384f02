// From the post to the application: link, packet buffer, window, wire, loss and readers.
#include <gtest/gtest.h>

#include "tb/unit/attribution/rig.h"

namespace vctoe::scenario {
namespace {

using P = TimePart;
constexpr std::uint64_t kWide = Trace::kWide;

TEST(Attribution, EachStepFromThePostToTheApplicationIsItsPart) {
  Trace t;
  t.at(0, TraceKind::kPosting, {1, 1000});
  t.at(5, TraceKind::kPost, {1, 1000});
  t.window(5, 0, kWide);
  t.at(8, TraceKind::kPostTaken, {1, 1000});
  t.read(10, 14, 0);
  t.line(15, 20, 0);
  t.arrives(30, 1000);
  t.in_memory(33, 1000);
  t.consumed(37, 45, 1000);
  t.expect(0, 45,
           {{P::kHost, 5 + 3 + 4},
            {P::kWindow, 2},
            {P::kPcie, 4 + 3},
            {P::kWire, 1 + 5 + 10},
            {P::kApplication, 8}});
}

TEST(Attribution, BeforeTheFirstPostTheHandshakeIsTheWiresAndTheRestTheHosts) {
  Trace t;
  t.at(10, TraceKind::kConnState, {0, 0, 0, 0, 2});  // SYN sent
  t.at(60, TraceKind::kConnState, {0, 0, 0, 0, 4});  // established
  t.window(64, 0, kWide);
  t.post(64, 1000);
  t.sent(64, 65, 66);
  t.delivered(70, 1000);
  t.expect(3, 70, {{P::kHost, 7 + 4}, {P::kWire, 50 + 1 + 4}, {P::kPcie, 1}});
}

TEST(Attribution, WhileTheLinkCarriesDataTheLinkIsToBlameAndNotTheLimitOfReads) {
  AttributionSetup setup = Trace::defaults();
  setup.read_ps_per_byte = 3'000;  // 1000 bytes in 3 us
  Trace t(setup);
  t.begin(1000);
  t.at(0, TraceKind::kDmaBegin, {0, 1000});
  t.at(0, TraceKind::kDmaLimit, {0, 0, 0, 0, 1});
  t.at(2, TraceKind::kDmaRead, {0, 1000});  // busy until 5
  t.at(9, TraceKind::kBufferWrite, {0, 1000});
  t.at(9, TraceKind::kDmaLimit, {0, 0, 0, 0, 0});
  t.line(9, 10, 0);
  t.delivered(10, 1000);
  t.expect(0, 10, {{P::kDmaTags, 2 + 4}, {P::kPcie, 3}, {P::kWire, 1}});
}

TEST(Attribution, ReadsThatFindNoPacketBufferLeaveTheLinkIdle) {
  Trace t;
  t.begin(3000);
  t.at(0, TraceKind::kDmaBegin, {0, 1000});
  t.at(0, TraceKind::kBufferWait, {0, 1000, 1000});
  t.at(4, TraceKind::kBufferWrite, {0, 1000});
  t.line(4, 5, 0);
  t.at(5, TraceKind::kRxAck, {0, kWide, 0});  // nothing of it: the second still waits
  t.sent(7, 8, 9, 1000);
  t.sent(9, 11, 12, 2000);
  t.delivered(12, 3000);
  t.expect(0, 12, {{P::kPacketBuffer, 4 + 2}, {P::kPcie, 1 + 2}, {P::kWire, 3}});
}

TEST(Attribution, BytesThatAreThereAndMayNotLeaveWaitForTheWindow) {
  Trace t;
  t.window(0, 0, 1000);
  t.post(0, 2000);
  t.sent(0, 1, 2);
  t.delivered(4, 1000);
  t.window(12, 1000, 1000);
  t.sent(12, 13, 14, 1000);
  t.delivered(15, 1000);
  t.expect(0, 15, {{P::kPcie, 2}, {P::kWire, 3}, {P::kWindow, 10}});
}

TEST(Attribution, AWindowThatAReaderKeepsClosedIsTheApplications) {
  Trace t;
  t.window(0, 0, 1000);
  t.post(0, 2000);
  t.sent(0, 1, 2);
  t.arrives(4, 1000);  // the whole window is full from here on
  t.in_memory(4, 1000);
  t.consumed(6, 20, 1000);
  t.window(23, 1000, 1000);
  t.sent(23, 24, 25, 1000);
  t.delivered(26, 1000);
  t.expect(
      0, 26,
      {{P::kPcie, 2}, {P::kWire, 3}, {P::kWindow, 2 + 3}, {P::kHost, 2}, {P::kApplication, 14}});
}

TEST(Attribution, FromTheHoleOnWaitingIsLossRecovery) {
  Trace t;
  t.window(0, 0, 2000);
  t.post(0, 3000);
  t.sent(0, 1, 2);
  t.sent(2, 3, 4, 1000);
  t.at(5, TraceKind::kFrameDrop, {1, 1066, 1000});
  t.delivered(6, 1000);
  t.window(8, 1000, 1000);  // all before the hole is acknowledged
  t.line(28, 30, 1000, true);
  t.arrives(33, 1000);
  t.window(36, 2000, 2000);
  t.sent(36, 37, 38, 2000);
  t.arrives(39, 1000);
  t.in_memory(39, 2000);
  t.consumed(39, 39, 2000);
  t.expect(
      0, 39,
      {{P::kPcie, 3}, {P::kWire, 1 + 1 + 1 + 1}, {P::kWindow, 4}, {P::kLossRecovery, 20 + 2 + 6}});
}

TEST(Attribution, ALostTailIsLossRecoveryUntilItHasArrived) {
  Trace t;
  t.begin(1000);
  t.sent(0, 1, 2);
  t.at(4, TraceKind::kFrameDrop, {1, 1066});
  t.at(200, TraceKind::kRtoExpired);
  t.line(200, 201, 0, true);
  t.arrives(203, 1000);
  t.in_memory(203, 1000);
  t.consumed(204, 206, 1000);
  t.expect(0, 206,
           {{P::kPcie, 1},
            {P::kWire, 1 + 2},
            {P::kLossRecovery, 196 + 1 + 2},
            {P::kHost, 1},
            {P::kApplication, 2}});
}

TEST(Attribution, BetweenTwoPostsNobodyButTheApplicationIsAsked) {
  Trace t;
  t.begin(1000);
  t.sent(0, 1, 2);
  t.delivered(4, 1000);
  t.window(6, 1000, kWide);
  t.at(20, TraceKind::kPosting, {2, 1000, 1000});
  t.at(21, TraceKind::kPost, {2, 1000, 1000});
  t.at(21, TraceKind::kPostTaken, {2, 1000, 1000});
  t.sent(21, 22, 23, 1000);
  t.delivered(24, 1000);
  t.expect(0, 24,
           {{P::kPcie, 2}, {P::kWire, 1 + 2 + 2 + 1 + 1}, {P::kApplication, 14}, {P::kHost, 1}});
}

TEST(Attribution, ACopyRingThatIsFullWaitsForAcknowledgmentsAsAWindowDoes) {
  Trace t;
  t.begin(1000);
  t.sent(0, 1, 2);
  t.at(2, TraceKind::kPosting, {2, 1000, 1000});
  t.at(2, TraceKind::kPostWait, {2, 1000, 1000, 0, 1});
  t.at(12, TraceKind::kPostWait, {2, 1000, 1000, 0, 0});
  t.at(15, TraceKind::kPost, {2, 1000, 1000});
  t.at(15, TraceKind::kPostTaken, {2, 1000, 1000});
  t.sent(15, 16, 17, 1000);
  t.delivered(18, 2000);
  t.expect(0, 18, {{P::kPcie, 2}, {P::kWire, 1 + 1 + 1}, {P::kWindow, 10}, {P::kHost, 3}});
}

TEST(Attribution, ACoreThatCopiesIsNoDmaAndGivesFramesToTheLine) {
  AttributionSetup setup = Trace::defaults();
  setup.sender_copies = setup.receiver_copies = true;
  Trace t(setup);
  const auto line_took = [&t](std::uint64_t at, std::uint64_t us) {
    t.attribution.line_took(sim::Time::from_us(at), sim::Time::from_us(us));
  };
  t.begin(2000);
  t.read(0, 4, 0);
  t.at(4, TraceKind::kBufferRead, {0, 1000});
  line_took(7, 2);
  t.at(8, TraceKind::kTxFirst);
  t.read(8, 10, 1000);
  t.at(10, TraceKind::kBufferRead, {0, 1000, 1000});
  line_took(14, 9);  // no longer than it was under way
  t.at(15, TraceKind::kTxFirst);
  t.arrives(16, 2000);
  t.in_memory(19, 2000);
  t.consumed(19, 19, 2000);
  t.expect(0, 19, {{P::kHost, 4 + 1 + 1 + 2 + 1 + 3}, {P::kWire, 2 + 4 + 1}});
}

TEST(Attribution, TwoLinesAtOnceTakeNoTimeTwice) {
  AttributionSetup setup = Trace::defaults();
  setup.sender_copies = setup.receiver_copies = true;
  Trace t(setup);
  t.begin(1000);
  t.read(0, 4, 0);
  t.at(4, TraceKind::kBufferRead, {0, 1000});
  t.attribution.line_took(sim::Time::from_us(10), sim::Time::from_us(2));
  t.attribution.line_took(sim::Time::from_us(11),
                          sim::Time::from_us(2));  // the other one, from 9 on
  t.at(11, TraceKind::kTxFirst);
  t.arrives(16, 1000);
  t.in_memory(19, 1000);
  t.consumed(19, 19, 1000);
  t.expect(0, 19, {{P::kHost, 4 + 4 + 3}, {P::kWire, 2 + 1 + 5}});
}

TEST(Attribution, SequenceNumbersMayWrap) {
  Trace t;
  const std::uint64_t large = (std::uint64_t{1} << 32) - 500;
  t.begin(large + 2000);
  t.at(0, TraceKind::kBufferRead, {0, large / 2});  // in two great strides
  t.at(0, TraceKind::kBufferRead, {0, large / 2, large / 2});
  t.at(1, TraceKind::kTxFirst);
  t.at(1, TraceKind::kTxFirst);
  t.window(1, large, kWide);
  t.sent(3, 5, 6, large);
  t.sent(6, 8, 9, large + 1000);
  t.delivered(9, large + 2000);
  t.expect(0, 9, {{P::kWire, 1 + 1 + 1}, {P::kWindow, 2}, {P::kPcie, 4}});
}

}  // namespace
}  // namespace vctoe::scenario
