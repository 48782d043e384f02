#include <gtest/gtest.h>

#include "tb/unit/attribution/rig.h"

namespace vctoe::scenario {
namespace {

constexpr std::uint64_t kWide = 1 << 20;

/// The NIC has to walk and to ask before it may read.
AttributionSetup asked() {
  AttributionSetup setup = Trace::defaults();
  setup.readable_when_posted = false;
  return setup;
}

constexpr std::uint32_t kNode = 2;  // sim::Why

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
           {{TimePart::kHost, 5 + 3 + 4},
            {TimePart::kWindow, 2},
            {TimePart::kPcie, 4 + 3},
            {TimePart::kWire, 1 + 5 + 10},
            {TimePart::kApplication, 8}});
}

TEST(Attribution, BeforeTheFirstPostTheHandshakeIsTheWiresAndTheRestTheHosts) {
  Trace t;
  t.at(10, TraceKind::kConnState, {0, 0, 0, 0, 2});  // SYN sent
  t.at(60, TraceKind::kConnState, {0, 0, 0, 0, 4});  // established
  t.window(64, 0, kWide);
  t.post(64, 1000);
  t.read(64, 65, 0);
  t.line(65, 66, 0);
  t.delivered(70, 1000);
  t.expect(3, 70, {{TimePart::kHost, 7 + 4}, {TimePart::kWire, 50 + 1 + 4}, {TimePart::kPcie, 1}});
}

TEST(Attribution, ABlockIsAskedForReadFromSwapPinnedAndAnswered) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kWalk, {2, 1000});
  t.at(2, TraceKind::kBlockRequest, {3, 1000});
  t.at(2, TraceKind::kWalkDone, {2, 1000});
  t.at(6, TraceKind::kServe, {3, 1000});
  t.at(7, TraceKind::kPinBegin, {3, 8192});
  t.at(7, TraceKind::kPin, {3});
  t.at(7, TraceKind::kPageFault, {3, 0, 0, 0, 1});
  t.at(20, TraceKind::kPin, {3});
  t.at(23, TraceKind::kPinDone, {3});
  t.at(25, TraceKind::kReplyPhysical, {3, 1000});
  t.read(25, 26, 0);
  t.line(26, 30, 0);
  t.delivered(31, 1000);
  t.expect(0, 31,
           {{TimePart::kWalker, 2},
            {TimePart::kHost, 4 + 1 + 2},
            {TimePart::kSwapIn, 13},
            {TimePart::kPinning, 3},
            {TimePart::kPcie, 1},
            {TimePart::kWire, 5}});
}

TEST(Attribution, WaitingToBeAllowedToPinIsPinning) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kBlockRequest, {3, 1000});
  t.at(1, TraceKind::kServe, {3, 1000});
  t.at(2, TraceKind::kPinBegin, {3, 4096});
  t.at(50, TraceKind::kPin, {3});
  t.at(51, TraceKind::kPinDone, {3});
  t.at(52, TraceKind::kReplyPhysical, {3, 1000});
  t.read(52, 53, 0);
  t.line(53, 54, 0);
  t.delivered(54, 1000);
  t.expect(0, 54,
           {{TimePart::kHost, 2 + 1},
            {TimePart::kPinning, 49},
            {TimePart::kPcie, 1},
            {TimePart::kWire, 1}});
}

TEST(Attribution, TheNextByteInOrderCountsWhateverIsReadyBehindIt) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 2000);
  t.at(0, TraceKind::kBlockRequest, {3, 1000});
  t.at(0, TraceKind::kBlockRequest, {4, 1000, 1000});
  t.at(1, TraceKind::kReplyPhysical, {4, 1000, 1000});
  t.at(9, TraceKind::kReplyPhysical, {3, 1000});
  t.read(9, 10, 0);
  t.line(10, 11, 0);
  t.read(11, 12, 1000);
  t.line(12, 13, 1000);
  t.delivered(13, 2000);
  t.expect(0, 13, {{TimePart::kHost, 9}, {TimePart::kPcie, 2}, {TimePart::kWire, 2}});
}

