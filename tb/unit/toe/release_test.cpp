// Releasing a connection, with data unread or without; options that its user sets.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TEST(Release, UnreadDataIsToldByAReset) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(1));
  net.b.stack.release(0, 400, net.now);
  EXPECT_EQ(net.b[0].closed, CloseReason::kAborted);
  net.run_for(Time::from_ms(1));
  EXPECT_EQ(net.a[0].closed, CloseReason::kReset);
  EXPECT_EQ(net.b.sent.back().segment.seq, net.b.sent[0].segment.seq + 1);
}

TEST(Release, DataThatArrivesLaterIsToldByAReset) {
  Net net(without_timestamps());
  net.open();
  net.b.stack.release(0, 0, net.now);
  net.run_for(Time::from_ms(1));
  EXPECT_EQ(net.b.state(0), S::kFinWait2);
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(1));
  EXPECT_EQ(net.a[0].closed, CloseReason::kReset);
  EXPECT_EQ(net.b[0].closed, CloseReason::kAborted);
  EXPECT_EQ(net.b[0].placed_bytes, 0u);
}

TEST(Release, NothingUnreadClosesInOrder) {
  Net net(without_timestamps());
  net.b.defaults.closes_back = true;
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(1));
  net.a.stack.release(0, 0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed && net.b[0].closed; }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kOrderly);
  EXPECT_EQ(*net.b[0].closed, CloseReason::kOrderly);
  EXPECT_EQ(net.b[0].received, 1000u);
}

TEST(Options, NagleIsSwitchedForOneConnection) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.set_nagle(0, false, net.now);
  net.a.send(0, 10);
  net.run_for(Time::from_us(1));
  net.a.send(0, 20);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.payload_segments, 2u);
}

TEST(Options, LargestSegmentOfTheUserIsOfferedAndKept) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  EXPECT_TRUE(net.a.stack.connect(0, 1000, Net::kIpB, 80, net.now));
  net.a.stack.set_max_segment(0, 700, net.now);
  net.a.grant(0, 1 << 20);
  ASSERT_TRUE(net.run([&] { return net.b.state(0) == S::kEstablished; }));
  EXPECT_EQ(net.a.sent[0].segment.mss, 700u);
  EXPECT_EQ(net.a.view(0).mss, 700u);
  EXPECT_EQ(net.b.view(0).mss, 700u);
  net.b.stack.set_max_segment(0, 600, net.now);
  EXPECT_EQ(net.b.view(0).mss, 600u);
}

TEST(Options, SendBufferBoundsTheFlight) {
  TcpParams p = without_timestamps();
  p.send_buffer = sim::Bytes{5000};
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 100000);
  net.run_for(Time::from_us(1));
  EXPECT_EQ(net.a.view(0).snd_wnd, 5000u);
  EXPECT_LE(net.a.view(0).snd_nxt - net.a.view(0).snd_una, 5000);
  EXPECT_GE(net.a.view(0).snd_nxt - net.a.view(0).snd_una, 3 * 1460);
}

TEST(Options, TtlAndDiffservStandInEverySegment) {
  TcpParams p = without_timestamps();
  p.ttl = 17;
  p.diffserv = 10;
  Net net(p);
  net.open();
  net.a.send(0, 10000);
  net.run_for(Time::from_ms(1));
  net.inject(net.b, addressed_to(net, net.b, kAck));
  Segment stray = addressed_to(net, net.b, kAck);
  stray.tuple.remote_port = 7777;  // of no connection: the reset too
  net.inject(net.b, stray);
  net.run_for(Time::from_ms(1));
  ASSERT_TRUE(net.b.sent.back().segment.has(kRst));
  for (const Host* host : {&net.a, &net.b}) {
    for (const Packet& packet : host->sent) {
      EXPECT_EQ(packet.segment.ttl, 17);
      EXPECT_EQ(packet.segment.diffserv, 10);
    }
  }
}

TEST(Options, DiffservOfTheUserIsThatOfTheSegmentsFromThenOn) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(1));
  net.a.stack.set_diffserv(0, 46, net.now);
  for (const Packet& packet : net.a.sent) EXPECT_EQ(packet.segment.diffserv, 0);
  net.a.sent.clear();
  net.a.send(0, 5000);
  net.run_for(Time::from_ms(1));
  net.a.stack.abort(0, net.now);
  net.run_for(Time::from_ms(1));
  ASSERT_TRUE(net.a.sent.back().segment.has(kRst));
  for (const Packet& packet : net.a.sent) EXPECT_EQ(packet.segment.diffserv, 46);
}

TEST(Options, RetriesOfTheUserEndTheConnection) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.set_retries(0, 2, net.now);
  lose_everything(net);
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a.payload_segments, 3u);
}

}  // namespace
}  // namespace vctoe::toe::test
