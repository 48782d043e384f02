// Loss, and the clocks.
#include <gtest/gtest.h>

#include <set>

#include "models/nic/toe/rtt_estimator.h"
#include "tb/unit/toe/wire.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

constexpr std::uint64_t kMss = 1460;

TcpParams plain(bool sack = true) {
  TcpParams p;
  p.timestamps = false;
  p.sack = sack;
  return p;
}

/// Loses the first transmissions of the segments with these numbers (0 = first with payload).
std::function<bool(Host&, const Packet&)> lose(Net& net, const std::set<int>& numbers) {
  return [&net, numbers, count = 0](Host& from, const Packet& p) mutable {
    if (&from != &net.a || p.segment.length == 0 || p.retransmit) return false;
    return numbers.count(count++) != 0;
  };
}

std::vector<std::uint64_t> resent(const Net& net) {
  std::vector<std::uint64_t> offsets;
  for (const Packet& p : net.a.sent) {
    if (p.retransmit) offsets.push_back(p.offset);
  }
  return offsets;
}

TEST(Rto, FollowsTheFormulas) {
  TcpParams p;
  p.rto_min = Time::from_us(1);
  RttEstimator e(p);
  EXPECT_EQ(e.rto(), Time::from_s(1));  // 2.1
  struct Row {
    std::uint64_t sample, srtt, rttvar, rto;  // microseconds
  };
  // By hand: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R| with the old SRTT, SRTT = 7/8 SRTT + 1/8 R.
  for (const Row& row : {Row{800, 800, 400, 2400}, Row{800, 800, 300, 2000},
                         Row{1600, 900, 425, 2600}, Row{100, 800, 0, 0}}) {
    e.sample(Time::from_us(row.sample));
    EXPECT_EQ(e.srtt(), Time::from_us(row.srtt));
    if (row.rto == 0) continue;
    EXPECT_EQ(e.rttvar(), Time::from_us(row.rttvar));
    EXPECT_EQ(e.rto(), Time::from_us(row.rto));
  }
  e.back_off();
  const Time once = e.rto();
  e.back_off();
  EXPECT_EQ(e.rto(), once * 2);
  for (int i = 0; i < 40; ++i) e.back_off();
  EXPECT_EQ(e.rto(), p.rto_max);
}

TEST(Rto, KeepsAMarginForTheClockWhenNothingVaries) {
  TcpParams p;
  p.rto_min = Time::from_us(1);
  p.clock_granularity = Time::from_us(50);
  RttEstimator e(p);
  for (int i = 0; i < 200; ++i) e.sample(Time::from_us(800));
  EXPECT_EQ(e.rto(), Time::from_us(850));
}

TEST(Rto, IsNeverBelowItsLeastValue) {
  TcpParams p;
  RttEstimator e(p);
  e.sample(Time::from_us(10));
  EXPECT_EQ(e.rto(), Time::from_ms(200));
}

// req: I-F08-272, I-P0007b, I-X13
TEST(Rto, DoublesUntilTheSegmentGetsThrough) {
  for (int times = 1; times <= 6; ++times) {
    Net net(plain());
    net.open();
    int lost = 0;
    std::vector<Time> sent;
    net.drop = [&](Host& from, const Packet& p) {
      if (&from != &net.a || p.segment.length == 0) return false;
      sent.push_back(net.now);
      return lost++ < times;
    };
    net.a.send(0, 1000);
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000; }));
    ASSERT_EQ(sent.size(), static_cast<std::size_t>(times) + 1);
    Time rto = Time::from_ms(200);
    for (int i = 0; i < times; ++i, rto = rto * 2) EXPECT_EQ(sent[i + 1] - sent[i], rto);
    EXPECT_EQ(net.a[0].rtos.size(), static_cast<std::size_t>(times));
    EXPECT_EQ(net.a[0].rtos[0], net.a.stack.sequence_of(0, 0));
    EXPECT_EQ(net.a.view(0).rto, rto);  // kept until there is a sample (Karn)
    net.a.send(0, 1000);
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 2000; }));
    EXPECT_EQ(net.a.view(0).rto, Time::from_ms(200));
  }
}

