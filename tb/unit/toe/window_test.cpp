// Windows of both sides: shut, silly, shrunken; and what small segments wait for.
#include "models/nic/toe/receiver.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

// ---- what is offered and heeded -----------------------------------------------------------------

TEST(Window, ResetIsReadWhileTheOwnWindowIsShut) {
  Net net(without_timestamps());
  shut_window(net, 4096);
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

TEST(Window, LastPieceThatTheSynCouldNotSayIsOffered) {
  Net net(without_timestamps());
  fill_window(net, 65632, 100000);  // 97 more than the window of a SYN can say
  net.run_for(Time::from_s(9));
  EXPECT_GT(net.b[0].received, 65632u - 32);
}

TEST(Window, RightEdgeNeverMovesBackByAUnitOfScale) {
  Net net(TcpParams{}, {Time::from_us(10), 1});
  net.b.defaults.window = 300000;
  net.open();
  std::uint64_t edge = 0;
  net.drop = [&](Host& host, const Packet& packet) {
    if (&host != &net.b) return false;
    const std::uint64_t now = net.b[0].received + (std::uint64_t{packet.segment.window} << 5);
    EXPECT_GE(now + 31, edge);  // RFC 7323 2.4: less than a unit
    edge = std::max(edge, now);
    return false;
  };
  net.a.send(0, 3000000);
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 3000000; }));
}

/// Acknowledgements that host a sends when its user has read much.
std::size_t updates(Net& net) {
  net.a.sent.clear();
  net.a.grant(0, net.a[0].space + (3u << 20));
  net.run_for(Time::from_ms(100));
  return net.a.sent.size();
}

// A peer that has sent its FIN may have forgotten the connection, and would answer with a reset.
TEST(WindowUpdate, IsNotSentAfterThePeersFin) {
  for (const bool ends : {false, true}) {
    Net net(without_timestamps());
    net.open();
    net.b.send(0, 100'000);
    if (ends) net.b.stack.close(0, net.now);
    net.run_for(Time::from_ms(100));
    ASSERT_EQ(net.a[0].received, 100'000u);
    EXPECT_EQ(net.a.state(0), ends ? S::kCloseWait : S::kEstablished);
    EXPECT_EQ(updates(net), ends ? 0u : 1u);
  }
}

// ---- shut windows -------------------------------------------------------------------------------

// req: I-P0006, I-X13
TEST(ZeroWindow, StopsTheSenderAndIsProbedForEver) {
  TcpParams p = without_timestamps();
  Net net(p);
  fill_window(net, 10000, 50000);
  EXPECT_GT(net.b[0].received, 10000u - 32);  // less than a unit of the scale is left
  EXPECT_EQ(net.a.view(0).snd_wnd, 0u);
  net.a.sent.clear();
  const Time from = net.now;
  std::vector<double> times;
  net.drop = [&](Host& host, const Packet& packet) {
    if (&host == &net.a) {
      times.push_back((net.now - from).seconds());
      EXPECT_EQ(packet.segment.length, 0u);
    }
    return false;
  };
  net.run_for(Time::from_s(3600));
  EXPECT_TRUE(net.a.state(0).has_value());
  ASSERT_GT(times.size(), 40u);
  // Doubling up to rto_max; a probe takes no time to plan.
  EXPECT_NEAR(times[2] - times[1], 2 * (times[1] - times[0]), 1e-9);
  EXPECT_NEAR(times.back() - times[times.size() - 2], 60, 1e-9);
  net.drop = nullptr;
  net.b[0].window = 1 << 20;
  net.b.grant(0, 1 << 20);
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 50000; }));
}

TEST(ZeroWindow, LostUpdateIsFoundByTheProbe) {
  Net net(without_timestamps());
  fill_window(net, 10000, 50000);
  net.drop = [&](Host& host, const Packet&) { return &host == &net.b; };
  net.b[0].window = 1 << 20;
  net.b.grant(0, 1 << 20);
  net.run_for(Time::from_us(1));
  net.drop = nullptr;
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 50000; }, net.now + Time::from_s(3)));
}

