// What every state does with a segment that it did not ask for (RFC 9293 3.10.7, RFC 5961).
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TEST(EveryState, ResetAtTheEdgeKills) {
  for (const S state : kSynchronised) {
    Net net(without_timestamps());
    reach(net, state);
    net.inject(net.a, from_peer(net, net.a, kRst));
    ASSERT_TRUE(net.a[0].closed) << static_cast<int>(state);
    EXPECT_EQ(*net.a[0].closed,
              state == S::kTimeWait ? CloseReason::kOrderly : CloseReason::kReset);
    EXPECT_TRUE(net.a.sent.empty());
  }
}

TEST(EveryState, ResetMayCarryText) {
  Net net(without_timestamps());
  reach(net, S::kEstablished);
  net.inject(net.a, from_peer(net, net.a, kRst, 30));
  EXPECT_EQ(net.a[0].closed, CloseReason::kReset);
  EXPECT_EQ(net.a[0].placed_bytes, 0u);
}

TEST(EveryState, ResetInTheWindowIsChallengedAndOutsideIgnored) {
  for (const S state : kSynchronised) {
    Net net(without_timestamps());
    reach(net, state);
    Segment reset = from_peer(net, net.a, kRst);
    reset.seq = reset.seq + 1;
    net.inject(net.a, reset);
    ASSERT_EQ(net.a.sent.size(), 1u) << static_cast<int>(state);
    EXPECT_EQ(net.a.sent[0].segment.flags, kAck);
    EXPECT_EQ(net.a.sent[0].segment.ack, net.a.view(0).rcv_nxt);
    reset.seq = reset.seq - 2;
    net.inject(net.a, reset);
    reset.seq = reset.seq + 0x40000000;
    net.inject(net.a, reset);
    EXPECT_EQ(net.a.sent.size(), 1u);
    EXPECT_EQ(net.a.state(0), state);
  }
}

TEST(EveryState, SynIsChallengedAndNeverAccepted) {
  for (const S state : kSynchronised) {
    Net net(without_timestamps());
    reach(net, state);
    Segment syn = from_peer(net, net.a, kSyn);
    // In TIME-WAIT a newer SYN may open a new connection (MAY-2): an old one here.
    syn.seq = state == S::kTimeWait ? syn.seq - 10 : syn.seq + 10;
    syn.length = 5;
    net.inject(net.a, syn);
    ASSERT_EQ(net.a.sent.size(), 1u) << static_cast<int>(state);
    EXPECT_EQ(net.a.sent[0].segment.flags, kAck);
    EXPECT_EQ(net.a.state(0), state);
    EXPECT_EQ(net.a[0].received, 0u);
  }
}

TEST(EveryState, SegmentOutsideTheWindowIsAcknowledgedAndDropped) {
  for (const S state : kSynchronised) {
    Net net(without_timestamps());
    reach(net, state);
    Segment text = from_peer(net, net.a, kAck, 100);
    text.seq = text.seq + static_cast<std::uint32_t>(net.a.view(0).rcv_wnd + 1000);
    net.inject(net.a, text);
    ASSERT_EQ(net.a.sent.size(), 1u) << static_cast<int>(state);
    EXPECT_EQ(net.a.sent[0].segment.ack, net.a.view(0).rcv_nxt);
    EXPECT_EQ(net.a[0].placed_bytes, 0u);
    EXPECT_EQ(net.a.state(0), state);
  }
}

TEST(EveryState, AcknowledgementOfUnsentDataIsAnsweredAndDropped) {
  for (const S state : kSynchronised) {
    Net net(without_timestamps());
    reach(net, state);
    Segment s = from_peer(net, net.a, kAck);
    s.ack = s.ack + 1;
    net.inject(net.a, s);
    ASSERT_EQ(net.a.sent.size(), 1u) << static_cast<int>(state);
    EXPECT_EQ(net.a.sent[0].segment.flags, kAck);
    EXPECT_EQ(net.a.state(0), state);
  }
}

TEST(EveryState, SegmentWithoutAcknowledgementIsDropped) {
  for (const S state : {S::kSynReceived, S::kEstablished, S::kFinWait1, S::kFinWait2}) {
    Net net(without_timestamps());
    reach(net, state);
    net.inject(net.a, from_peer(net, net.a, kFin, 100));
    EXPECT_EQ(net.a[0].placed_bytes, 0u) << static_cast<int>(state);
    EXPECT_FALSE(net.a[0].peer_closed);
    EXPECT_EQ(net.a.state(0), state);
  }
}

