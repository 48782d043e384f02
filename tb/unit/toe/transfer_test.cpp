// Data in the absence of loss: windows, acknowledgements, small segments, turns.
#include <gtest/gtest.h>

#include "models/nic/toe/receiver.h"
#include "tb/unit/toe/wire.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

constexpr std::uint64_t kMss = 1460;

TcpParams plain() {
  TcpParams p;
  p.timestamps = false;
  return p;
}

// req: I-F01-10, I-F01-22, I-P0005a
TEST(Transfer, FirstTransmissionsAreContiguousAndFull) {
  Net net(plain(), {Time::from_us(10), 10});
  net.open();
  const Seq first = net.a.stack.sequence_of(0, 0);
  net.a.send(0, kMss * 100 + 7);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 146007; }));
  std::uint32_t at = 0;
  for (const Packet& p : net.a.sent) {
    if (p.segment.length == 0) continue;
    EXPECT_EQ(p.segment.seq, first + at);
    at += p.segment.length;
    EXPECT_EQ(p.segment.length, at == 146007 ? 7u : 1460u);
    EXPECT_EQ(p.segment.has(kPsh), at == 146007);  // MUST-60
  }
  EXPECT_EQ(at, 146007u);
  EXPECT_EQ(net.a.view(0).snd_nxt, first + at);
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

// req: I-F01-12, I-F01-14, I-F01-16, I-F01-30, I-P0007a
TEST(Transfer, UnacknowledgedPointerFollowsEveryAcknowledgement) {
  TcpParams p = plain();
  p.isn_fixed = true;
  p.isn = 0xffffffff - 20000;  // wraps on the way
  Net net(p);
  net.open();
  net.a.send(0, 100000);
  Seq una = net.a.view(0).snd_una;
  while (net.a[0].acknowledged < 100000) {
    const std::uint64_t before = net.a[0].acknowledged;
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged != before; }));
    const ConnectionView v = net.a.view(0);
    EXPECT_EQ(v.snd_una, una + static_cast<std::uint32_t>(net.a[0].acknowledged - before));
    EXPECT_LE(v.snd_una, v.snd_nxt);
    EXPECT_EQ(v.snd_una, net.a.stack.sequence_of(0, net.a[0].acknowledged));
    una = v.snd_una;
  }
}

// req: I-F01-20, I-F01-24, I-F01-26, I-F01-28
TEST(Transfer, SendsWhatTheWindowAllowsAndNothingBeyond) {
  TcpParams p = plain();
  p.initial_window = 1000;
  Net net(p);
  net.b.defaults.window = 20000;
  net.open();
  std::uint64_t allowed = net.a.stack.window_end(0);
  net.drop = [&](Host& from, const Packet& packet) {
    if (&from == &net.a && packet.segment.length > 0) {
      EXPECT_LE(packet.offset + packet.segment.length, net.a[0].acknowledged + 20000);
    }
    return false;
  };
  net.a.send(0, 500000);
  EXPECT_EQ(allowed, 0u);  // nothing posted
  allowed = net.a.stack.window_end(0);
  EXPECT_EQ(allowed, 20000u);
  net.run_for(Time::from_us(5));  // no acknowledgement can be back
  EXPECT_EQ(net.a.view(0).snd_nxt, net.a.stack.sequence_of(0, 13 * kMss));
  while (net.a[0].acknowledged < 500000) {
    ASSERT_TRUE(net.run(
        [&] { return net.a.stack.window_end(0) != allowed || net.a[0].acknowledged == 500000; }));
    EXPECT_GE(net.a.stack.window_end(0), allowed);
    allowed = net.a.stack.window_end(0);
  }
}

TEST(Transfer, SecondFullSegmentIsAcknowledgedAtOnceAndASingleOneLater) {
  TcpParams p = plain();
  p.ack_pushed = false;
  Net net(p);
  net.open();
  const std::size_t before = net.b.sent.size();
  net.a.send(0, 1460);
  net.run_for(Time::from_ms(39));
  EXPECT_EQ(net.b.sent.size(), before);
  net.run_for(Time::from_ms(2));
  EXPECT_EQ(net.b.sent.size(), before + 1);
  net.a.send(0, 2920);
  net.run_for(Time::from_us(30));
  EXPECT_EQ(net.b.sent.size(), before + 2);
}

TEST(Transfer, PushedSegmentIsAcknowledgedAtOnce) {
  Net net(plain());
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_us(25));
  EXPECT_EQ(net.a[0].acknowledged, 1000u);
}

