// Opening, closing and the eleven states.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

Segment to_b(const Net& net, std::uint8_t flags, Seq seq, Seq ack) {
  Segment s = addressed_to(net, net.b, flags);
  s.seq = seq;
  s.ack = ack;
  return s;
}

TEST(Handshake, NegotiatesTheOptionsOfBothSides) {
  TcpParams small = without_timestamps();
  small.mss = 1000;
  Net net(small, TcpParams{}, {}, 1);
  net.open();
  EXPECT_EQ(net.a[0].states, (std::vector<S>{S::kSynSent, S::kEstablished}));
  EXPECT_EQ(net.b[0].states, (std::vector<S>{S::kSynReceived, S::kEstablished}));
  const Segment& syn = net.a.sent[0].segment;
  const Segment& reply = net.b.sent[0].segment;
  EXPECT_TRUE(syn.has_mss && syn.has_window_scale && syn.sack_permitted);
  EXPECT_EQ(syn.window_scale, 5);  // 65535 << 4 is 16 bytes short of 1 MiB
  EXPECT_FALSE(syn.has_timestamps);
  EXPECT_FALSE(reply.has_timestamps);  // only if offered
  EXPECT_EQ(net.a.view(0).mss, 1000u);
  EXPECT_EQ(net.b.view(0).mss, 1000u);
  EXPECT_EQ(net.a.view(0).rto, Time::from_ms(200));
}

TEST(Handshake, DeductsTimestampsFromTheSegmentAndSendsThemAlways) {
  Net net{TcpParams{}};
  net.open();
  EXPECT_EQ(net.a.view(0).mss, 1448u);
  net.a.send(0, 10000);
  net.run_for(Time::from_s(1));
  for (const Packet& p : net.a.sent) EXPECT_TRUE(p.segment.has_timestamps);
  for (const Packet& p : net.b.sent) EXPECT_TRUE(p.segment.has_timestamps);
}

TEST(Handshake, AssumesTheLeastMssWithoutTheOption) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  net.inject(net.b, to_b(net, kSyn, {5}, {0}));
  ASSERT_TRUE(net.b.state(0));
  EXPECT_EQ(net.b.view(0).mss, 536u);
  const Segment& reply = net.b.sent[0].segment;
  EXPECT_FALSE(reply.has_window_scale || reply.sack_permitted || reply.has_timestamps);
}

TEST(Handshake, OpensFromBothSidesAtOnce) {
  Net net(without_timestamps());
  net.connect(net.a, 0, 80, 1000);
  net.connect(net.b, 0, 1000, 80);
  ASSERT_TRUE(net.run(
      [&] { return net.a.state(0) == S::kEstablished && net.b.state(0) == S::kEstablished; }));
  EXPECT_EQ(net.a[0].states, (std::vector<S>{S::kSynSent, S::kSynReceived, S::kEstablished}));
  net.a.send(0, 5000);
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 5000; }));
}

TEST(Handshake, SendsTheSynAgainAndStartsSlowly) {
  Net net(without_timestamps());
  int lost = 0;
  net.drop = [&](Host&, const Packet& p) { return p.segment.has(kSyn) && lost++ < 1; };
  net.open();
  EXPECT_EQ(net.a.view(0).cwnd, 1460u);           // RFC 5681 3.1
  EXPECT_EQ(net.a.view(0).rto, Time::from_s(3));  // backed off to 2 s, but RFC 6298 5.7
  EXPECT_EQ(net.a.sent[1].segment.seq, net.a.sent[0].segment.seq);
}

TEST(Handshake, GivesUpAfterTheLastSyn) {
  TcpParams p = without_timestamps();
  p.syn_retries = 3;
  Net net(p);
  lose_everything(net);
  net.connect(net.a, 0, 1000, 80);
  EXPECT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a.sent.size(), 4u);
  EXPECT_EQ(net.now, Time::from_us(1) + Time::from_s(1 + 2 + 4 + 8));
}

TEST(Handshake, IsRefusedByAPortThatNobodyListensTo) {
  Net net(without_timestamps());
  net.connect(net.a, 0, 1000, 81);
  EXPECT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kRefused);
  const Segment& reset = net.b.sent.at(0).segment;
  EXPECT_EQ(reset.flags, kRst | kAck);
  EXPECT_EQ(reset.ack, net.a.sent[0].segment.seq + 1);
}