TEST(Attribution, AStageThatIsStarvedLeavesTheBlameToWhatStarvesIt) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 3000);
  t.at(0, TraceKind::kWalk, {2, 3000});
  t.at(10, TraceKind::kBlockRequest, {3, 1000});  // the walk goes on: the host has this one only
  t.at(13, TraceKind::kReplyPhysical, {3, 1000});
  t.read(13, 15, 0);  // and so has the link
  t.line(15, 16, 0);
  t.at(20, TraceKind::kBlockRequest, {4, 1000, 1000});
  t.at(21, TraceKind::kBlockRequest, {5, 1000, 2000});  // the host has work again
  t.at(25, TraceKind::kReplyPhysical, {4, 1000, 1000});
  t.read(25, 27, 1000);  // and the link has not
  t.line(27, 28, 1000);
  t.at(30, TraceKind::kWalkDone, {2, 3000});
  t.at(31, TraceKind::kReplyPhysical, {5, 1000, 2000});
  t.read(31, 33, 2000);
  t.line(33, 34, 2000);
  t.delivered(35, 3000);
  t.expect(0, 35,
           {{TimePart::kWalker, 15 + 5 + 2 + 2},
            {TimePart::kHost, 4 + 1},
            {TimePart::kPcie, 2},
            {TimePart::kWire, 1 + 1 + 1 + 1}});
}

TEST(Attribution, APageOfRecordsThatTheHostReadsFromSwapIsNotTheWalkers) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(1, TraceKind::kWalk, {2, 1000});
  t.at(3, TraceKind::kNodeRequest, {0, 4096});
  t.at(5, TraceKind::kServe, {9, 4096, 0, 0, kNode});
  t.at(5, TraceKind::kPinBegin, {9, 4096});
  t.at(5, TraceKind::kPageFault, {9, 0, 0, 0, 1});
  t.at(25, TraceKind::kPin, {9});
  t.at(26, TraceKind::kPinDone, {9});
  t.at(30, TraceKind::kBlockRequest, {3, 1000});
  t.at(30, TraceKind::kWalkDone, {2, 1000});
  t.at(30, TraceKind::kReplyPhysical, {3, 1000});
  t.read(30, 30, 0);
  t.line(30, 31, 0);
  t.delivered(31, 1000);
  t.expect(0, 31,
           {{TimePart::kWindow, 1},
            {TimePart::kWalker, 2 + 4},
            {TimePart::kHost, 2},
            {TimePart::kSwapIn, 20},
            {TimePart::kPinning, 1},
            {TimePart::kWire, 1}});
}

TEST(Attribution, WhileTheLinkCarriesDataTheLinkIsToBlameAndNotTheLimitOfReads) {
  AttributionSetup setup = Trace::defaults();
  setup.read_ps_per_byte = 3'000;  // 1000 bytes in 3 us
  Trace t(setup);
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kDmaBegin, {0, 1000});
  t.at(0, TraceKind::kDmaLimit, {0, 0, 0, 0, 1});
  t.at(2, TraceKind::kDmaRead, {0, 1000});  // busy until 5
  t.at(9, TraceKind::kBufferWrite, {0, 1000});
  t.at(9, TraceKind::kDmaLimit, {0, 0, 0, 0, 0});
  t.line(9, 10, 0);
  t.delivered(10, 1000);
  t.expect(0, 10, {{TimePart::kDmaTags, 2 + 4}, {TimePart::kPcie, 3}, {TimePart::kWire, 1}});
}

TEST(Attribution, ReadsThatFindNoPacketBufferLeaveTheLinkIdle) {
  Trace t;
  t.window(0, 0, kWide);
  t.post(0, 3000);
  t.at(0, TraceKind::kDmaBegin, {0, 1000});
  t.at(0, TraceKind::kBufferWait, {0, 1000, 1000});
  t.at(4, TraceKind::kBufferWrite, {0, 1000});
  t.line(4, 5, 0);
  t.at(5, TraceKind::kRxAck, {0, kWide, 0});  // nothing of it: the second still waits
  t.read(7, 8, 1000);
  t.line(8, 9, 1000);
  t.read(9, 11, 2000);
  t.line(11, 12, 2000);
  t.delivered(12, 3000);
  t.expect(0, 12,
           {{TimePart::kPacketBuffer, 4 + 2}, {TimePart::kPcie, 1 + 2}, {TimePart::kWire, 3}});
}

