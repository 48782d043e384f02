// Rules of single segments: options, windows, silly windows, acknowledgements, clocks.
#include "models/nic/toe/receiver.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

// ---- options ------------------------------------------------------------------------------------

TEST(SynOptions, StandOnSynsOnly) {
  Net net{TcpParams{}};
  net.open();
  net.drop = [n = 0](Host&, const Packet& p) mutable { return p.segment.length > 0 && n++ == 4; };
  net.a.send(0, 100000);
  net.a.stack.close(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.b[0].peer_closed; }));
  for (const Host* host : {&net.a, &net.b}) {
    for (const Packet& p : host->sent) {
      const bool syn = p.segment.has(kSyn);
      EXPECT_EQ(p.segment.has_mss, syn);
      EXPECT_EQ(p.segment.has_window_scale, syn);
      EXPECT_EQ(p.segment.sack_permitted, syn);
    }
  }
}

TEST(SynOptions, SackIsSentOnlyIfBothAgreed) {
  for (const int who : {0, 1, 2}) {
    TcpParams with = without_timestamps(true), no = without_timestamps(false);
    Net net(who == 0 ? no : with, who == 1 ? no : with, {}, 1);
    net.open();
    net.drop = [n = 0](Host&, const Packet& p) mutable { return p.segment.length > 0 && n++ == 1; };
    net.a.send(0, 14600);
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
    bool seen = false;
    for (const Packet& p : net.b.sent) seen = seen || p.segment.sack_count > 0;
    EXPECT_EQ(seen, who == 2);
    EXPECT_EQ(net.a.sent[0].segment.sack_permitted, who != 0);
    EXPECT_EQ(net.b.sent[0].segment.sack_permitted, who == 2);
  }
}

TEST(SynOptions, ScaleIsUsedOnlyIfBothOfferItAndNeverAbove14) {
  TcpParams large = without_timestamps();
  large.window_scale = 9;
  Net both(large);
  reach(both, S::kSynSent);
  Segment reply = addressed_to(both, both.a, kSyn | kAck);
  reply.ack = both.a.view(0).iss + 1;
  reply.has_window_scale = true;
  reply.window_scale = 200;
  reply.window = 0xffff;
  both.inject(both.a, reply);
  EXPECT_EQ(both.a.view(0).snd_wnd, 0xffffu);  // that of a SYN is not scaled
  EXPECT_LE(both.a.sent[0].segment.window, 0xffff);
  Segment ack = from_peer(both, both.a, kAck);
  ack.window = 0xffff;  // unsigned: MUST-1
  both.inject(both.a, ack);
  EXPECT_EQ(both.a.view(0).snd_wnd, 0xffffull << 14);

  Net one(large);
  reach(one, S::kSynSent);
  reply = addressed_to(one, one.a, kSyn | kAck);
  reply.ack = one.a.view(0).iss + 1;
  one.inject(one.a, reply);
  ack = from_peer(one, one.a, kAck);
  ack.window = 0xffff;
  one.inject(one.a, ack);
  EXPECT_EQ(one.a.view(0).snd_wnd, 0xffffu);
  EXPECT_EQ(one.a.view(0).rcv_wnd, 0xffffu);
  TcpParams off = without_timestamps();
  off.window_scaling = false;
  Net never(off);
  reach(never, S::kSynSent);
  never.a.stack.on_timer(never.a.stack.next_timer());
  EXPECT_FALSE(never.a.stack.emit(*never.a.stack.next(never.now), never.now)->has_window_scale);
}

TEST(SynOptions, SegmentsStayWithinTheMssWithAllTheirOptions) {
  Net net{TcpParams{}};
  net.open();
  net.b.send(0, 3 * 1448);
  net.drop = [n = 0](Host& from, const Packet& p) mutable {
    return from.stack.view(0) && p.segment.length > 0 && n++ % 3 == 0;  // gaps both ways
  };
  net.a.send(0, 100000);
  net.b.send(0, 100000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 100000; }));
  for (const Packet& p : net.a.sent) {
    const std::uint32_t sack = p.segment.sack_count > 0 ? 4 + 8 * p.segment.sack_count : 0;
    const std::uint32_t options = p.segment.has(kSyn) ? 0 : 12 + sack;
    EXPECT_LE(p.segment.length + options, 1460u);
  }
}