TEST(Handshake, AnswersAStrayAcknowledgementWithAReset) {
  Net net(without_timestamps());
  net.inject(net.b, to_b(net, kAck, {7}, {99}));
  ASSERT_EQ(net.b.sent.size(), 1u);
  EXPECT_EQ(net.b.sent[0].segment.flags, kRst);
  EXPECT_EQ(net.b.sent[0].segment.seq, Seq{99});
  net.inject(net.b, to_b(net, kRst, {7}, {99}));
  EXPECT_EQ(net.b.sent.size(), 1u);
}

TEST(Handshake, AddressesThatAreNobodyAreIgnored) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  Segment s = to_b(net, kSyn, {5}, {0});
  for (const std::uint32_t ip : {0u, 0xffffffffu, 0xe0000001u}) {
    s.tuple.remote_ip = ip;
    net.inject(net.b, s);
  }
  EXPECT_TRUE(net.b.sent.empty());
}

TEST(Handshake, RefusesIdsAndTuplesInUse) {
  Net net(without_timestamps());
  net.connect(net.a, 0, 1000, 80);
  EXPECT_FALSE(net.a.stack.connect(0, 1001, Net::kIpB, 80, net.now));
  EXPECT_FALSE(net.a.stack.connect(1, 1000, Net::kIpB, 80, net.now));
  EXPECT_TRUE(net.a.stack.listen(5, 10));
  EXPECT_FALSE(net.a.stack.listen(5, 10));
  EXPECT_FALSE(net.a.stack.listen(6, 10, 0));
}

TEST(Handshake, AcceptsOnlyIdsOfTheListenerThatMayBeHad) {
  Net net(without_timestamps());
  net.b.barred = {4};
  ASSERT_TRUE(net.b.stack.listen(80, 3, 3));
  for (std::uint16_t port = 1000; port < 1004; ++port) {
    net.connect(net.a, port, port, 80);
  }
  net.run_for(sim::Time::from_ms(10));
  EXPECT_EQ(net.b.state(3), State::kEstablished);
  EXPECT_EQ(net.b.state(4), std::nullopt);
  EXPECT_EQ(net.b.state(5), State::kEstablished);
  EXPECT_EQ(net.b.state(6), std::nullopt);
  net.b.barred.clear();
  net.run_for(sim::Time::from_s(3));  // the SYN comes again
  EXPECT_EQ(net.b.state(4), State::kEstablished);
  EXPECT_EQ(net.b.state(6), std::nullopt);
}

TEST(Close, ActiveAndPassiveSideWalkTheirStates) {
  Net net(without_timestamps());
  net.b.defaults.closes_back = true;
  net.open();
  net.a.send(0, 3000);
  net.a.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(net.a[0].states, (std::vector<S>{S::kSynSent, S::kEstablished, S::kFinWait1,
                                             S::kFinWait2, S::kTimeWait, S::kClosed}));
  EXPECT_EQ(net.b[0].states, (std::vector<S>{S::kSynReceived, S::kEstablished, S::kCloseWait,
                                             S::kLastAck, S::kClosed}));
  EXPECT_EQ(net.b[0].received, 3000u);
  EXPECT_EQ(*net.a[0].closed, CloseReason::kOrderly);
  EXPECT_EQ(*net.b[0].closed, CloseReason::kOrderly);
  EXPECT_GE(net.now, Time::from_s(60));  // 2 MSL
}

TEST(Close, BothAtOnceGoThroughClosing) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.close(0, net.now);
  net.b.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed && net.b[0].closed; }));
  const std::vector<S> tail{S::kFinWait1, S::kClosing, S::kTimeWait, S::kClosed};
  EXPECT_TRUE(std::equal(tail.rbegin(), tail.rend(), net.a[0].states.rbegin()));
  EXPECT_TRUE(std::equal(tail.rbegin(), tail.rend(), net.b[0].states.rbegin()));
}

TEST(Close, HalfClosedConnectionStillCarriesTheOtherDirection) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.b.state(0) == S::kCloseWait; }));
  net.b.send(0, 100000);
  ASSERT_TRUE(net.run([&] { return net.a[0].received == 100000; }));
  EXPECT_EQ(net.a.state(0), S::kFinWait2);
  net.b.stack.close(0, net.now);
  EXPECT_TRUE(net.run([&] { return net.b[0].closed.has_value(); }));
}

TEST(Close, LostFinIsSentAgain) {
  Net net(without_timestamps());
  net.b.defaults.closes_back = true;
  net.open();
  int lost = 0;
  net.drop = [&](Host&, const Packet& p) { return p.segment.has(kFin) && lost++ < 3; };
  net.a.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed && net.b[0].closed; }));
  EXPECT_EQ(*net.b[0].closed, CloseReason::kOrderly);
}