TEST(EveryState, TextAfterTheFinOfThePeerIsNotTaken) {
  for (const S state : {S::kCloseWait, S::kClosing, S::kLastAck, S::kTimeWait}) {
    Net net(without_timestamps());
    reach(net, state);
    Segment text = from_peer(net, net.a, kAck, 100);
    text.ack = net.a.view(0).snd_una;
    net.inject(net.a, text);
    EXPECT_EQ(net.a[0].placed_bytes, 0u) << static_cast<int>(state);
  }
}

TEST(SynReceived, ResetRefusesAnActiveOpenAndEndsAPassiveOne) {
  Net active(without_timestamps());
  reach(active, S::kSynReceived);
  active.inject(active.a, from_peer(active, active.a, kRst));
  EXPECT_EQ(active.a[0].closed, CloseReason::kRefused);

  Net passive(without_timestamps());
  passive.b.stack.listen(80, 0);
  lose_everything(passive);
  passive.inject(passive.b, addressed_to(passive, passive.b, kSyn));
  ASSERT_EQ(passive.b.state(0), S::kSynReceived);
  passive.inject(passive.b, from_peer(passive, passive.b, kRst));
  EXPECT_EQ(passive.b[0].closed, CloseReason::kReset);
  passive.inject(passive.b, addressed_to(passive, passive.b, kSyn));  // the port listens again
  EXPECT_EQ(passive.b.state(0), S::kSynReceived);
}

TEST(SynReceived, WrongAcknowledgementIsResetAndTheHandshakeGoesOn) {
  Net net(without_timestamps());
  reach(net, S::kSynReceived);
  Segment s = from_peer(net, net.a, kAck);
  s.ack = s.ack + 7;
  net.inject(net.a, s);
  ASSERT_EQ(net.a.sent.size(), 1u);
  EXPECT_EQ(net.a.sent[0].segment.flags, kRst);
  EXPECT_EQ(net.a.sent[0].segment.seq, s.ack);
  EXPECT_EQ(net.a.state(0), S::kSynReceived);
}

TEST(SynReceived, TextThatComesWithTheAcknowledgementIsTaken) {
  Net net(without_timestamps());
  reach(net, S::kSynReceived);
  net.inject(net.a, from_peer(net, net.a, kAck | kFin, 100));
  EXPECT_EQ(net.a[0].received, 100u);
  EXPECT_EQ(net.a.state(0), S::kCloseWait);
}

TEST(Listen, LeavesOtherConnectionsOfThePortAlone) {
  Net net(without_timestamps());
  net.open();
  EXPECT_TRUE(net.a.stack.listen(1000, 10));  // the local port of the connection
  EXPECT_FALSE(net.b.stack.listen(80, 10));
  net.open(1, 1001);
  net.a.send(0, 5000);
  net.a.send(1, 6000);
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 5000 && net.b[1].received == 6000; }));
  EXPECT_EQ(net.a.state(0), S::kEstablished);
}

TEST(TimeWait, NewerTimestampOpensAgainEvenWithAnOlderSequenceNumber) {
  Net net{TcpParams{}};
  net.a.stack.listen(1000, 5);
  reach(net, S::kTimeWait);
  Segment syn = from_peer(net, net.a, kSyn);
  syn.seq = syn.seq - 5000;
  syn.has_timestamps = true;
  syn.ts_value = net.b.sent.back().segment.ts_value - 1;
  net.inject(net.a, syn);
  EXPECT_EQ(net.a.state(0), S::kTimeWait);
  syn.ts_value += 2;  // RFC 6191
  net.inject(net.a, syn);
  EXPECT_EQ(net.a[0].closed, CloseReason::kOrderly);
  EXPECT_EQ(net.a.state(5), S::kSynReceived);
}

TEST(Listen, AcknowledgementIsResetAndAResetIgnored) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  Segment s = addressed_to(net, net.b, kAck);
  s.ack = {77};
  net.inject(net.b, s);
  ASSERT_EQ(net.b.sent.size(), 1u);
  EXPECT_EQ(net.b.sent[0].segment.flags, kRst);
  EXPECT_EQ(net.b.sent[0].segment.seq, Seq{77});
  s.flags = kRst;
  net.inject(net.b, s);
  s.flags = kFin;  // neither RST nor ACK nor SYN: dropped
  net.inject(net.b, s);
  EXPECT_EQ(net.b.sent.size(), 1u);
  EXPECT_FALSE(net.b.state(0));
}