// ---- windows ------------------------------------------------------------------------------------

TEST(Window, ResetIsReadWhileTheOwnWindowIsShut) {
  Net net(without_timestamps());
  net.b.defaults.window = 4096;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 4096);
  net.run_for(Time::from_s(1));
  Segment fill = from_peer(net, net.b, kAck, static_cast<std::uint32_t>(net.b.view(0).rcv_wnd));
  if (fill.length > 0) net.inject(net.b, fill, net.b[0].received);
  ASSERT_EQ(net.b.view(0).rcv_wnd, 0u);
  net.inject(net.b, from_peer(net, net.b, kRst));
  EXPECT_EQ(net.b[0].closed, CloseReason::kReset);
}

TEST(Window, NothingNewIsSentIntoAShrunkenOne) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 100000);
  net.run_for(Time::from_us(1));
  ASSERT_EQ(net.a.payload_segments, 10u);
  Segment s = from_peer(net, net.a, kAck);
  s.ack = net.a.stack.sequence_of(0, 5 * 1460);
  s.window = 100;  // 3200 bytes: the right edge moves back over what is out (MUST-34)
  net.inject(net.a, s);
  EXPECT_EQ(net.a.payload_segments, 10u);
  net.run_for(Time::from_s(2));
  EXPECT_GT(net.a.view(0).retransmits, 0u);  // SHLD-16
  for (const Packet& p : net.a.sent) EXPECT_LE(p.offset, 10 * kMss);
  EXPECT_EQ(net.a.state(0), S::kEstablished);
}

TEST(SillyWindow, SenderWaitsForAWholeSegmentOrHalfTheWindow) {
  TcpParams p = without_timestamps();
  p.window_scaling = false;
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 8000);
  net.run_for(Time::from_us(1));
  Segment s = from_peer(net, net.a, kAck);
  s.window = 0;
  net.inject(net.a, s);
  net.a.send(0, 20000);
  const std::uint64_t before = net.a.payload_segments;
  for (std::uint16_t window = 100; window < 1460; window += 100) {
    s.window = window;
    net.inject(net.a, s);
    EXPECT_EQ(net.a.payload_segments, before) << window;
  }
  s.window = 1460;
  net.inject(net.a, s);
  EXPECT_EQ(net.a.payload_segments, before + 1);
  EXPECT_EQ(net.a.sent.back().segment.length, 1460u);
}

TEST(SillyWindow, OverrideTimerSendsWhatFits) {
  TcpParams p = without_timestamps();
  p.window_scaling = false;
  Net net(p);
  net.open();
  Segment s = from_peer(net, net.a, kAck);
  s.window = 300;
  net.inject(net.a, s);
  lose_everything(net);
  net.a.send(0, 20000);
  net.run_for(Time::from_ms(100));
  EXPECT_EQ(net.a.payload_segments, 0u);
  net.run_for(Time::from_ms(200));
  ASSERT_GE(net.a.payload_segments, 1u);
  EXPECT_EQ(net.a.sent.back().segment.length, 300u);
}

TEST(ZeroWindow, FirstProbeComesAfterOneTimeoutAndAllLaterOnesDouble) {
  TcpParams p = without_timestamps();
  p.rto_max = Time::from_s(4);
  Net net(p);
  net.open();
  std::vector<Time> times;
  net.drop = [&](Host& from, const Packet&) {
    if (&from == &net.a) times.push_back(net.now);
    return true;
  };
  Segment s = from_peer(net, net.a, kAck);
  s.window = 0;
  net.inject(net.a, s);
  const Time from = net.now;
  net.a.send(0, 5000);
  net.run_for(Time::from_s(600));
  ASSERT_GT(times.size(), 100u);  // for ever
  EXPECT_EQ(times[0] - from, Time::from_ms(200));
  Time step = Time::from_ms(200);
  for (std::size_t i = 1; i < times.size(); ++i) {
    step = sim::min(step * 2, Time::from_s(4));
    EXPECT_EQ(times[i] - times[i - 1], step);
  }
  EXPECT_EQ(net.a.state(0), S::kEstablished);
}