// req: I-F08-272
TEST(Rto, AcknowledgementJustBeforeExpiryStopsItAndJustAfterDoesNot) {
  for (const bool early : {true, false}) {
    TcpParams p = plain();
    p.delayed_ack_count = 1;
    Net net(p);
    net.open();
    net.wire.delay =
        Time::from_ms(100) - Time::from_ps(early ? 1 : 0) + Time::from_ps(early ? 0 : 1);
    net.a.send(0, 1460);
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1460; }));
    EXPECT_EQ(net.a.view(0).timeouts, early ? 0u : 1u);
  }
}

TEST(Rto, KarnTakesNoSampleFromASegmentSentTwice) {
  Net net(plain());
  net.open();
  const Time srtt = net.a.view(0).srtt;
  net.drop = lose(net, {0});
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000; }));
  EXPECT_EQ(net.a.view(0).srtt, srtt);
}

TEST(Rto, TimestampsGiveASampleOfASegmentSentTwice) {
  TcpParams p;
  p.timestamp_tick = Time::from_us(1);
  Net net(p);
  net.open();
  net.drop = lose(net, {0});
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000; }));
  EXPECT_EQ(net.a.view(0).rto, Time::from_ms(200));  // the back-off is over
}

TEST(Rto, SetsTheWindowToOneSegmentAndTheThresholdOnce) {
  Net net(plain());
  net.open();
  net.a.send(0, 14600);
  net.drop = [](Host&, const Packet&) { return true; };
  net.run_for(Time::from_ms(500));
  EXPECT_EQ(net.a.view(0).cwnd, 1460u);
  EXPECT_EQ(net.a.view(0).ssthresh, 7300u);
  net.run_for(Time::from_s(5));
  EXPECT_EQ(net.a.view(0).ssthresh, 7300u);
  EXPECT_GE(net.a.view(0).timeouts, 3u);
  for (const std::uint64_t offset : resent(net)) EXPECT_EQ(offset, 0u);
}

TEST(Rto, GivesUpInTheEnd) {
  TcpParams p = plain();
  p.data_retries = 4;
  Net net(p);
  net.open();
  net.drop = [](Host&, const Packet&) { return true; };
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(resent(net).size(), 4u);
  EXPECT_EQ(net.a.stack.next_timer(), Time::never());
}

TEST(Rto, DoesNotPlanTwiceWhileTheResendIsBeingFetched) {
  Net net(plain());
  net.open();
  net.a.send(0, 1000);
  net.drop = [](Host&, const Packet&) { return true; };
  net.run_for(Time::from_ms(150));
  Stack& stack = net.a.stack;
  stack.on_timer(stack.next_timer());
  Time now = net.now + Time::from_ms(100);
  const auto plan = stack.next(now);
  ASSERT_TRUE(plan && plan->retransmit);
  const Time rto = net.a.view(0).rto;
  for (int i = 0; i < 3; ++i) {
    now = stack.next_timer();
    stack.on_timer(now);
    EXPECT_FALSE(stack.has_work(now));
  }
  EXPECT_EQ(net.a.view(0).rto, rto);  // nothing was learnt
  now += Time::from_ms(1);
  ASSERT_TRUE(stack.emit(*plan, now));
  EXPECT_EQ(stack.next_timer(), now + rto);  // its clock starts when it leaves
}

TEST(Rto, ResendThatWasAcknowledgedWhileFetchedIsVoid) {
  Net net(plain());
  net.open();
  net.wire.delay = Time::from_ms(150);
  net.a.send(0, kMss * 2);
  net.run_for(Time::from_ms(1));
  Stack& stack = net.a.stack;
  const Time expiry = stack.next_timer();
  net.run_for(Time::from_ms(190));
  stack.on_timer(expiry);
  const auto plan = stack.next(expiry);
  ASSERT_TRUE(plan && plan->retransmit);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 2920; }));
  EXPECT_FALSE(stack.emit(*plan, net.now));
}