TEST(Attribution, APushedBlockWithoutRoomWaitsForPacketBuffer) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kRoomWait, {3, 1000});
  t.at(6, TraceKind::kBlockRequest, {3, 1000});
  t.at(8, TraceKind::kServe, {3, 1000});
  t.at(9, TraceKind::kReplyPushed, {3, 1000});
  t.line(9, 10, 0);
  t.delivered(10, 1000);
  t.expect(0, 10, {{TimePart::kPacketBuffer, 6}, {TimePart::kHost, 3}, {TimePart::kWire, 1}});
}

TEST(Attribution, BytesThatAreThereAndMayNotLeaveWaitForTheWindow) {
  Trace t;
  t.window(0, 0, 1000);
  t.post(0, 2000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.delivered(4, 1000);
  t.window(12, 1000, 1000);
  t.read(12, 13, 1000);
  t.line(13, 14, 1000);
  t.delivered(15, 1000);
  t.expect(0, 15, {{TimePart::kPcie, 2}, {TimePart::kWire, 3}, {TimePart::kWindow, 10}});
}

TEST(Attribution, AWindowThatAReaderKeepsClosedIsTheApplications) {
  Trace t;
  t.window(0, 0, 1000);
  t.post(0, 2000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.arrives(4, 1000);  // the whole window is full from here on
  t.in_memory(4, 1000);
  t.consumed(6, 20, 1000);
  t.window(23, 1000, 1000);
  t.read(23, 24, 1000);
  t.line(24, 25, 1000);
  t.delivered(26, 1000);
  t.expect(0, 26,
           {{TimePart::kPcie, 2},
            {TimePart::kWire, 3},
            {TimePart::kWindow, 2 + 3},
            {TimePart::kHost, 2},
            {TimePart::kApplication, 14}});
}

TEST(Attribution, FromTheHoleOnWaitingIsLossRecovery) {
  Trace t;
  t.window(0, 0, 2000);
  t.post(0, 3000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.read(2, 3, 1000);
  t.line(3, 4, 1000);
  t.at(5, TraceKind::kFrameDrop, {1, 1066, 1000});
  t.delivered(6, 1000);
  t.window(8, 1000, 1000);  // all before the hole is acknowledged
  t.line(28, 30, 1000, true);
  t.arrives(33, 1000);
  t.window(36, 2000, 2000);
  t.read(36, 37, 2000);
  t.line(37, 38, 2000);
  t.arrives(39, 1000);
  t.in_memory(39, 2000);
  t.consumed(39, 39, 2000);
  t.expect(0, 39,
           {{TimePart::kPcie, 3},
            {TimePart::kWire, 1 + 1 + 1 + 1},
            {TimePart::kWindow, 4},
            {TimePart::kLossRecovery, 20 + 2 + 6}});
}

TEST(Attribution, ALostTailIsLossRecoveryUntilItHasArrived) {
  Trace t;
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.at(4, TraceKind::kFrameDrop, {1, 1066});
  t.at(200, TraceKind::kRtoExpired);
  t.line(200, 201, 0, true);
  t.arrives(203, 1000);
  t.in_memory(203, 1000);
  t.consumed(204, 206, 1000);
  t.expect(0, 206,
           {{TimePart::kPcie, 1},
            {TimePart::kWire, 1 + 2},
            {TimePart::kLossRecovery, 196 + 1 + 2},
            {TimePart::kHost, 1},
            {TimePart::kApplication, 2}});
}

TEST(Attribution, BetweenTwoPostsNobodyButTheApplicationIsAsked) {
  Trace t;
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.delivered(4, 1000);
  t.window(6, 1000, kWide);
  t.at(20, TraceKind::kPosting, {2, 1000, 1000});
  t.at(21, TraceKind::kPost, {2, 1000, 1000});
  t.at(21, TraceKind::kPostTaken, {2, 1000, 1000});
  t.read(21, 22, 1000);
  t.line(22, 23, 1000);
  t.delivered(24, 1000);
  t.expect(0, 24,
           {{TimePart::kPcie, 2},
            {TimePart::kWire, 1 + 2 + 2 + 1 + 1},
            {TimePart::kApplication, 14},
            {TimePart::kHost, 1}});
}

TEST(Attribution, APostThatIsPinnedAsAWholeIsReadFromSwapBeforeItIsPosted) {
  Trace t;
  t.window(0, 0, kWide);
  t.at(0, TraceKind::kPosting, {5, 1000});
  t.at(1, TraceKind::kPostWait, {5, 1000, 0, 0, 2});  // the budget for pins
  t.at(4, TraceKind::kPostWait, {5, 1000, 0, 0, 0});
  t.at(5, TraceKind::kPinBegin, {5, 4096});
  t.at(5, TraceKind::kPageFault, {5, 0, 0, 0, 1});
  t.at(30, TraceKind::kPin, {5});
  t.at(32, TraceKind::kPinDone, {5});
  t.at(33, TraceKind::kPost, {5, 1000});
  t.at(36, TraceKind::kPostTaken, {5, 1000});
  t.read(36, 37, 0);
  t.line(37, 38, 0);
  t.delivered(38, 1000);
  t.expect(0, 38,
           {{TimePart::kHost, 1 + 1 + 1 + 3},
            {TimePart::kPinning, 3 + 2},
            {TimePart::kSwapIn, 25},
            {TimePart::kPcie, 1},
            {TimePart::kWire, 1}});
}

TEST(Attribution, ACopyRingThatIsFullWaitsForAcknowledgmentsAsAWindowDoes) {
  Trace t;
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.read(0, 1, 0);
  t.line(1, 2, 0);
  t.at(2, TraceKind::kPosting, {2, 1000, 1000});
  t.at(2, TraceKind::kPostWait, {2, 1000, 1000, 0, 1});
  t.at(12, TraceKind::kPostWait, {2, 1000, 1000, 0, 0});
  t.at(15, TraceKind::kPost, {2, 1000, 1000});
  t.at(15, TraceKind::kPostTaken, {2, 1000, 1000});
  t.read(15, 16, 1000);
  t.line(16, 17, 1000);
  t.delivered(18, 2000);
  t.expect(0, 18,
           {{TimePart::kPcie, 2},
            {TimePart::kWire, 1 + 1 + 1},
            {TimePart::kWindow, 10},
            {TimePart::kHost, 3}});
}

TEST(Attribution, ACopyThatFaultsIsSwapInAndTheRestOfItTheHosts) {
  Trace t;
  t.window(0, 0, kWide);
  t.at(0, TraceKind::kPosting, {5, 1000});
  t.at(2, TraceKind::kSwapBegin, {0, 4096, 0, 0x7000});
  t.at(12, TraceKind::kSwapIn, {0, 4096, 0, 0x7000});
  t.at(14, TraceKind::kPost, {5, 1000});
  t.at(14, TraceKind::kPostTaken, {5, 1000});
  t.read(14, 15, 0);
  t.line(15, 16, 0);
  t.delivered(16, 1000);
  t.expect(
      0, 16,
      {{TimePart::kHost, 4}, {TimePart::kSwapIn, 10}, {TimePart::kPcie, 1}, {TimePart::kWire, 1}});
}

TEST(Attribution, AReadByVirtualAddressWaitsForThePageThatTheHostBrings) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kBlockFound, {3, 1000});
  t.at(0, TraceKind::kDmaBegin, {3, 1000});
  t.at(2, TraceKind::kPageRequest, {3});
  t.at(4, TraceKind::kSwapBegin, {0, 4096, 0, 0x7000});
  t.at(14, TraceKind::kSwapIn, {0, 4096, 0, 0x7000});
  t.at(16, TraceKind::kPageResponse, {3});
  t.at(19, TraceKind::kBufferWrite, {3, 1000});
  t.line(19, 20, 0);
  t.delivered(20, 1000);
  t.expect(0, 20,
           {{TimePart::kPcie, 2 + 3},
            {TimePart::kHost, 2 + 2},
            {TimePart::kSwapIn, 10},
            {TimePart::kWire, 1}});
}

TEST(Attribution, TheProcessingUnitThatTheWalkerSharesIsTheWalkers) {
  Trace t;
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kUnitWait, {0, 6'000'000});  // until 6 us
  t.read(8, 9, 0);
  t.line(9, 10, 0);
  t.delivered(10, 1000);
  t.expect(
      0, 10,
      {{TimePart::kWalker, 6}, {TimePart::kWindow, 2}, {TimePart::kPcie, 1}, {TimePart::kWire, 1}});
}