TEST(ZeroWindow, ShrunkenWindowDoesNotEndTheConnection) {
  TcpParams p = without_timestamps();
  p.data_retries = 3;
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 3000);
  net.run_for(Time::from_us(1));
  Segment s = from_peer(net, net.a, kAck);
  s.window = 0;
  s.ack = net.a.view(0).snd_una;
  for (int i = 0; i < 12; ++i) {
    net.inject(net.a, s);  // the peer answers, its window is 0 (MUST-37)
    net.run_for(net.a.view(0).rto);
  }
  EXPECT_EQ(net.a.state(0), State::kEstablished);
  net.drop = nullptr;
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 3000; }));
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

// ---- silly windows and small segments -----------------------------------------------------------

TEST(SillyWindow, EdgeMovesByTheLeastStepOrNotAtAll) {
  TcpParams p;
  Receiver receiver(p);
  receiver.begin({1});
  receiver.establish(true, 0, 1460);
  receiver.grow_space(kFirstByte + 10000);
  EXPECT_EQ(receiver.advertise(false), 10000);
  receiver.ack_sent(true);
  receiver.take(1, 8000, {});
  receiver.grow_space(kFirstByte + 13000);
  EXPECT_EQ(receiver.advertise(false), 2000);  // less than half the buffer and than a segment
  receiver.grow_space(kFirstByte + 15000);
  EXPECT_EQ(receiver.advertise(false), 7000);
}

TEST(SillyWindow, ReceiverOpensByWholeSegments) {
  Net net(without_timestamps());
  fill_window(net, 14600, 100000);
  net.a.sent.clear();
  net.b.sent.clear();
  for (std::uint64_t space = 14600; space <= 40000; space += 100) {
    net.b.grant(0, space);
    net.run_for(Time::from_us(50));
  }
  for (const Packet& p : net.a.sent) {
    EXPECT_TRUE(p.segment.length == 0 || p.segment.length == 1460);
  }
  const Seq first = net.a.stack.sequence_of(0, 0);
  std::int32_t edge = 14600;
  for (const Packet& p : net.b.sent) {
    const std::int32_t now = p.segment.ack - first + (p.segment.window << 5);
    EXPECT_TRUE(now - edge < 32 || now - edge > 1460 - 32) << now - edge;  // but for the unit
    edge = std::max(edge, now);
  }
  EXPECT_GT(net.b[0].received, 35000u);
}

TEST(SillyWindow, TinyReceiverStillGetsEverything) {
  for (const std::uint64_t window : {1u, 7u, 100u, 1459u, 1461u}) {
    TcpParams p = without_timestamps();
    p.window_scaling = false;  // whose unit would be larger than the window
    Net net(p);
    net.keep = false;
    net.b.defaults.window = window;
    net.open();
    net.a.send(0, 20 * window);
    EXPECT_TRUE(net.run([&] { return net.a[0].acknowledged == 20 * window; })) << window;
  }
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

TEST(Nagle, HoldsASecondSmallSegmentUntilTheFirstIsAcknowledged) {
  for (const bool nagle : {true, false}) {
    TcpParams p = without_timestamps();
    p.nagle = nagle;
    Net net(p);
    net.open();
    net.a.send(0, 10);
    net.run_for(Time::from_us(1));
    net.a.send(0, 20);
    net.run_for(Time::from_us(1));
    EXPECT_EQ(net.a.payload_segments, nagle ? 1u : 2u);
    EXPECT_TRUE(net.run([&] { return net.b[0].received == 30; }));
    EXPECT_EQ(net.a.payload_segments, 2u);
  }
}

TEST(Nagle, DoesNotHoldTheTailOfABulkTransfer) {
  TcpParams p = without_timestamps();
  Net net(p);
  net.open();
  net.a.send(0, 1460 + 10);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.payload_segments, 2u);
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

}  // namespace
}  // namespace vctoe::toe::test
