// What tb/fuzz has found, each as a test of its own.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

TEST(FoundByFuzzing, PayloadFromFarBeforeTheStreamIsNotTakenForTheWholeWindow) {
  Net net(without_timestamps());
  net.open();
  net.a.send(0, 100);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 100; }));
  for (const std::uint32_t back : {103u, 5000u, 1u << 20, (1u << 31) - 1}) {
    Segment s = from_peer(net, net.b, kAck);
    const Seq before = s.seq;
    s.seq = s.seq - back;
    s.length = 1;
    net.inject(net.b, s, 0);
    EXPECT_EQ(net.b.view(0).rcv_nxt, before) << back;
    EXPECT_EQ(net.b[0].received, 100u) << back;
  }
}

TEST(FoundByFuzzing, AnAcknowledgementOfASynThatHasNotLeftIsRefused) {
  struct Nobody : StackListener {
    void accepted(ConnectionId, const FourTuple&) override {}
    void established(ConnectionId, Seq) override { up = true; }
    void state_changed(ConnectionId, State) override {}
    void acknowledged(ConnectionId, std::uint64_t) override {}
    void place(ConnectionId, std::uint64_t, std::uint32_t, std::uint32_t) override {}
    void received(ConnectionId, std::uint64_t) override {}
    void peer_closed(ConnectionId) override {}
    void rto_expired(ConnectionId, Seq) override {}
    void closed(ConnectionId, CloseReason) override {}
    bool up = false;
  } nobody;
  TcpParams p = without_timestamps();
  p.isn_fixed = true;
  p.isn = 1000;
  const sim::Time now = sim::Time::from_us(1);
  Stack stack(p, Net::kIpB, 1, nobody);
  ASSERT_TRUE(stack.listen(80, 0, 1));
  Segment s;
  s.tuple = {Net::kIpB, Net::kIpA, 80, 1000};
  s.flags = kSyn;
  s.window = 1000;
  stack.input(s, now);
  s.flags = kAck;  // guessed: the SYN-ACK is still to be sent
  s.seq = {1};
  s.ack = {1001};
  stack.input(s, now);
  EXPECT_FALSE(nobody.up);
  EXPECT_EQ(stack.view(0)->state, State::kSynReceived);
}

}  // namespace
}  // namespace vctoe::toe::test
