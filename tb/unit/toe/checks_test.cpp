// What a connection checks before it believes a segment.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TEST(Paws, OldTimestampIsAcknowledgedAndDropped) {
  Net net{TcpParams{}};
  net.open();
  net.run_for(Time::from_s(1));
  net.a.send(0, 1448);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1448; }));
  const std::uint32_t recent = net.a.sent.back().segment.ts_value;
  Segment s = from_peer(net, net.b, kAck, 100);
  s.has_timestamps = true;
  s.ts_value = recent - 1;
  std::size_t before = net.b.sent.size();
  net.inject(net.b, s, 1448);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 1448u);
  s.has_timestamps = false;  // silently, RFC 7323 3.2
  net.inject(net.b, s, 1448);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 1448u);
  s.has_timestamps = true;
  s.ts_value = recent;
  net.inject(net.b, s, 1448);
  EXPECT_EQ(net.b[0].received, 1548u);
}

TEST(Paws, EchoIsThatOfTheSegmentAtTheAcknowledgedEdge) {
  Net net{TcpParams{}};
  net.open();
  Segment s = from_peer(net, net.b, kAck, 1448);
  s.has_timestamps = true;
  const std::uint32_t base = net.a.sent.back().segment.ts_value;
  s.ts_value = base + 5;
  s.seq = s.seq + 1448;  // out of order: not echoed (Last.ACK.sent)
  net.inject(net.b, s, 1448);
  EXPECT_EQ(net.b.sent.back().segment.ts_echo, base);
  s.seq = s.seq - 1448;
  s.ts_value = base + 7;
  net.inject(net.b, s, 0);
  EXPECT_EQ(net.b.sent.back().segment.ts_echo, base + 7);
}

TEST(Acceptability, ShutWindowStillReadsAcknowledgements) {
  Net net(without_timestamps());
  shut_window(net, 2920);
  net.b.send(0, 1000);
  net.run_for(Time::from_us(1));
  ASSERT_EQ(net.b[0].acknowledged, 0u);
  net.inject(net.b, from_peer(net, net.b, kAck, 500), net.b[0].received);
  EXPECT_EQ(net.b[0].acknowledged, 1000u);
}

TEST(Acceptability, WindowOfAnOldSegmentIsNotTaken) {
  Net net(without_timestamps());
  net.open();
  const Segment old = from_peer(net, net.b, kAck, 0);
  net.a.send(0, 3000);
  net.run_for(Time::from_ms(50));
  const std::uint64_t window = net.b.view(0).snd_wnd;
  Segment late = old;
  late.seq = net.b.view(0).rcv_nxt;
  late.window = 1;
  net.inject(net.b, late);  // newer sequence number: taken
  EXPECT_EQ(net.b.view(0).snd_wnd, 32u);
  late.window = 2;
  late.ack = late.ack - 1;  // same sequence number, older acknowledgement
  net.inject(net.b, late);
  EXPECT_EQ(net.b.view(0).snd_wnd, 32u);
  EXPECT_NE(window, 32u);
}

TEST(Acceptability, AcknowledgementFromLongAgoIsChallenged) {
  Net net(without_timestamps());
  net.open();
  const std::size_t before = net.b.sent.size();
  Segment s = from_peer(net, net.b, kAck, 10);
  s.ack = s.ack - 0x10000000;  // below SND.UNA - MAX.SND.WND (RFC 5961 5.2)
  net.inject(net.b, s);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 0u);
}

TEST(Acceptability, TextOfAnOldConnectionBeforeTheSynIsADuplicate) {
  Net net(without_timestamps());
  net.open();
  const std::size_t before = net.b.sent.size();
  for (const std::uint32_t back : {5000u, 101u, 100u}) {
    Segment s = from_peer(net, net.b, kAck, 100);
    s.seq = s.seq - back;
    net.inject(net.b, s);
  }
  EXPECT_EQ(net.b.sent.size(), before + 3);
  EXPECT_EQ(net.b[0].received, 0u);
  EXPECT_EQ(net.b[0].placed_bytes, 0u);
  EXPECT_EQ(net.b.sent.back().segment.ack, net.a.stack.sequence_of(0, 0));
}

