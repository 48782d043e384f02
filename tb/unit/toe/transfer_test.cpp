// Data in the absence of loss: order, what is available, turns.
#include "models/nic/toe/receiver.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

// req: I-F01-10, I-F01-22, I-P0005a
TEST(Transfer, FirstTransmissionsAreContiguousAndFull) {
  Net net(without_timestamps(), {Time::from_us(10), 10});
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
  TcpParams p = without_timestamps();
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
  TcpParams p = without_timestamps();
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
  TcpParams p = without_timestamps();
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
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_us(25));
  EXPECT_EQ(net.a[0].acknowledged, 1000u);
}

TEST(Transfer, SegmentsThatArriveTogetherShareAnAcknowledgement) {
  Net net(without_timestamps());
  net.open();
  net.run_for(Time::from_ms(1));
  Segment s = from_peer(net, net.b, kAck, 1460);
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
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 1000; }));
  Segment s = from_peer(net, net.b, kAck, 1000);
  s.seq = s.seq - 600;
  net.inject(net.b, s, 400);
  EXPECT_EQ(net.b[0].received, 1400u);
  EXPECT_EQ(net.b[0].placed_bytes, 1400u);
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

TEST(Available, HoldsFirstTransmissionsAndFlushCutsThem) {
  Net net(without_timestamps());
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
  Net net(without_timestamps());
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
  Net net(without_timestamps());
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
  TcpParams p = without_timestamps();
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
  Net net(without_timestamps());
  net.b.defaults.closes_back = true;
  net.open();
  net.a.send(0, 100000);
  net.a.stack.close(0, net.now);
  EXPECT_TRUE(net.run([&] { return net.b[0].closed.has_value(); }));
  EXPECT_EQ(net.b[0].received, 100000u);
}

TEST(Idle, WindowIsSetBackAfterAPause) {
  Net net(without_timestamps());
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