TEST(Attribution, OfTwoConnectionsTheOneThatIsNearestToTheWireIsToBlame) {
  Trace t(asked());
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.at(0, TraceKind::kBlockRequest, {3, 1000});
  t.at(0, TraceKind::kServe, {3, 1000});
  t.connection = 4;
  t.window(2, 0, kWide);
  t.post(2, 1000, 11);
  t.at(2, TraceKind::kBlockFound, {12, 1000});
  t.read(5, 8, 0);  // the other one still waits for the host
  t.line(8, 9, 0);
  t.connection = 3;
  t.at(14, TraceKind::kReplyPhysical, {3, 1000});
  t.read(14, 15, 0);
  t.line(15, 16, 0);
  t.delivered(17, 2000);
  t.expect(0, 17,
           {{TimePart::kHost, 2 + 5},
            {TimePart::kWindow, 3},
            {TimePart::kPcie, 3 + 1},
            {TimePart::kWire, 1 + 1 + 1}});
}

TEST(Attribution, ACoreThatCopiesIsNoDmaAndGivesFramesToTheLine) {
  AttributionSetup setup = Trace::defaults();
  setup.sender_copies = setup.receiver_copies = true;
  Trace t(setup);
  const auto line_took = [&t](std::uint64_t at, std::uint64_t us) {
    t.attribution.line_took(sim::Time::from_us(at), sim::Time::from_us(us));
  };
  t.window(0, 0, kWide);
  t.post(0, 2000);
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
  t.expect(0, 19, {{TimePart::kHost, 4 + 1 + 1 + 2 + 1 + 3}, {TimePart::kWire, 2 + 4 + 1}});
}