TEST(ZeroWindow, EverythingThatTheHostTookIsDeliveredThroughAWindowThatShutsOften) {
  Net net(without_timestamps());
  net.b.defaults.window = 3000;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 60000);
  // Every update is lost: only probes find the window open.
  net.drop = [&](Host& from, const Packet& p) {
    return &from == &net.b && p.segment.length == 0 && p.segment.window > 0 && net.now.ps % 7 < 5 &&
           net.b.segments % 2 == 0;
  };
  for (std::uint64_t edge = 3000; edge <= 60000; edge += 1500) {
    net.b.grant(0, edge);
    net.run_for(Time::from_s(150));
  }
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 60000; }, net.now + Time::from_s(4000)));
}

TEST(Push, SmallPostsThatWaitedLeaveTogetherWithOnePush) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 10);
  net.run_for(Time::from_us(1));
  net.a.send(0, 20);  // Nagle collects
  net.a.send(0, 30);
  ASSERT_TRUE(net.run([&] { return net.b[0].received == 60; }));
  EXPECT_EQ(net.a.payload_segments, 2u);
  EXPECT_EQ(net.a.sent.back().segment.length, 50u);
  EXPECT_TRUE(net.a.sent.back().segment.has(kPsh));
}

// ---- acknowledgements ---------------------------------------------------------------------------

TEST(Acknowledgements, SegmentThatFillsAGapIsAcknowledgedAtOnce) {
  TcpParams p = without_timestamps();
  p.ack_pushed = false;
  Net net(p);
  net.open();
  lose_everything(net);
  Segment head = from_peer(net, net.b, kAck, 100);
  Segment tail = head;
  tail.seq = tail.seq + 200;
  net.inject(net.b, tail, 200);
  const std::size_t before = net.b.sent.size();
  net.inject(net.b, head, 0);  // in order: may wait
  EXPECT_LE(net.b.sent.size(), before + 1);
  const std::size_t waiting = net.b.sent.size();
  head.seq = head.seq + 100;
  net.inject(net.b, head, 100);
  ASSERT_EQ(net.b.sent.size(), waiting + 1);
  EXPECT_EQ(net.b.sent.back().segment.ack, tail.seq + 100);
}

TEST(Acknowledgements, NeverMoreThanOneForASegment) {
  WireParams wire;
  wire.gbps = 10;
  wire.loss = 0.02;
  wire.reorder = 0.05;
  wire.duplicate = 0.02;
  Net net(TcpParams{}, wire);
  net.open();
  std::uint64_t arrived = 0;
  net.drop = [&](Host& from, const Packet& p) {
    arrived += &from == &net.a && p.segment.length > 0 ? 1 : 0;
    return false;
  };
  const std::uint64_t before = net.b.segments;
  net.a.send(0, 3000000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 3000000; }));
  EXPECT_LE(net.b.segments - before, arrived * 103 / 100);  // duplicates of the wire count too
}

TEST(Acknowledgements, EverySecondFullSegmentOfALongTransfer) {
  TcpParams p = without_timestamps();
  p.ack_pushed = false;
  Net net(p, {Time::from_us(10), 10});
  net.open();
  const std::uint64_t before = net.b.segments;
  net.a.send(0, 1000 * kMss);
  ASSERT_TRUE(net.run([&] { return net.b[0].received == 1000 * kMss; }));
  EXPECT_GE(net.b.segments - before, 480u);
  EXPECT_LE(net.b.segments - before, 520u);
  for (std::size_t i = 2; i < net.b.sent.size(); ++i) {
    EXPECT_LE(net.b.sent[i].segment.ack - net.b.sent[i - 1].segment.ack, 2 * 1460);
  }
}

TEST(Acknowledgements, AreDelayedByHalfASecondAtMost) {
  TcpParams p = without_timestamps();
  EXPECT_LT(p.delayed_ack_time, Time::from_ms(500));
  p.delayed_ack_time = Time::from_ms(499);
  p.ack_pushed = false;
  p.rto_min = Time::from_s(1);
  Net net(p);
  net.open();
  const Time from = net.now;
  net.a.send(0, 100);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 100; }));
  EXPECT_LT(net.now - from, Time::from_ms(500));
}

// ---- clocks -------------------------------------------------------------------------------------