TEST(Transfer, SegmentsThatArriveTogetherShareAnAcknowledgement) {
  Net net(plain());
  net.open();
  net.run_for(Time::from_ms(1));
  Segment s;
  s.tuple = {Net::kIpB, Net::kIpA, 80, 1000};
  s.flags = kAck;
  s.ack = net.b.view(0).snd_nxt;
  s.window = 100;
  s.length = 1460;
  const std::size_t before = net.b.sent.size();
  // Straight into the stack: nobody asks for plans in between (MUST-58, MUST-59).
  for (int i = 0; i < 3; ++i) {
    s.seq = net.b.view(0).rcv_nxt;
    const std::uint64_t offset = net.b[0].received;
    if (i < 2) {
      net.deliver_only(net.b, s, offset);
    } else {
      net.inject(net.b, s, offset);
    }
  }
  EXPECT_EQ(net.b[0].received, 3u * kMss);
  EXPECT_EQ(net.b.sent.size(), before + 1);
}

TEST(Transfer, OnlyTheNewPartOfAStraddlingSegmentIsPlaced) {
  Net net(plain());
  net.open();
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000; }));
  Segment s;
  s.tuple = {Net::kIpB, Net::kIpA, 80, 1000};
  s.flags = kAck;
  s.ack = net.b.view(0).snd_nxt;
  s.window = 100;
  s.seq = net.b.view(0).rcv_nxt - 600;
  s.length = 1000;
  net.inject(net.b, s, 400);
  EXPECT_EQ(net.b[0].received, 1400u);
  EXPECT_EQ(net.b[0].placed_bytes, 1400u);
}

// req: I-P0006, I-X13
TEST(ZeroWindow, StopsTheSenderAndIsProbedForEver) {
  TcpParams p = plain();
  Net net(p);
  net.b.defaults.window = 10000;
  net.open();
  net.b[0].window = 0;  // nobody reads any more
  net.a.send(0, 50000);
  net.run_for(Time::from_s(1));
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
  Net net(plain());
  net.b.defaults.window = 10000;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 50000);
  net.run_for(Time::from_s(1));
  net.drop = [&](Host& host, const Packet&) { return &host == &net.b; };
  net.b[0].window = 1 << 20;
  net.b.grant(0, 1 << 20);
  net.run_for(Time::from_us(1));
  net.drop = nullptr;
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 50000; }, net.now + Time::from_s(3)));
}

TEST(ZeroWindow, ShrunkenWindowDoesNotEndTheConnection) {
  TcpParams p = plain();
  p.data_retries = 3;
  Net net(p);
  net.open();
  net.drop = [](Host&, const Packet&) { return true; };
  net.a.send(0, 3000);
  net.run_for(Time::from_us(1));
  Segment s;
  s.tuple = {Net::kIpA, Net::kIpB, 1000, 80};
  s.flags = kAck;
  s.seq = net.a.view(0).rcv_nxt;
  s.ack = net.a.view(0).snd_una;
  for (int i = 0; i < 12; ++i) {
    net.inject(net.a, s);  // the peer answers, its window is 0 (MUST-37)
    net.run_for(net.a.view(0).rto);
  }
  EXPECT_EQ(net.a.state(0), State::kEstablished);
  net.drop = nullptr;
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 3000; }));
}

TEST(Window, LastPieceThatTheSynCouldNotSayIsOffered) {
  Net net(plain());
  net.b.defaults.window = 65632;  // 97 more than the window of a SYN can say
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 100000);
  net.run_for(Time::from_s(10));
  EXPECT_GT(net.b[0].received, 65632u - 32);
}

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

TEST(Reassembly, RemembersNoMoreRunsThanItMay) {
  TcpParams p;
  p.reassembly_intervals = 2;
  Receiver receiver(p);
  receiver.begin({1});
  receiver.establish(true, 0, 1460);
  receiver.grow_space(kFirstByte + 10000);
  receiver.advertise(false);
  EXPECT_EQ(receiver.take(100, 10, {}).size(), 1u);
  EXPECT_EQ(receiver.take(200, 10, {}).size(), 1u);
  EXPECT_EQ(receiver.take(300, 10, {}).size(), 0u);  // would be a third
  EXPECT_EQ(receiver.take(110, 10, {}).size(), 1u);  // grows the first
  EXPECT_EQ(receiver.take(1, 10, {}).size(), 1u);
}

TEST(SillyWindow, ReceiverOpensByWholeSegments) {
  Net net(plain());
  net.b.defaults.window = 14600;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 100000);
  net.run_for(Time::from_s(1));
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
    TcpParams p = plain();
    p.window_scaling = false;  // whose unit would be larger than the window
    Net net(p);
    net.keep = false;
    net.b.defaults.window = window;
    net.open();
    net.a.send(0, 20 * window);
    EXPECT_TRUE(net.run([&] { return net.a[0].acknowledged == 20 * window; })) << window;
  }
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

