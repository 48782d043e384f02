// Rules of single segments: options of SYNs, acknowledgements.
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

// req: I-F08-268, I-F08-270
TEST(Acknowledgements, AreCumulativeAndComeWithEverySegmentOutOfOrder) {
  Net net(without_timestamps());
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

}  // namespace
}  // namespace vctoe::toe::test