TEST(Rto, RunsFromTheOldestSegmentNotFromTheLast) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 1460);
  net.run_for(Time::from_us(1));
  const Time due = net.a.stack.next_timer();
  net.run_for(Time::from_ms(150));
  net.a.send(0, 1460);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.payload_segments, 2u);
  EXPECT_EQ(net.a.stack.next_timer(), due);  // RFC 6298 5.1
}

TEST(Rto, StartsOverWithEachAcknowledgementOfNewDataAndStopsWithTheLast) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 2 * 1460);
  net.run_for(Time::from_ms(100));
  Segment s = from_peer(net, net.a, kAck);
  s.ack = net.a.stack.sequence_of(0, 1460);
  net.inject(net.a, s);
  EXPECT_EQ(net.a.stack.next_timer(), net.now + net.a.view(0).rto);  // 5.3
  s.ack = net.a.stack.sequence_of(0, 2 * 1460);
  net.inject(net.a, s);
  EXPECT_EQ(net.a.stack.next_timer(), Time::never());  // 5.2
}

TEST(Rto, IsOneSecondBeforeTheFirstSample) {
  Net net(without_timestamps());
  std::vector<Time> times;
  net.drop = [&](Host&, const Packet&) { return times.push_back(net.now), true; };
  net.connect(net.a, 0, 1000, 80);
  net.run_for(Time::from_s(10));
  ASSERT_GE(times.size(), 3u);
  EXPECT_EQ(times[1] - times[0], Time::from_s(1));
  EXPECT_EQ(times[2] - times[1], Time::from_s(2));
}

TEST(Rto, SendsTheOldestSegmentAgainAndNothingElse) {
  for (const bool sack : {true, false}) {
    Net net(without_timestamps(sack));
    net.open();
    lose_everything(net);
    net.a.send(0, 14600);
    net.run_for(Time::from_ms(10));
    net.a.sent.clear();
    net.run_for(Time::from_ms(250));
    ASSERT_EQ(net.a.sent.size(), 1u);
    EXPECT_EQ(net.a.sent[0].offset, 0u);
    EXPECT_EQ(net.a.sent[0].segment.length, 1460u);
  }
}

TEST(Rto, SlowStartFollowsUpToTheThreshold) {
  TcpParams p = without_timestamps();
  p.delayed_ack_count = 1;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 1 << 20;
  net.open();
  net.a.send(0, 1 << 20);
  net.run_for(Time::from_ms(45));  // 16 times the initial window
  lose_everything(net);
  ASSERT_TRUE(net.run([&] { return net.a.view(0).timeouts == 1; }));
  EXPECT_EQ(net.a.view(0).cwnd, 1460u);
  const std::uint64_t threshold = net.a.view(0).ssthresh;
  EXPECT_GT(threshold, 20 * kMss);
  net.drop = nullptr;
  std::uint64_t cwnd = 1460;
  for (int i = 0; i < 3; ++i) {
    net.run_for(Time::from_ms(10));
    EXPECT_GE(net.a.view(0).cwnd, 2 * cwnd - 1460);  // doubles a round trip
    EXPECT_LE(net.a.view(0).cwnd, 2 * cwnd + 1460);
    cwnd = net.a.view(0).cwnd;
  }
}

// ---- recovery -----------------------------------------------------------------------------------

TEST(Sack, MarksAreForgottenAfterATimeout) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 14600);
  net.run_for(Time::from_us(1));
  Segment s = from_peer(net, net.a, kAck);
  s.ack = net.a.view(0).snd_una;
  s.sack_count = 1;
  s.sack[0] = {net.a.stack.sequence_of(0, 8 * 1460), net.a.stack.sequence_of(0, 10 * 1460)};
  net.inject(net.a, s);
  net.a.sent.clear();
  ASSERT_TRUE(net.run([&] { return net.a.view(0).timeouts == 1; }));
  // The peer has thrown away what it reported (RFC 2018 section 8).
  for (std::uint32_t i = 1; i <= 10; ++i) {
    s.ack = net.a.stack.sequence_of(0, i * 1460);
    s.sack_count = 0;
    net.inject(net.a, s);
  }
  std::uint64_t last = 0;
  for (const Packet& p : net.a.sent) {
    if (p.retransmit) last = std::max(last, p.offset);
  }
  EXPECT_GE(last, 8 * kMss);
}

