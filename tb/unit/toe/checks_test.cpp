// What a connection checks before it believes a segment, and congestion control by itself.
#include <gtest/gtest.h>

#include <cmath>

#include "models/nic/toe/cubic.h"
#include "models/nic/toe/reno.h"
#include "tb/unit/toe/wire.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TcpParams plain() {
  TcpParams p;
  p.timestamps = false;
  return p;
}

/// As the peer of b's connection 0 would send it now.
Segment from_a(Net& net, std::uint8_t flags, std::uint32_t length = 0) {
  Segment s;
  s.tuple = {Net::kIpB, Net::kIpA, 80, 1000};
  s.flags = flags;
  s.window = 1000;
  s.length = length;
  if (!net.b.state(0)) return s;
  s.seq = net.b.view(0).rcv_nxt;
  s.ack = net.b.view(0).snd_nxt;
  return s;
}

TEST(Paws, OldTimestampIsAcknowledgedAndDropped) {
  Net net{TcpParams{}};
  net.open();
  net.run_for(Time::from_s(1));
  net.a.send(0, 1448);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1448; }));
  const std::uint32_t recent = net.a.sent.back().segment.ts_value;
  Segment s = from_a(net, kAck, 100);
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
  Segment s = from_a(net, kAck, 1448);
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
  Net net(plain());
  net.b.defaults.window = 2920;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 2920);
  net.run_for(Time::from_s(1));
  ASSERT_LT(net.b.view(0).rcv_wnd, 32u);
  // What is left is less than a unit: fill it, so that the window is shut to the byte.
  Segment fill = from_a(net, kAck, static_cast<std::uint32_t>(net.b.view(0).rcv_wnd));
  if (fill.length > 0) net.inject(net.b, fill, net.b[0].received);
  net.b.send(0, 1000);
  net.run_for(Time::from_us(1));
  ASSERT_EQ(net.b[0].acknowledged, 0u);
  net.inject(net.b, from_a(net, kAck, 500), net.b[0].received);
  EXPECT_EQ(net.b[0].acknowledged, 1000u);
}

TEST(Acceptability, WindowOfAnOldSegmentIsNotTaken) {
  Net net(plain());
  net.open();
  const Segment old = from_a(net, kAck, 0);
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
  Net net(plain());
  net.open();
  const std::size_t before = net.b.sent.size();
  Segment s = from_a(net, kAck, 10);
  s.ack = s.ack - 0x10000000;  // below SND.UNA - MAX.SND.WND (RFC 5961 5.2)
  net.inject(net.b, s);
  EXPECT_EQ(net.b.sent.size(), before + 1);
  EXPECT_EQ(net.b[0].received, 0u);
}

TEST(Acceptability, TextOfAnOldConnectionBeforeTheSynIsADuplicate) {
  Net net(plain());
  net.open();
  const std::size_t before = net.b.sent.size();
  for (const std::uint32_t back : {5000u, 101u, 100u}) {
    Segment s = from_a(net, kAck, 100);
    s.seq = s.seq - back;
    net.inject(net.b, s);
  }
  EXPECT_EQ(net.b.sent.size(), before + 3);
  EXPECT_EQ(net.b[0].received, 0u);
  EXPECT_EQ(net.b[0].placed_bytes, 0u);
  EXPECT_EQ(net.b.sent.back().segment.ack, net.a.stack.sequence_of(0, 0));
}

TEST(SynSent, WrongAcknowledgementIsResetAndWrongResetIgnored) {
  Net net(plain());
  net.connect(net.a, 0, 1000, 80);
  net.drop = [](Host&, const Packet&) { return true; };
  net.run_for(Time::from_us(1));
  Segment s;
  s.tuple = {Net::kIpA, Net::kIpB, 1000, 80};
  s.ack = net.a.sent[0].segment.seq + 2;
  s.flags = kAck | kRst;
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
  Net net(plain());
  net.b.stack.listen(80, 0);
  net.drop = [](Host& from, const Packet&) { return from.records.count(0) != 0; };
  const Segment syn = from_a(net, kSyn);
  net.inject(net.b, syn);
  net.inject(net.b, syn);
  ASSERT_EQ(net.b.sent.size(), 2u);
  EXPECT_EQ(net.b.sent[1].segment.flags, kSyn | kAck);
  EXPECT_EQ(net.b.sent[0].segment.seq, net.b.sent[1].segment.seq);
}

TEST(SynReceived, CloseWaitsForTheHandshake) {
  Net net(plain());
  net.b.stack.listen(80, 0);
  net.connect(net.a, 0, 1000, 80);
  ASSERT_TRUE(net.run([&] { return net.b.state(0) == S::kSynReceived; }));
  net.b.stack.close(0, net.now);
  EXPECT_EQ(net.b.state(0), S::kSynReceived);
  ASSERT_TRUE(net.run([&] { return net.a[0].peer_closed; }));
  EXPECT_TRUE(net.b[0].established);
}

TEST(Acceptability, ReorderedAcknowledgementOfTheSameEdgeDoesNotShrinkTheWindow) {
  Net net(plain());
  net.open();
  net.run_for(Time::from_ms(1));
  Segment newer = from_a(net, kAck, 100);
  newer.window = 500;
  net.inject(net.b, newer, 0);
  ASSERT_EQ(net.b.view(0).snd_wnd, 500u << 5);
  Segment next = from_a(net, kAck, 100);
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
  TcpParams p = plain();
  p.max_connections = 3;
  Net net(p);
  net.b.stack.listen(80, 10);
  Segment syn = from_a(net, kSyn);
  for (std::uint16_t port = 1000; port < 1010; ++port) {
    syn.tuple.remote_port = port;
    net.inject(net.b, syn);
  }
  EXPECT_TRUE(net.b.state(10) && net.b.state(11) && net.b.state(12));  // the lowest free ids
  EXPECT_FALSE(net.b.state(13));
}