TEST(Nagle, HoldsASecondSmallSegmentUntilTheFirstIsAcknowledged) {
  for (const bool nagle : {true, false}) {
    TcpParams p = plain();
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
  TcpParams p = plain();
  Net net(p);
  net.open();
  net.a.send(0, 1460 + 10);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.payload_segments, 2u);
}

TEST(Available, HoldsFirstTransmissionsAndFlushCutsThem) {
  Net net(plain());
  net.open();
  net.a.post(0, 10000);
  net.a.stack.set_available(0, 2000, false);
  net.run_for(Time::from_ms(50));
  EXPECT_EQ(net.b[0].received, 1460u);  // the rest would be short, and more is to come
  net.run_for(Time::from_s(1));
  EXPECT_EQ(net.b[0].received, 2000u);  // nothing came: the override timer (RFC 9293 3.8.6.2.1)
  net.a.stack.set_available(0, 4000, true);
  net.run_for(Time::from_s(1));
  EXPECT_EQ(net.b[0].received, 4000u);
  EXPECT_TRUE(net.a.sent.back().segment.has(kAck));
  net.a.stack.set_available(0, 10000, false);
  EXPECT_TRUE(net.run([&] { return net.b[0].received == 10000; }));
}

TEST(Available, DroppedPlanMakesTheLaterOnesVoidAndIsPlannedAgain) {
  Net net(plain());
  net.open();
  Stack& stack = net.a.stack;
  stack.post(0, 4380, net.now);
  stack.set_available(0, 4380, true);
  const auto p1 = stack.next(net.now), p2 = stack.next(net.now), p3 = stack.next(net.now);
  ASSERT_TRUE(p1 && p2 && p3);
  EXPECT_FALSE(stack.has_work(net.now));
  stack.drop(*p2, net.now);
  EXPECT_TRUE(stack.emit(*p1, net.now).has_value());
  EXPECT_FALSE(stack.emit(*p3, net.now).has_value());
  const auto again = stack.next(net.now);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->offset, 1460u);
  EXPECT_FALSE(again->retransmit);
  EXPECT_TRUE(stack.emit(*again, net.now).has_value());
}

TEST(Available, PlansOfAnAbortedConnectionAreVoidForItsSuccessor) {
  Net net(plain());
  net.open();
  net.a.stack.post(0, 1460, net.now);
  net.a.stack.set_available(0, 1460, true);
  const auto plan = net.a.stack.next(net.now);
  net.a.stack.abort(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.b[0].closed.has_value(); }));
  net.open(0, 1001);
  net.a.stack.post(0, 1460, net.now);
  EXPECT_FALSE(net.a.stack.emit(*plan, net.now).has_value());
}

TEST(Turns, ConnectionsWithWorkShareEvenly) {
  TcpParams p = plain();
  p.initial_window = 40;
  Net net(p);
  net.b.stack.listen(80, 0);
  for (ConnectionId id = 0; id < 64; ++id) {
    net.connect(net.a, id, static_cast<std::uint16_t>(1000 + id), 80);
  }
  ASSERT_TRUE(net.run([&] { return net.a.state(63) == State::kEstablished; }));
  net.run_for(Time::from_ms(1));
  for (ConnectionId id = 0; id < 64; ++id) {
    net.a.stack.post(id, kMss * 40, net.now);
    net.a.stack.set_available(id, kMss * 40, true);
  }
  std::vector<int> turns(64);
  for (int i = 0; i < 64 * 20; ++i) {
    const auto plan = net.a.stack.next(net.now);
    ASSERT_TRUE(plan);
    ++turns[plan->connection];
    EXPECT_EQ(turns[plan->connection], i / 64 + 1);
    ASSERT_TRUE(net.a.stack.emit(*plan, net.now));
  }
}

TEST(Listener, MayCallCommandsFromItsCallbacks) {
  // accepted() and received() set the receive space, peer_closed() closes: see wire.cpp.
  Net net(plain());
  net.b.defaults.closes_back = true;
  net.open();
  net.a.send(0, 100000);
  net.a.stack.close(0, net.now);
  EXPECT_TRUE(net.run([&] { return net.b[0].closed.has_value(); }));
  EXPECT_EQ(net.b[0].received, 100000u);
}

TEST(Idle, WindowIsSetBackAfterAPause) {
  Net net(plain());
  net.open();
  net.a.send(0, 1000000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000000; }));
  EXPECT_GT(net.a.view(0).cwnd, 14600u);
  net.run_for(Time::from_s(1));
  net.a.send(0, 1460);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.view(0).cwnd, 14600u);  // RFC 5681 4.1
}

}  // namespace
}  // namespace vctoe::toe::test