TEST(FastRetransmit, ThirdDuplicateSendsTheSegmentAgainWithoutSack) {
  Net net(plain(false));
  net.open();
  net.drop = lose(net, {2});
  net.a.send(0, 14600);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{2920}));
  EXPECT_EQ(net.a.view(0).fast_retransmits, 1u);
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  EXPECT_EQ(net.a.view(0).duplicate_acks, 7u);
  EXPECT_LT(net.now, Time::from_ms(1));
}

TEST(FastRetransmit, ThresholdLeavesLimitedTransmitOut) {
  TcpParams p = plain(false);
  Net net(p);
  net.b.defaults.window = 60000;
  net.open();
  net.drop = lose(net, {2});
  net.a.send(0, 60000);
  ASSERT_TRUE(net.run([&] { return net.a.view(0).fast_retransmits == 1; }));
  // The first two were acknowledged and opened the window to 11 segments, all out; the two that the
  // duplicates released do not count (RFC 5681 3.2 step 2).
  EXPECT_EQ(net.a.view(0).ssthresh, 11 * kMss / 2);
}

TEST(FastRetransmit, PartialAcknowledgementsShowTheNextHole) {
  Net net(plain(false));
  net.open();
  net.drop = lose(net, {1, 3, 5});
  net.a.send(0, 14600);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{1460, 4380, 7300}));
  EXPECT_EQ(net.a.view(0).fast_retransmits, 1u);
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
}

TEST(FastRetransmit, DuplicatesFromATimeoutsResendsStartNoRecovery) {
  // RFC 6582 3.2: all ten are lost but the first, and sent again one by one; then the peer repeats
  // its acknowledgement of exactly `recover`.
  Net net(plain(false));
  net.b.defaults.window = 60000;
  net.open();
  net.drop = lose(net, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  net.a.send(0, 10 * kMss);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 10 * kMss; }));
  net.drop = [](Host&, const Packet&) { return true; };
  net.a.send(0, 2 * kMss);
  net.run_for(Time::from_us(1));
  Segment s;
  s.tuple = {Net::kIpA, Net::kIpB, 1000, 80};
  s.flags = kAck;
  s.window = static_cast<std::uint16_t>(net.a.view(0).snd_wnd >> 5);
  s.seq = net.a.view(0).rcv_nxt;
  s.ack = net.a.view(0).snd_una;
  for (int i = 0; i < 5; ++i) net.inject(net.a, s);
  EXPECT_EQ(net.a.view(0).duplicate_acks, 5u);
  EXPECT_EQ(net.a.view(0).fast_retransmits, 0u);
}

TEST(FastRetransmit, FirstTwoDuplicatesReleaseOneNewSegmentEach) {
  for (const bool limited : {true, false}) {
    TcpParams p = plain(false);
    p.limited_transmit = limited;
    p.initial_window = 3;
    Net net(p);
    net.b.defaults.window = 60000;  // fits the SYN: a change of window is no duplicate
    net.open();
    net.drop = lose(net, {0});
    net.a.send(0, 14600);
    net.run_for(Time::from_us(25));  // two duplicates are back, the window is full
    EXPECT_EQ(net.a.payload_segments, limited ? 5u : 3u);
    EXPECT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
    EXPECT_EQ(net.a.view(0).timeouts, limited ? 0u : 1u);  // which is what they are for
  }
}

// req: I-X02, I-P0005b, I-P0036a
TEST(Sack, OnlyTheHolesAreSentAgain) {
  Net net(plain());
  net.open();
  net.drop = lose(net, {1, 4, 6});
  net.a.send(0, kMss * 20);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == kMss * 20; }));
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{1460, 4 * kMss, 6 * kMss}));
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  EXPECT_EQ(net.a.view(0).fast_retransmits, 1u);
  EXPECT_EQ(net.a.view(0).ssthresh, net.a.view(0).cwnd);
}