TEST(Attribution, TwoLinesAtOnceTakeNoTimeTwice) {
  AttributionSetup setup = Trace::defaults();
  setup.sender_copies = setup.receiver_copies = true;
  Trace t(setup);
  t.window(0, 0, kWide);
  t.post(0, 1000);
  t.read(0, 4, 0);
  t.at(4, TraceKind::kBufferRead, {0, 1000});
  t.attribution.line_took(sim::Time::from_us(10), sim::Time::from_us(2));
  t.attribution.line_took(sim::Time::from_us(11),
                          sim::Time::from_us(2));  // the other one, from 9 on
  t.at(11, TraceKind::kTxFirst);
  t.arrives(16, 1000);
  t.in_memory(19, 1000);
  t.consumed(19, 19, 1000);
  t.expect(0, 19, {{TimePart::kHost, 4 + 4 + 3}, {TimePart::kWire, 2 + 1 + 5}});
}

TEST(Attribution, SequenceNumbersMayWrap) {
  Trace t;
  const std::uint64_t large = (std::uint64_t{1} << 32) - 500;
  t.window(0, 0, kWide);
  t.post(0, large + 2000);
  t.at(0, TraceKind::kBufferRead, {0, large / 2});  // in two great strides
  t.at(0, TraceKind::kBufferRead, {0, large / 2, large / 2});
  t.at(1, TraceKind::kTxFirst);
  t.at(1, TraceKind::kTxFirst);
  t.window(1, large, kWide);
  t.read(3, 5, large);
  t.line(5, 6, large);
  t.read(6, 8, large + 1000);
  t.line(8, 9, large + 1000);
  t.delivered(9, large + 2000);
  t.expect(0, 9, {{TimePart::kWire, 1 + 1 + 1}, {TimePart::kWindow, 2}, {TimePart::kPcie, 4}});
}

}  // namespace
}  // namespace vctoe::scenario