TEST(Close, FinRidesOnTheLastSegment) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 2000);
  net.a.stack.close(0, net.now);
  net.run_for(Time::from_s(1));
  EXPECT_EQ(net.a.sent.back().segment.length, 540u);
  EXPECT_TRUE(net.a.sent.back().segment.has(kFin));
}

TEST(Close, TimeWaitAcknowledgesTheFinAgainAndStartsOver) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.close(0, net.now);
  net.run_for(Time::from_ms(1));
  net.b.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a.state(0) == S::kTimeWait; }));
  const Time entered = net.now;
  net.run_for(Time::from_s(20));
  Packet fin = net.b.sent.back();
  ASSERT_TRUE(fin.segment.has(kFin));
  std::swap(fin.segment.tuple.local_ip, fin.segment.tuple.remote_ip);
  std::swap(fin.segment.tuple.local_port, fin.segment.tuple.remote_port);
  lose_everything(net);  // b has gone and would reset
  const std::size_t before = net.a.sent.size();
  net.inject(net.a, fin.segment);
  EXPECT_EQ(net.a.sent.size(), before + 1);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(net.now, entered + Time::from_s(80));
}

TEST(Close, NewSynReplacesTimeWait) {
  Net net(without_timestamps());
  net.a.stack.listen(1000, 5);
  net.open();
  net.a.stack.close(0, net.now);
  net.run_for(Time::from_ms(1));
  net.b.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a.state(0) == S::kTimeWait && !net.b.state(0); }));
  net.run_for(Time::from_s(1));
  net.connect(net.b, 9, 80, 1000);
  const Time asked = net.now;
  EXPECT_TRUE(net.run([&] { return net.a.state(5) == S::kEstablished; }));
  EXPECT_EQ(net.now - asked, Time::from_us(30));  // at once, not by way of a challenge and a reset
  EXPECT_EQ(*net.a[0].closed, CloseReason::kOrderly);
}

TEST(Abort, ResetsThePeer) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.abort(0, net.now);
  EXPECT_EQ(*net.a[0].closed, CloseReason::kAborted);
  ASSERT_TRUE(net.run([&] { return net.b[0].closed.has_value(); }));
  EXPECT_EQ(*net.b[0].closed, CloseReason::kReset);
}

TEST(Reset, OnlyTheExactSequenceNumberKills) {
  Net net(without_timestamps());
  net.open();
  const Seq next = net.b.view(0).rcv_nxt;
  const std::size_t before = net.b.sent.size();
  net.inject(net.b, to_b(net, kRst, next + 100, {0}));
  EXPECT_EQ(net.b.sent.size(), before + 1);  // challenge
  EXPECT_EQ(net.b.sent.back().segment.flags, kAck);
  net.inject(net.b, to_b(net, kRst, next - 1, {0}));
  EXPECT_EQ(net.b.sent.size(), before + 1);  // outside: ignored
  EXPECT_EQ(net.b.state(0), S::kEstablished);
  net.inject(net.b, to_b(net, kRst, next, {0}));
  EXPECT_EQ(*net.b[0].closed, CloseReason::kReset);
}

TEST(Reset, SynInASynchronisedStateIsChallengedAndRationed) {
  Net net(without_timestamps());
  net.open();
  const Seq next = net.b.view(0).rcv_nxt;
  const std::size_t before = net.b.sent.size();
  for (int i = 0; i < 50; ++i) {
    net.inject(net.b, to_b(net, kSyn, next + 10, {0}));
  }
  EXPECT_EQ(net.b.sent.size(), before + TcpParams{}.challenge_ack_limit);
  EXPECT_EQ(net.b.state(0), S::kEstablished);
}

TEST(Acceptability, AcknowledgementOfUnsentDataIsAnsweredAndDropped) {
  Net net(without_timestamps());
  net.open();
  const ConnectionView v = net.b.view(0);
  const std::size_t before = net.b.sent.size();
  Segment s = to_b(net, kAck, v.rcv_nxt, v.snd_nxt + 1);
  s.length = 10;
  net.inject(net.b, s);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 0u);
  s.flags = 0;  // no ACK bit: dropped without a word
  s.ack = v.snd_nxt;
  net.inject(net.b, s);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 0u);
}

}  // namespace
}  // namespace vctoe::toe::test
