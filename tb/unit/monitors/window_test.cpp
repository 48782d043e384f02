#include "tb/unit/monitors/rig.h"

namespace vctoe::scenario {
namespace {

using sim::TraceKind;

// req: I-F01-26
TEST(Window, SegmentMayReachTheRightEdgeAndNotOneByteBeyond) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 1000, 2896));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1000, 1448)), "");
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 2448, 1448)), "");
  const std::string text = rig.fires(Rig::tcp(TraceKind::kTxFirst, 2448, 1449));
  EXPECT_TRUE(has(text, "monitor window"));
  EXPECT_TRUE(has(text, "right edge 3896"));
  EXPECT_TRUE(has(text, "connection 4"));
  EXPECT_EQ(rig.monitors.checked().window, 3u);
}

TEST(Window, MovesWithAcknowledgmentsAndUpdates) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0, 1000));
  const auto next = Rig::tcp(TraceKind::kTxFirst, 1000, 500);
  EXPECT_NE(rig.fires(next), "");
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0, 1500));
  EXPECT_EQ(rig.fires(next), "");
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 1500, 0));
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1500, 1)), "") << "the window is closed";
}

TEST(Window, GoesRoundTheEndOfTheSequenceSpace) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0xffff'ff00u, 0x200));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0xffff'ff00u, 0x100)), "");
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0, 0x100)), "");
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0xffff'ff80u, 0x181)), "");
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0, 0x101)), "");
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0x10, 0x200));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0x100, 0x110)), "");
}

TEST(Window, SegmentPlannedBeforeThePeerShrankMayLeave) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0, 4000));
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 1000, 1000));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 3000, 1000)), "");
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 3000, 1001)), "");
}

TEST(Window, FirstTransmissionOfWhatIsAcknowledgedIsOutside) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 5000, 4000));
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 4999, 1)), "");
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxRetransmit, 4999, 1)), "");
}

TEST(Window, NothingMayLeaveBeforeAWindowIsOffered) {
  Rig rig;
  EXPECT_TRUE(has(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0, 1)), "before the peer has offered"));
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0, 4000));
  auto other = Rig::tcp(TraceKind::kTxFirst, 0, 1);
  other.connection = 3;
  EXPECT_NE(rig.fires(other), "") << "a window of another connection";
  other.connection = 4;
  other.node = 1;
  EXPECT_NE(rig.fires(other), "") << "a window of the other node";
}

TEST(Window, NewConnectionWithTheSameIdHasItsOwn) {
  Rig rig;
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 1'000'000, 100'000));
  rig.ctx.trace.emit(Rig::state(toe::State::kFinWait1));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1'000'000, 10)), "");
  rig.ctx.trace.emit(Rig::state(toe::State::kClosed));
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1'000'010, 10)), "");
  rig.ctx.trace.emit(Rig::state(toe::State::kSynSent));
  rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 1'000'000, 50));
  rig.ctx.trace.emit(Rig::state(toe::State::kEstablished));
  EXPECT_EQ(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1'000'000, 50)), "");
  EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 1'000'050, 1)), "");
}

TEST(Window, EveryStateOfOpeningVoidsWhatTheIdWasOffered) {
  Rig rig;
  for (const auto state :
       {toe::State::kClosed, toe::State::kListen, toe::State::kSynSent, toe::State::kSynReceived}) {
    rig.ctx.trace.emit(Rig::tcp(TraceKind::kRxAck, 0, 4000));
    rig.ctx.trace.emit(Rig::state(state));
    EXPECT_NE(rig.fires(Rig::tcp(TraceKind::kTxFirst, 0, 1)), "") << static_cast<int>(state);
  }
}

}  // namespace
}  // namespace vctoe::scenario