TEST(Listen, SynWithTextAndFinOpensAndTheRestComesAgain) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  Segment syn = addressed_to(net, net.b, kSyn | kFin);
  syn.seq = {10};
  syn.length = 5;
  net.inject(net.b, syn);
  ASSERT_EQ(net.b.state(0), S::kSynReceived);
  EXPECT_EQ(net.b.sent.back().segment.ack, Seq{11});  // of the SYN only
  EXPECT_EQ(net.b[0].placed_bytes, 0u);
}

TEST(ClosedPort, ResetAcknowledgesTheLengthOfTheSegment) {
  Net net(without_timestamps());
  Segment s = addressed_to(net, net.b, kSyn | kFin);
  s.seq = {100};
  s.length = 7;
  net.inject(net.b, s);
  ASSERT_EQ(net.b.sent.size(), 1u);
  EXPECT_EQ(net.b.sent[0].segment.flags, kRst | kAck);
  EXPECT_EQ(net.b.sent[0].segment.seq, Seq{0});
  EXPECT_EQ(net.b.sent[0].segment.ack, Seq{109});
}

TEST(Addresses, OpenToNobodyIsRejectedAndSegmentsToNobodyIgnored) {
  Net net(without_timestamps());
  for (const std::uint32_t ip : {0u, 0xffffffffu, 0xe0000001u}) {
    EXPECT_FALSE(net.a.stack.connect(0, 1000, ip, 80, net.now));
  }
  net.b.stack.listen(80, 0);
  Segment syn = addressed_to(net, net.b, kSyn);
  for (const std::uint32_t ip : {0xffffffffu, 0x0affffffu, 0xe0000001u}) {
    syn.tuple.local_ip = ip;
    net.inject(net.b, syn);
  }
  EXPECT_TRUE(net.b.sent.empty());
}

TEST(Fin, OutOfOrderIsProcessedOnceWhenTheGapIsFilled) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  Segment tail = from_peer(net, net.b, kAck | kFin, 100);
  Segment head = tail;
  head.flags = kAck;
  tail.seq = tail.seq + 100;
  net.inject(net.b, tail, 100);
  net.inject(net.b, tail, 100);
  EXPECT_EQ(net.b.state(0), S::kEstablished);
  EXPECT_FALSE(net.b[0].peer_closed);
  net.inject(net.b, head, 0);
  EXPECT_EQ(net.b.state(0), S::kCloseWait);
  EXPECT_EQ(net.b[0].received, 200u);
  EXPECT_EQ(net.b.sent.back().segment.ack, tail.seq + 101);
  net.inject(net.b, tail, 100);  // again: acknowledged again, nothing else
  EXPECT_EQ(net.b.sent.back().segment.ack, tail.seq + 101);
  EXPECT_EQ(net.b[0].states.back(), S::kCloseWait);
}

TEST(Fin, LeavesAtOnceBehindUnacknowledgedData) {
  // RFC 2525 2.16: neither the peer's acknowledgement nor Nagle hold it.
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 100);
  net.run_for(Time::from_us(1));
  net.a.stack.close(0, net.now);
  net.run_for(Time::from_us(1));
  EXPECT_TRUE(net.a.sent.back().segment.has(kFin));
  net.a.sent.clear();
  Net short_end(without_timestamps());
  short_end.open();
  lose_everything(short_end);
  short_end.a.send(0, 100);
  short_end.run_for(Time::from_us(1));
  short_end.a.send(0, 50);  // Nagle holds this
  short_end.a.stack.close(0, short_end.now);
  short_end.run_for(Time::from_us(1));
  EXPECT_TRUE(short_end.a.sent.back().segment.has(kFin));
  EXPECT_EQ(short_end.a.sent.back().segment.length, 50u);
}

TEST(Rfc793, ResetsAndSynsInTheWindowAreBelievedWithoutChallenges) {
  TcpParams p = without_timestamps();
  p.challenge_ack = false;
  Net reset(p);
  reset.open();
  Segment s = from_peer(reset, reset.b, kRst);
  s.seq = s.seq + 100;
  reset.inject(reset.b, s);
  EXPECT_EQ(reset.b[0].closed, CloseReason::kReset);
  Net syn(p);
  syn.open();
  s = from_peer(syn, syn.b, kSyn);
  s.seq = s.seq + 100;
  syn.inject(syn.b, s);
  EXPECT_EQ(syn.b[0].closed, CloseReason::kReset);
  EXPECT_TRUE(syn.b.sent.back().segment.has(kRst));
}

}  // namespace
}  // namespace vctoe::toe::test