TEST(SynSent, WrongAcknowledgementIsResetAndWrongResetIgnored) {
  Net net(without_timestamps());
  net.connect(net.a, 0, 1000, 80);
  lose_everything(net);
  net.run_for(Time::from_us(1));
  Segment s = addressed_to(net, net.a, kAck | kRst);
  s.ack = net.a.sent[0].segment.seq + 2;
  net.inject(net.a, s);
  EXPECT_EQ(net.a.state(0), S::kSynSent);
  s.flags = kAck | kSyn;
  net.inject(net.a, s);
  EXPECT_EQ(net.a.sent.back().segment.flags, kRst);
  EXPECT_EQ(net.a.sent.back().segment.seq, s.ack);
  s.flags = kRst;  // without ACK nothing tells that it is meant for this SYN
  net.inject(net.a, s);
  EXPECT_EQ(net.a.state(0), S::kSynSent);
}

TEST(SynReceived, RepeatedSynIsAnsweredByTheSameSynAck) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  net.drop = [](Host& from, const Packet&) { return from.records.count(0) != 0; };
  const Segment syn = addressed_to(net, net.b, kSyn);
  net.inject(net.b, syn);
  net.inject(net.b, syn);
  ASSERT_EQ(net.b.sent.size(), 2u);
  EXPECT_EQ(net.b.sent[1].segment.flags, kSyn | kAck);
  EXPECT_EQ(net.b.sent[0].segment.seq, net.b.sent[1].segment.seq);
}

TEST(SynReceived, CloseWaitsForTheHandshake) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  net.connect(net.a, 0, 1000, 80);
  ASSERT_TRUE(net.run([&] { return net.b.state(0) == S::kSynReceived; }));
  net.b.stack.close(0, net.now);
  EXPECT_EQ(net.b.state(0), S::kSynReceived);
  ASSERT_TRUE(net.run([&] { return net.a[0].peer_closed; }));
  EXPECT_TRUE(net.b[0].established);
}

TEST(Acceptability, ReorderedAcknowledgementOfTheSameEdgeDoesNotShrinkTheWindow) {
  Net net(without_timestamps());
  net.open();
  net.run_for(Time::from_ms(1));
  Segment newer = from_peer(net, net.b, kAck, 100);
  newer.window = 500;
  net.inject(net.b, newer, 0);
  ASSERT_EQ(net.b.view(0).snd_wnd, 500u << 5);
  Segment next = from_peer(net, net.b, kAck, 100);
  next.window = 600;
  net.inject(net.b, next, 100);
  newer.length = 150;  // sent again with 50 new bytes: acceptable, but SEG.SEQ < SND.WL1
  newer.seq = next.seq - 50;
  net.inject(net.b, newer, 50);
  newer.length = 160;
  net.inject(net.b, newer, 50);
  EXPECT_EQ(net.b[0].received, 210u);
  EXPECT_EQ(net.b.view(0).snd_wnd, 600u << 5);
}

TEST(Listen, TakesNoMoreConnectionsThanAllowed) {
  TcpParams p = without_timestamps();
  p.max_connections = 3;
  Net net(p);
  net.b.stack.listen(80, 10);
  Segment syn = addressed_to(net, net.b, kSyn);
  for (std::uint16_t port = 1000; port < 1010; ++port) {
    syn.tuple.remote_port = port;
    net.inject(net.b, syn);
  }
  EXPECT_TRUE(net.b.state(10) && net.b.state(11) && net.b.state(12));  // the lowest free ids
  EXPECT_FALSE(net.b.state(13));
}

}  // namespace
}  // namespace vctoe::toe::test
