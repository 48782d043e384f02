// Urgent data (RFC 9293 3.8.5).
#include <algorithm>

#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

TEST(Urgent, PointerStandsBehindTheLastUrgentByteOfEverySegmentBeforeIt) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 4000);
  net.a.stack.set_urgent(0, net.now);
  net.a.send(0, 4000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 8000; }));
  const Seq end = net.a.stack.sequence_of(0, 4000);
  for (const Packet& p : net.a.sent) {
    if (p.segment.has(kSyn) || p.segment.length == 0) continue;
    EXPECT_EQ(p.segment.has(kUrg), p.segment.seq < end);
    EXPECT_TRUE(!p.segment.has(kUrg) || p.segment.seq + p.segment.urgent == end);
  }
  EXPECT_EQ(net.b[0].urgent, std::vector<std::uint64_t>{4000});  // told once
}

TEST(Urgent, DataMayBeOfAnyLength) {
  Net net(without_timestamps());
  net.b.defaults.window = 1 << 20;
  net.open();
  net.a.send(0, 300000);
  net.a.stack.set_urgent(0, net.now);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 300000; }));
  const auto& told = net.b[0].urgent;
  ASSERT_GT(told.size(), 2u);
  EXPECT_TRUE(std::is_sorted(told.begin(), told.end()));
  EXPECT_EQ(told.front(), 65535u);  // as far as the field can say
  EXPECT_EQ(told.back(), 300000u);
}

TEST(Urgent, UserHearsOfItBeforeTheBytesComeAndOnlyOfWhatIsNew) {
  Net net(without_timestamps());
  net.open();
  Segment s = from_peer(net, net.b, kAck | kUrg, 100);
  s.urgent = 5000;
  net.inject(net.b, s, 0);
  EXPECT_EQ(net.b[0].urgent, std::vector<std::uint64_t>{5000});
  EXPECT_EQ(net.b[0].received, 100u);
  s = from_peer(net, net.b, kAck | kUrg, 100);
  s.urgent = 10;  // behind what is known
  net.inject(net.b, s, 100);
  EXPECT_EQ(net.b[0].urgent.size(), 1u);
  EXPECT_EQ(net.b[0].received, 200u) << "the bytes are in band";
}

TEST(Urgent, IsReadWhileTheOwnWindowIsShutAndToldToAShutPeer) {
  Net net(without_timestamps());
  shut_window(net, 4096);
  Segment s = from_peer(net, net.b, kAck | kUrg, 10);
  s.urgent = 700;
  net.inject(net.b, s, 4096);
  ASSERT_EQ(net.b[0].urgent.size(), 1u);
  EXPECT_EQ(net.b[0].urgent[0], net.b[0].received + 700);
  // The other way: a peer with a shut window hears of the pointer without a byte.
  Segment shut = from_peer(net, net.a, kAck);
  shut.window = 0;
  net.inject(net.a, shut);
  net.a.send(0, 500);
  net.a.sent.clear();
  net.a.stack.set_urgent(0, net.now);
  net.run_for(Time::from_us(1));
  ASSERT_EQ(net.a.sent.size(), 1u);
  EXPECT_TRUE(net.a.sent[0].segment.has(kUrg));
  EXPECT_EQ(net.a.sent[0].segment.length, 0u);
}

}  // namespace
}  // namespace vctoe::toe::test
