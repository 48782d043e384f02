// What the NIC has to ask for: the walker, the host and its swap.
#include <gtest/gtest.h>

#include "tb/unit/attribution/rig.h"

namespace vctoe::scenario {
namespace {

using P = TimePart;
constexpr std::uint64_t kWide = Trace::kWide;

/// The NIC has to walk and to ask before it may read.
AttributionSetup asked() {
  AttributionSetup setup = Trace::defaults();
  setup.readable_when_posted = false;
  return setup;
}

constexpr std::uint32_t kNode = 2;  // sim::Why

TEST(Attribution, ABlockIsAskedForReadFromSwapPinnedAndAnswered) {
  Trace t(asked());
  t.begin(1000);
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
  t.sent(25, 26, 30);
  t.delivered(31, 1000);
  t.expect(0, 31,
           {{P::kWalker, 2},
            {P::kHost, 4 + 1 + 2},
            {P::kSwapIn, 13},
            {P::kPinning, 3},
            {P::kPcie, 1},
            {P::kWire, 5}});
}

TEST(Attribution, WaitingToBeAllowedToPinIsPinning) {
  Trace t(asked());
  t.begin(1000);
  t.at(0, TraceKind::kBlockRequest, {3, 1000});
  t.at(1, TraceKind::kServe, {3, 1000});
  t.at(2, TraceKind::kPinBegin, {3, 4096});
  t.at(50, TraceKind::kPin, {3});
  t.at(51, TraceKind::kPinDone, {3});
  t.at(52, TraceKind::kReplyPhysical, {3, 1000});
  t.sent(52, 53, 54);
  t.delivered(54, 1000);
  t.expect(0, 54, {{P::kHost, 2 + 1}, {P::kPinning, 49}, {P::kPcie, 1}, {P::kWire, 1}});
}

TEST(Attribution, TheNextByteInOrderCountsWhateverIsReadyBehindIt) {
  Trace t(asked());
  t.begin(2000);
  t.at(0, TraceKind::kBlockRequest, {3, 1000});
  t.at(0, TraceKind::kBlockRequest, {4, 1000, 1000});
  t.at(1, TraceKind::kReplyPhysical, {4, 1000, 1000});
  t.at(9, TraceKind::kReplyPhysical, {3, 1000});
  t.sent(9, 10, 11);
  t.sent(11, 12, 13, 1000);
  t.delivered(13, 2000);
  t.expect(0, 13, {{P::kHost, 9}, {P::kPcie, 2}, {P::kWire, 2}});
}

TEST(Attribution, AStageThatIsStarvedLeavesTheBlameToWhatStarvesIt) {
  Trace t(asked());
  t.begin(3000);
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
  t.sent(31, 33, 34, 2000);
  t.delivered(35, 3000);
  t.expect(
      0, 35,
      {{P::kWalker, 15 + 5 + 2 + 2}, {P::kHost, 4 + 1}, {P::kPcie, 2}, {P::kWire, 1 + 1 + 1 + 1}});
}

TEST(Attribution, APageOfRecordsThatTheHostReadsFromSwapIsNotTheWalkers) {
  Trace t(asked());
  t.begin(1000);
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
  t.sent(30, 30, 31);
  t.delivered(31, 1000);
  t.expect(0, 31,
           {{P::kWindow, 1},
            {P::kWalker, 2 + 4},
            {P::kHost, 2},
            {P::kSwapIn, 20},
            {P::kPinning, 1},
            {P::kWire, 1}});
}

TEST(Attribution, APushedBlockWithoutRoomWaitsForPacketBuffer) {
  Trace t(asked());
  t.begin(1000);
  t.at(0, TraceKind::kRoomWait, {3, 1000});
  t.at(6, TraceKind::kBlockRequest, {3, 1000});
  t.at(8, TraceKind::kServe, {3, 1000});
  t.at(9, TraceKind::kReplyPushed, {3, 1000});
  t.line(9, 10, 0);
  t.delivered(10, 1000);
  t.expect(0, 10, {{P::kPacketBuffer, 6}, {P::kHost, 3}, {P::kWire, 1}});
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
  t.sent(36, 37, 38);
  t.delivered(38, 1000);
  t.expect(0, 38,
           {{P::kHost, 1 + 1 + 1 + 3},
            {P::kPinning, 3 + 2},
            {P::kSwapIn, 25},
            {P::kPcie, 1},
            {P::kWire, 1}});
}

TEST(Attribution, ACopyThatFaultsIsSwapInAndTheRestOfItTheHosts) {
  Trace t;
  t.window(0, 0, kWide);
  t.at(0, TraceKind::kPosting, {5, 1000});
  t.at(2, TraceKind::kSwapBegin, {0, 4096, 0, 0x7000});
  t.at(12, TraceKind::kSwapIn, {0, 4096, 0, 0x7000});
  t.at(14, TraceKind::kPost, {5, 1000});
  t.at(14, TraceKind::kPostTaken, {5, 1000});
  t.sent(14, 15, 16);
  t.delivered(16, 1000);
  t.expect(0, 16, {{P::kHost, 4}, {P::kSwapIn, 10}, {P::kPcie, 1}, {P::kWire, 1}});
}

TEST(Attribution, AReadByVirtualAddressWaitsForThePageThatTheHostBrings) {
  Trace t(asked());
  t.begin(1000);
  t.at(0, TraceKind::kBlockFound, {3, 1000});
  t.at(0, TraceKind::kDmaBegin, {3, 1000});
  t.at(2, TraceKind::kPageRequest, {3});
  t.at(4, TraceKind::kSwapBegin, {0, 4096, 0, 0x7000});
  t.at(14, TraceKind::kSwapIn, {0, 4096, 0, 0x7000});
  t.at(16, TraceKind::kPageResponse, {3});
  t.at(19, TraceKind::kBufferWrite, {3, 1000});
  t.line(19, 20, 0);
  t.delivered(20, 1000);
  t.expect(0, 20, {{P::kPcie, 2 + 3}, {P::kHost, 2 + 2}, {P::kSwapIn, 10}, {P::kWire, 1}});
}

TEST(Attribution, TheProcessingUnitThatTheWalkerSharesIsTheWalkers) {
  Trace t;
  t.begin(1000);
  t.at(0, TraceKind::kUnitWait, {0, 6'000'000});  // until 6 us
  t.sent(8, 9, 10);
  t.delivered(10, 1000);
  t.expect(0, 10, {{P::kWalker, 6}, {P::kWindow, 2}, {P::kPcie, 1}, {P::kWire, 1}});
}

TEST(Attribution, OfTwoConnectionsTheOneThatIsNearestToTheWireIsToBlame) {
  Trace t(asked());
  t.begin(1000);
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
  t.sent(14, 15, 16);
  t.delivered(17, 2000);
  t.expect(0, 17, {{P::kHost, 2 + 5}, {P::kWindow, 3}, {P::kPcie, 3 + 1}, {P::kWire, 1 + 1 + 1}});
}

}  // namespace
}  // namespace vctoe::scenario