TEST(Sack, ReportedBytesAreKeptUntilTheCumulativeAcknowledgement) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 14600);
  net.run_for(Time::from_us(1));
  Segment s = from_peer(net, net.a, kAck);
  s.ack = net.a.view(0).snd_una;
  s.sack_count = 1;
  s.sack[0] = {net.a.stack.sequence_of(0, 1460), net.a.stack.sequence_of(0, 14600)};
  net.inject(net.a, s);
  EXPECT_EQ(net.a[0].acknowledged, 0u);
  EXPECT_EQ(net.a.view(0).snd_una, net.a.stack.sequence_of(0, 0));
}

TEST(FastRetransmit, WindowInflatesDuringRecoveryAndDeflatesAfterIt) {
  Net net(without_timestamps(false));
  net.b.defaults.window = 60000;
  net.open();
  net.drop = [&, n = 0](Host& from, const Packet& p) mutable {
    return &from == &net.a && p.segment.length > 0 && !p.retransmit && n++ == 0;
  };
  net.a.send(0, 60000);
  ASSERT_TRUE(net.run([&] { return net.a.view(0).fast_retransmits == 1; }));
  const ConnectionView v = net.a.view(0);
  EXPECT_EQ(v.ssthresh, 5 * kMss);
  EXPECT_EQ(v.cwnd, v.ssthresh + 3 * kMss);  // RFC 5681 3.2 step 3
  ASSERT_TRUE(net.run([&] { return net.a.view(0).duplicate_acks > v.duplicate_acks; }));
  EXPECT_EQ(net.a.view(0).cwnd, v.cwnd + kMss);  // step 4
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged >= 14600; }));
  EXPECT_LE(net.a.view(0).cwnd, v.ssthresh);  // step 6
}

TEST(FastRetransmit, TwoDuplicatesAreNoLoss) {
  for (const bool sack : {true, false}) {
    Net net(without_timestamps(sack));
    net.open();
    lose_everything(net);
    net.a.send(0, 14600);
    net.run_for(Time::from_us(1));
    Segment s = from_peer(net, net.a, kAck);
    s.ack = net.a.view(0).snd_una;
    net.inject(net.a, s);  // changes the window: no duplicate
    for (std::uint32_t i = 1; i <= 3; ++i) {
      EXPECT_EQ(net.a.view(0).retransmits, 0u);
      s.sack_count = sack ? 1 : 0;
      s.sack[0] = {net.a.stack.sequence_of(0, 1460), net.a.stack.sequence_of(0, (i + 1) * 1460)};
      net.inject(net.a, s);
    }
    EXPECT_EQ(net.a.view(0).retransmits, 1u);
  }
}

TEST(Congestion, AvoidanceAddsOneSegmentForAWindow) {
  TcpParams p = without_timestamps();
  p.delayed_ack_count = 1;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 8 << 20;
  net.open();
  net.a.send(0, 64 << 20);
  net.drop = [&, n = 0](Host& from, const Packet& q) mutable {
    return &from == &net.a && q.segment.length > 0 && n++ == 300;
  };
  ASSERT_TRUE(net.run([&] { return net.a.view(0).fast_retransmits == 1; }));
  net.run_for(Time::from_ms(50));
  const std::uint64_t cwnd = net.a.view(0).cwnd;
  net.run_for(Time::from_ms(200));  // 20 round trips
  EXPECT_LE(net.a.view(0).cwnd - cwnd, 21 * kMss);
  EXPECT_GE(net.a.view(0).cwnd - cwnd, 19 * kMss);
}

TEST(Congestion, InitialWindowIsThatOfRfc6928ForEverySegmentSize) {
  for (const std::uint64_t mss : {536u, 1460u, 5000u, 8960u}) {
    TcpParams p = without_timestamps();
    p.mss = mss;
    Net net(p);
    net.open();
    EXPECT_EQ(net.a.view(0).cwnd,
              std::min<std::uint64_t>(10 * mss, std::max<std::uint64_t>(2 * mss, 14600)));
  }
}

}  // namespace
}  // namespace vctoe::toe::test
