// The retransmission clock.
#include "models/nic/toe/rtt_estimator.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

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
    Net net(without_timestamps());
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
    TcpParams p = without_timestamps();
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
  Net net(without_timestamps());
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
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 14600);
  lose_everything(net);
  net.run_for(Time::from_ms(500));
  EXPECT_EQ(net.a.view(0).cwnd, 1460u);
  EXPECT_EQ(net.a.view(0).ssthresh, 7300u);
  net.run_for(Time::from_s(5));
  EXPECT_EQ(net.a.view(0).ssthresh, 7300u);
  EXPECT_GE(net.a.view(0).timeouts, 3u);
  for (const std::uint64_t offset : resent(net)) EXPECT_EQ(offset, 0u);
}

TEST(Rto, GivesUpInTheEnd) {
  TcpParams p = without_timestamps();
  p.data_retries = 4;
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(resent(net).size(), 4u);
  EXPECT_EQ(net.a.stack.next_timer(), Time::never());
}

TEST(Rto, DoesNotPlanTwiceWhileTheResendIsBeingFetched) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 1000);
  lose_everything(net);
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
  Net net(without_timestamps());
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

}  // namespace
}  // namespace vctoe::toe::test
