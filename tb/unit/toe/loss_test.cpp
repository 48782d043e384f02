// Recovery from loss.
#include <map>

#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

/// From the peer of net.a: nothing new in order, but the bytes [begin, end) of the stream.
Segment reported(const Net& net, std::uint32_t begin, std::uint32_t end) {
  Segment s = from_peer(net, net.a, kAck);
  s.ack = net.a.view(0).snd_una;
  s.sack_count = 1;
  s.sack[0] = {net.a.stack.sequence_of(0, begin), net.a.stack.sequence_of(0, end)};
  return s;
}

TEST(FastRetransmit, ThirdDuplicateSendsTheSegmentAgainWithoutSack) {
  Net net(without_timestamps(false));
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
  TcpParams p = without_timestamps(false);
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
  Net net(without_timestamps(false));
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
  Net net(without_timestamps(false));
  net.b.defaults.window = 60000;
  net.open();
  net.drop = lose(net, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  net.a.send(0, 10 * kMss);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 10 * kMss; }));
  lose_everything(net);
  net.a.send(0, 2 * kMss);
  net.run_for(Time::from_us(1));
  Segment s = from_peer(net, net.a, kAck);
  s.window = static_cast<std::uint16_t>(net.a.view(0).snd_wnd >> 5);
  s.ack = net.a.view(0).snd_una;
  for (int i = 0; i < 5; ++i) net.inject(net.a, s);
  EXPECT_EQ(net.a.view(0).duplicate_acks, 5u);
  EXPECT_EQ(net.a.view(0).fast_retransmits, 0u);
}

TEST(FastRetransmit, FirstTwoDuplicatesReleaseOneNewSegmentEach) {
  for (const bool limited : {true, false}) {
    TcpParams p = without_timestamps(false);
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

// req: I-X02, I-P0005b, I-P0036a
TEST(Sack, OnlyTheHolesAreSentAgain) {
  Net net(without_timestamps());
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
  Net net(without_timestamps());
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
  Net net(without_timestamps());
  net.open();
  net.drop = lose(net, {3, 9});
  net.a.send(0, 14600);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 14600; }));
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  EXPECT_EQ(resent(net), (std::vector<std::uint64_t>{3 * kMss, 9 * kMss}));
}

TEST(Sack, NewestBlockComesFirst) {
  Net net(without_timestamps());
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
  Net net(without_timestamps());
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
  Net net(without_timestamps());
  net.open();
  net.wire.duplicate = 1;
  net.a.send(0, 200000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 200000; }));
  EXPECT_EQ(net.a.view(0).duplicate_acks, 0u);
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

TEST(Sack, BlocksForWhatWasNeverSentAreIgnored) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 3 * kMss);
  net.run_for(Time::from_us(1));
  Segment s = reported(net, kMss, 9 * kMss);
  for (int i = 0; i < 5; ++i) net.inject(net.a, s);
  EXPECT_EQ(net.a.view(0).duplicate_acks, 0u);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 3 * kMss; }));
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

TEST(Sack, ResendThatArrivedWhileFetchedIsVoid) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 10 * kMss);
  net.drop = [](Host& from, const Packet&) { return from.records.empty(); };
  net.run_for(Time::from_us(1));
  Segment s = reported(net, 2 * kMss, 9 * kMss);
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

TEST(Sack, MarksAreForgottenAfterATimeout) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 14600);
  net.run_for(Time::from_us(1));
  Segment s = reported(net, 8 * 1460, 10 * 1460);
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
  Segment s = reported(net, 1460, 14600);
  net.inject(net.a, s);
  EXPECT_EQ(net.a[0].acknowledged, 0u);
  EXPECT_EQ(net.a.view(0).snd_una, net.a.stack.sequence_of(0, 0));
}

}  // namespace
}  // namespace vctoe::toe::test