TEST(Reno, GrowsBySegmentsOfAcknowledgedBytes) {
  Reno reno;
  CongestionWindow w{14600, 14600, 1460};
  for (int i = 0; i < 5; ++i) reno.grow(w, 2920, {}, {});  // one window, in delayed steps
  EXPECT_EQ(w.cwnd, 16060u);
  for (int i = 0; i < 55; ++i) reno.grow(w, 1460, {}, {});
  EXPECT_EQ(w.cwnd, 16060u + 4 * 1460);                    // 11 + 12 + 13 + 14 segments, and 5 over
  for (int i = 0; i < 9; ++i) reno.grow(w, 1460, {}, {});  // 5 + 9: one short of the next
  EXPECT_EQ(w.cwnd, 16060u + 4 * 1460);
  reno.grow(w, 2920, {}, {});  // 16: a step, and one over
  EXPECT_EQ(w.cwnd, 16060u + 5 * 1460);
  for (int i = 0; i < 15; ++i) reno.grow(w, 1460, {}, {});
  EXPECT_EQ(w.cwnd, 16060u + 6 * 1460);
  EXPECT_EQ(reno.reduce(w, 29200), 14600u);
  EXPECT_EQ(reno.reduce(w, 1460), 2920u);  // never below two segments
  CongestionWindow slow{1460, UINT64_MAX, 1460};
  reno.grow(slow, 4380, {}, {});
  EXPECT_EQ(slow.cwnd, 2920u);  // at most a segment each acknowledgement
}

/// The window after `seconds` of acknowledgements for a window every round trip of `rtt`.
double cubic_after(Cubic& cubic, CongestionWindow& w, double seconds, Time rtt) {
  Time now = Time::from_s(1);
  const Time end = now + Time::from_ns_f(seconds * 1e9);
  while (now < end) {
    const std::uint64_t segments = w.cwnd / w.mss;
    for (std::uint64_t i = 0; i < segments; ++i) {
      cubic.grow(w, w.mss, rtt, now + rtt * i / segments);
    }
    now += rtt;
  }
  return static_cast<double>(w.cwnd) / w.mss;
}

TEST(Cubic, FollowsTheCurveOfTheRfc) {
  // Long round trips, where the cubic and not the Reno-friendly window decides (RFC 9438 5.1).
  Cubic cubic;
  CongestionWindow w{1'000'000, 1, 1000};  // 1000 segments
  const std::uint64_t reduced = cubic.reduce(w, 1'000'000);
  EXPECT_EQ(reduced, 700000u);
  w.cwnd = w.ssthresh = reduced;
  const double k = std::cbrt(300 / 0.4);  // 9.09 s back to 1000 segments
  for (const double t : {3.0, 6.0}) {
    Cubic again = cubic;
    CongestionWindow v = w;
    const double expected = 0.4 * std::pow(t - k, 3) + 1000;
    // The window aims a round trip ahead and moves in whole round trips.
    EXPECT_NEAR(cubic_after(again, v, t, Time::from_ms(100)), expected, 0.02 * expected) << t;
  }
  EXPECT_NEAR(cubic_after(cubic, w, k, Time::from_ms(100)), 1000, 2);
}

TEST(Cubic, IsNotSlowerThanRenoOnShortRoundTrips) {
  Cubic cubic;
  CongestionWindow w{100'000, 1, 1000};
  w.cwnd = w.ssthresh = cubic.reduce(w, 100'000);
  // alpha = 3 (1 - 0.7) / (1 + 0.7) segments a round trip: 0.529 (section 4.3); 50 round trips of 1
  // ms, in which the curve itself moves by less than a segment.
  EXPECT_NEAR(cubic_after(cubic, w, 0.05, Time::from_ms(1)), 70 + 50 * 0.529, 1.5);
}

TEST(Cubic, GivesUpShareIfTheWindowShrinksTwice) {
  const auto regrown = [](double first, double second) {
    Cubic cubic;
    CongestionWindow w{static_cast<std::uint64_t>(first) * 1000, 1, 1000};
    w.ssthresh = cubic.reduce(w, w.cwnd);
    w.cwnd = static_cast<std::uint64_t>(second) * 1000;
    w.cwnd = w.ssthresh = cubic.reduce(w, w.cwnd);
    return cubic_after(cubic, w, 7.0, Time::from_ms(100));
  };
  // Fast convergence (section 4.7): the plateau is at 0.85 of the second, lower window.
  EXPECT_LT(regrown(1000, 900), regrown(800, 900) - 50);
}

TEST(Cubic, StartsAtItsPlateauAfterATimeout) {
  Cubic cubic;
  CongestionWindow w{1'000'000, 1, 1000};
  w.ssthresh = cubic.reduce(w, w.cwnd);
  cubic.restart();
  w.cwnd = w.ssthresh;
  // Section 4.8: K is 0, so half a second of 0.4 t^3 moves nothing, where the old curve would
  // climb.
  EXPECT_NEAR(cubic_after(cubic, w, 0.5, Time::from_ms(100)), 700, 5);
}

}  // namespace
}  // namespace vctoe::toe::test