TEST(Sack, SegmentsThatWereCutAreSentAgainAsTheyWere) {
  Net net(plain());
  net.open();
  net.drop = lose(net, {1, 2});
  net.a.post(0, 14600);
  for (std::uint64_t end = 2000; end < 14600; end += 2000) {
    net.a.stack.set_available(0, end, true);
    net.run([&] { return !net.a.stack.has_work(net.now); });
  }
  net.a.stack.set_available(0, 14600, true);
  net.run_for(Time::from_s(1));
  EXPECT_EQ(net.b[0].received, 14600u);
  std::map<std::uint64_t, std::uint32_t> first;
  for (const Packet& p : net.a.sent) {
    if (p.segment.length == 0) continue;
    if (p.retransmit) {
      EXPECT_EQ(first.at(p.offset), p.segment.length);
    } else {
      first[p.offset] = p.segment.length;
    }
  }
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{1460, 2000}));
}

TEST(Sack, LostTailIsRescuedOrTimedOut) {
  Net net(plain());
  net.open();
  net.drop = lose(net, {3, 9});
  net.a.send(0, 14600);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{3 * kMss, 9 * kMss}));
}

TEST(Sack, NewestBlockComesFirst) {
  Net net(plain());
  net.open();
  net.drop = lose(net, {0, 2, 4, 6, 8});
  net.a.send(0, 14600);
  net.run_for(Time::from_us(15));
  const Segment& ack = net.b.sent.back().segment;
  ASSERT_EQ(ack.sack_count, 4);
  for (int i = 0; i < 4; ++i) {
    const auto offset = static_cast<std::uint32_t>((9 - 2 * i) * 1460);
    EXPECT_EQ(ack.sack[i].left, net.a.stack.sequence_of(0, offset));
    EXPECT_EQ(ack.sack[i].right, net.a.stack.sequence_of(0, offset + 1460));
  }
}

TEST(Sack, DuplicateIsReportedFirst) {
  Net net(plain());
  net.open();
  net.wire.duplicate = 1;
  net.a.send(0, 1460);
  net.run_for(Time::from_us(15));
  const Segment& ack = net.b.sent.back().segment;
  ASSERT_EQ(ack.sack_count, 1);
  EXPECT_EQ(ack.sack[0].left, net.a.stack.sequence_of(0, 0));
  EXPECT_EQ(ack.sack[0].right, net.a.stack.sequence_of(0, 1460));
  EXPECT_EQ(ack.ack, net.a.stack.sequence_of(0, 1460));
  EXPECT_EQ(net.b[0].placed_bytes, 1460u);
}

TEST(Sack, ReportsOfDuplicatesAreNoLoss) {
  Net net(plain());
  net.open();
  net.wire.duplicate = 1;
  net.a.send(0, 200000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 200000; }));
  EXPECT_EQ(net.a.view(0).duplicate_acks, 0u);
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

TEST(Sack, BlocksForWhatWasNeverSentAreIgnored) {
  Net net(plain());
  net.open();
  net.a.send(0, 3 * kMss);
  net.run_for(Time::from_us(1));
  Segment s;
  s.tuple = {Net::kIpA, Net::kIpB, 1000, 80};
  s.flags = kAck;
  s.window = 2000;
  s.seq = net.a.view(0).rcv_nxt;
  s.ack = net.a.view(0).snd_una;
  s.sack_count = 1;
  s.sack[0] = {net.a.stack.sequence_of(0, kMss), net.a.stack.sequence_of(0, 9 * kMss)};
  for (int i = 0; i < 5; ++i) net.inject(net.a, s);
  EXPECT_EQ(net.a.view(0).duplicate_acks, 0u);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 3 * kMss; }));
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

TEST(Sack, ResendThatArrivedWhileFetchedIsVoid) {
  Net net(plain());
  net.open();
  net.a.send(0, 10 * kMss);
  net.drop = [](Host& from, const Packet&) { return from.records.empty(); };
  net.run_for(Time::from_us(1));
  Segment s;
  s.tuple = {Net::kIpA, Net::kIpB, 1000, 80};
  s.flags = kAck;
  s.window = 2000;
  s.seq = net.a.view(0).rcv_nxt;
  s.ack = net.a.view(0).snd_una;
  s.sack_count = 1;
  s.sack[0] = {net.a.stack.sequence_of(0, 2 * kMss), net.a.stack.sequence_of(0, 9 * kMss)};
  net.deliver_only(net.a, s, 0);
  const auto first = net.a.stack.next(net.now);
  const auto second = net.a.stack.next(net.now);
  ASSERT_TRUE(first && second && second->retransmit);
  EXPECT_EQ(second->offset, kMss);
  s.sack[0].left = net.a.stack.sequence_of(0, kMss);
  net.deliver_only(net.a, s, 0);
  EXPECT_FALSE(net.a.stack.emit(*second, net.now));
  EXPECT_TRUE(net.a.stack.emit(*first, net.now));
}

