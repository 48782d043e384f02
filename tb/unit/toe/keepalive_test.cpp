// Keep-alive, and giving up.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

// ---- keep-alive ---------------------------------------------------------------------------------

TcpParams with_keepalive() {
  TcpParams p = without_timestamps();
  p.keepalive = true;
  return p;
}

TEST(Keepalive, IsOffUnlessAskedFor) {
  Net net(without_timestamps());
  net.open();
  net.run_for(Time::from_ms(100));
  const std::size_t before = net.a.sent.size();
  net.run_for(Time::from_s(100000));
  EXPECT_EQ(net.a.sent.size(), before);
  EXPECT_EQ(net.a.stack.next_timer(), Time::never());
}

TEST(Keepalive, ProbesAfterTwoHoursOfSilenceWithoutData) {
  Net net(with_keepalive(), without_timestamps(), {}, 1);
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_s(1000));
  net.b.send(0, 1000);  // the silence begins anew
  net.run_for(Time::from_ms(100));
  const Time heard = net.now;
  net.a.sent.clear();
  net.run_for(Time::from_s(7199));
  EXPECT_TRUE(net.a.sent.empty());
  net.run_for(Time::from_s(2));
  ASSERT_EQ(net.a.sent.size(), 1u);
  EXPECT_EQ(net.a.sent[0].segment.length, 0u);
  EXPECT_EQ(net.a.sent[0].segment.seq, net.a.view(0).snd_nxt - 1);
  EXPECT_LT(heard, net.now);
  net.run_for(Time::from_s(36000));  // answered: one every two hours
  EXPECT_EQ(net.a.sent.size(), 6u);
  EXPECT_EQ(net.a.state(0), S::kEstablished);
}

TEST(Keepalive, ToleratesLostAnswersAndEndsADeadConnection) {
  Net net(with_keepalive(), without_timestamps(), {}, 1);
  net.open();
  int lost = 0;
  net.drop = [&](Host& from, const Packet&) { return &from == &net.b && lost++ < 8; };
  net.run_for(Time::from_s(7200 + 9 * 75));
  EXPECT_EQ(net.a.state(0), S::kEstablished);  // eight answers lost, the ninth came
  lose_everything(net);
  net.a.sent.clear();
  std::vector<Time> times;
  net.drop = [&](Host& from, const Packet&) {
    if (&from == &net.a) times.push_back(net.now);
    return true;
  };
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  ASSERT_EQ(times.size(), 10u);  // nine probes and the reset
  for (std::size_t i = 1; i < times.size(); ++i) {
    EXPECT_EQ(times[i] - times[i - 1], Time::from_s(75));
  }
  EXPECT_TRUE(net.a.sent.back().segment.has(kRst));
}

TEST(Keepalive, IntervalIsThatOfTheParameter) {
  TcpParams p = without_timestamps();
  p.keepalive = true;
  p.keepalive_idle = Time::from_s(10);
  Net net(p);
  net.open();
  net.run_for(Time::from_ms(1));
  net.a.sent.clear();
  net.run_for(Time::from_s(9));
  EXPECT_EQ(net.a.sent.size(), 0u);
  net.run_for(Time::from_s(2));
  EXPECT_GE(net.a.sent.size(), 1u);
}

TEST(Keepalive, LeavesUnacknowledgedDataToItsOwnClock) {
  TcpParams p = with_keepalive();
  p.keepalive_idle = Time::from_ms(50);
  Net net(p, without_timestamps(), {}, 1);
  net.open();
  lose_everything(net);
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(199));
  EXPECT_EQ(net.a.payload_segments, 1u);
  EXPECT_EQ(net.a.sent.back().segment.length, 1000u);  // no probe behind it
}

TEST(Keepalive, IsSwitchedForOneConnection) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.set_keepalive(0, true, net.now);
  net.run_for(Time::from_ms(100));
  net.a.sent.clear();
  net.run_for(Time::from_s(7201));
  EXPECT_EQ(net.a.sent.size(), 1u);
  net.a.stack.set_keepalive(0, false, net.now);
  net.run_for(Time::from_s(20000));
  EXPECT_EQ(net.a.sent.size(), 1u);
}

// ---- giving up ----------------------------------------------------------------------------------

TEST(GivingUp, TellsTheUserAtR1AndClosesAtR2) {
  TcpParams p = without_timestamps();
  p.report_retries = 2;
  p.data_retries = 4;
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return !net.a[0].advices.empty(); }));
  EXPECT_EQ(net.a.view(0).timeouts, 2u);
  EXPECT_EQ(net.a[0].advices[0], Advice::kRetransmissions);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a[0].advices.size(), 1u);
  EXPECT_EQ(net.a.payload_segments, 5u);
}

TEST(GivingUp, HoldsForSynsToo) {
  TcpParams p = without_timestamps();
  p.report_retries = 2;
  p.syn_retries = 4;
  Net net(p);
  lose_everything(net);
  net.connect(net.a, 0, 1000, 80);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(net.a[0].advices, std::vector<Advice>{Advice::kRetransmissions});
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a.sent.size(), 5u);
}

TEST(GivingUp, TakesLongEnoughByDefault) {
  Net data(without_timestamps());
  data.open();
  lose_everything(data);
  data.a.send(0, 1000);
  Time from = data.now;
  ASSERT_TRUE(data.run([&] { return data.a[0].closed.has_value(); }));
  EXPECT_GE(data.now - from, Time::from_s(100));  // SHLD-11
  Net syn(without_timestamps());
  lose_everything(syn);
  syn.connect(syn.a, 0, 1000, 80);
  ASSERT_TRUE(syn.run([&] { return syn.a[0].closed.has_value(); }));
  EXPECT_GE(syn.now, Time::from_s(180));      // MUST-23
  EXPECT_GE(TcpParams{}.report_retries, 3u);  // SHLD-10
}

}  // namespace
}  // namespace vctoe::toe::test