TEST(Sack, ThreeBlocksFitBesideTimestamps) {
  Net net{TcpParams{}};
  net.open();
  net.drop = lose(net, {0, 2, 4, 6, 8});
  net.a.send(0, 14480);
  net.run_for(Time::from_us(15));
  EXPECT_EQ(net.b.sent.back().segment.sack_count, 3);
}

// req: I-F08-268, I-F08-270
TEST(Acknowledgements, AreCumulativeAndComeWithEverySegmentOutOfOrder) {
  Net net(plain());
  net.open();
  net.drop = lose(net, {0});
  const std::size_t before = net.b.sent.size();
  net.a.send(0, kMss * 5);
  net.run_for(Time::from_us(15));
  EXPECT_EQ(net.b.sent.size(), before + 4);
  for (std::size_t i = before; i < net.b.sent.size(); ++i) {
    EXPECT_EQ(net.b.sent[i].segment.ack, net.a.stack.sequence_of(0, 0));
  }
  EXPECT_EQ(net.a[0].acknowledged, 0u);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 7300; }));
}

TEST(Congestion, SlowStartThenAvoidance) {
  TcpParams p = plain();
  p.delayed_ack_count = 1;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 100 << 20;
  net.open();
  net.a.send(0, 100 << 20);
  net.run_for(Time::from_ms(1));
  std::uint64_t cwnd = net.a.view(0).cwnd;
  EXPECT_EQ(cwnd, 14600u);
  for (int i = 0; i < 3; ++i) {
    net.run_for(Time::from_ms(10));
    EXPECT_EQ(net.a.view(0).cwnd, 2 * cwnd);
    cwnd = net.a.view(0).cwnd;
  }
  int lost = 0;
  net.drop = [&](Host& from, const Packet& q) {
    return &from == &net.a && q.segment.length > 0 && lost++ == 0;
  };
  net.run_for(Time::from_ms(40));
  cwnd = net.a.view(0).cwnd;
  EXPECT_EQ(net.a.view(0).fast_retransmits, 1u);
  net.run_for(Time::from_ms(100));
  // One segment a round trip; a round trip more or less at the ends.
  EXPECT_NEAR(static_cast<double>(net.a.view(0).cwnd - cwnd), 10 * kMss, 1460);
}

TEST(Congestion, CubicKeepsMoreAfterALossAndGrowsBack) {
  TcpParams p = plain();
  p.congestion = CongestionKind::kCubic;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 1 << 20;
  net.keep = false;
  net.open();
  net.a.send(0, 400 << 20);
  net.run_for(Time::from_ms(75));
  int lost = 0;
  net.drop = [&](Host& from, const Packet& q) {
    return &from == &net.a && q.segment.length > 0 && lost++ == 0;
  };
  double flight = 0;  // before the loss is noticed
  ASSERT_TRUE(net.run([&] {
    const ConnectionView v = net.a.view(0);
    if (v.fast_retransmits == 0) flight = v.snd_nxt - v.snd_una;
    return v.fast_retransmits == 1;
  }));
  EXPECT_NEAR(static_cast<double>(net.a.view(0).ssthresh), 0.7 * flight, 0.02 * flight);
  net.run_for(Time::from_ms(15));
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  const std::uint64_t reduced = net.a.view(0).cwnd;
  net.run_for(Time::from_s(3));
  EXPECT_GT(net.a.view(0).cwnd, reduced * 5 / 4);
}

}  // namespace
}  // namespace vctoe::toe::test
