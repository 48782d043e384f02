// Explicit congestion notification (RFC 3168).
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

TcpParams with_ecn() {
  TcpParams p = without_timestamps();
  p.ecn = true;
  return p;
}

TEST(Ecn, IsAgreedInTheHandshakeIfBothWantIt) {
  for (const bool a : {false, true}) {
    for (const bool b : {false, true}) {
      Net net(a ? with_ecn() : without_timestamps(), b ? with_ecn() : without_timestamps(), {}, 1);
      net.open();
      const std::uint8_t mask = kEce | kCwr;
      EXPECT_EQ(net.a.sent[0].segment.flags & mask, a ? mask : 0);
      EXPECT_EQ(net.b.sent[0].segment.flags & mask, a && b ? kEce : 0);
      EXPECT_EQ(net.a.view(0).ecn, a && b);
      EXPECT_EQ(net.b.view(0).ecn, a && b);
      EXPECT_EQ(net.a.sent[0].segment.ecn, Ecn::kNotCapable);  // no SYN is capable
      EXPECT_EQ(net.b.sent[0].segment.ecn, Ecn::kNotCapable);
    }
  }
}

TEST(Ecn, ReflectedFlagsOfAnOldPeerAreNoAgreement) {
  Net net(with_ecn());
  reach(net, State::kSynSent);
  Segment reply = addressed_to(net, net.a, kSyn | kAck | kEce | kCwr);
  reply.ack = net.a.view(0).iss + 1;
  net.inject(net.a, reply);
  ASSERT_EQ(net.a.state(0), State::kEstablished);
  EXPECT_FALSE(net.a.view(0).ecn);
}

TEST(Ecn, SynThatIsSentAgainDoesNotAsk) {
  Net net(with_ecn());
  int lost = 0;
  net.drop = [&](Host&, const Packet& p) { return p.segment.has(kSyn) && lost++ < 1; };
  net.open();
  EXPECT_EQ(net.a.sent[1].segment.flags, kSyn);
  EXPECT_FALSE(net.a.view(0).ecn);
}

TEST(Ecn, PassiveSideForgetsAnOfferThatIsNotRepeated) {
  Net net(with_ecn());
  net.b.stack.listen(80, 0);
  lose_everything(net);
  Segment syn = addressed_to(net, net.b, kSyn | kEce | kCwr);
  net.inject(net.b, syn);
  EXPECT_EQ(net.b.sent.back().segment.flags, kSyn | kAck | kEce);
  syn.flags = kSyn;
  net.inject(net.b, syn);
  EXPECT_EQ(net.b.sent.back().segment.flags, kSyn | kAck);
  EXPECT_FALSE(net.b.view(0).ecn);
}

TEST(Ecn, OnlyFirstTransmissionsOfDataAreCapable) {
  Net net(with_ecn());
  net.open();
  int count = 0;
  net.drop = [&](Host& from, const Packet& p) {
    return &from == &net.a && p.segment.length > 0 && !p.retransmit && count++ == 3;
  };
  net.a.send(0, 29200);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 29200; }));
  ASSERT_GT(net.a.view(0).retransmits, 0u);
  for (const Packet& p : net.a.sent) {
    const bool capable = p.segment.length > 0 && !p.retransmit;
    EXPECT_EQ(p.segment.ecn, capable ? Ecn::kCapable0 : Ecn::kNotCapable);
  }
  for (const Packet& p : net.b.sent) EXPECT_EQ(p.segment.ecn, Ecn::kNotCapable);
}

TEST(Ecn, MarkIsEchoedUntilTheSenderSaysThatItReduced) {
  Net net(with_ecn());
  net.open();
  lose_everything(net);
  Segment text = from_peer(net, net.b, kAck | kPsh, 100);
  text.ecn = Ecn::kExperienced;
  net.inject(net.b, text, 0);
  EXPECT_TRUE(net.b.sent.back().segment.has(kEce));
  text = from_peer(net, net.b, kAck | kPsh, 100);
  text.ecn = Ecn::kCapable0;
  net.inject(net.b, text, 100);
  EXPECT_TRUE(net.b.sent.back().segment.has(kEce));  // still
  text = from_peer(net, net.b, kAck | kPsh | kCwr, 100);
  net.inject(net.b, text, 200);
  EXPECT_FALSE(net.b.sent.back().segment.has(kEce));
  text = from_peer(net, net.b, kAck | kPsh | kCwr, 100);
  text.ecn = Ecn::kExperienced;  // marked again
  net.inject(net.b, text, 300);
  EXPECT_TRUE(net.b.sent.back().segment.has(kEce));
}

TEST(Ecn, MarkOutsideTheWindowIsNotBelieved) {
  Net net(with_ecn());
  net.open();
  lose_everything(net);
  Segment text = from_peer(net, net.b, kAck, 100);
  text.seq = text.seq - 1000;
  text.ecn = Ecn::kExperienced;
  net.inject(net.b, text, 0);
  EXPECT_FALSE(net.b.sent.back().segment.has(kEce));
}

TEST(Ecn, EchoHalvesTheWindowOnceForAWindowOfData) {
  Net net(with_ecn());
  net.open();
  lose_everything(net);
  net.a.send(0, 100000);
  net.run_for(Time::from_us(1));
  ASSERT_EQ(net.a.view(0).cwnd, 14600u);
  net.a.sent.clear();
  Segment echo = from_peer(net, net.a, kAck | kEce);
  for (std::uint32_t i = 1; i <= 9; ++i) {
    echo.ack = net.a.stack.sequence_of(0, i * 1460);
    net.inject(net.a, echo);
    EXPECT_EQ(net.a.view(0).cwnd, 7300u) << i;  // neither halved again nor grown
  }
  EXPECT_EQ(net.a.view(0).ecn_reductions, 1u);
  EXPECT_EQ(net.a.view(0).ssthresh, 7300u);
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
  ASSERT_FALSE(net.a.sent.empty());
  for (std::size_t i = 0; i < net.a.sent.size(); ++i) {
    EXPECT_EQ(net.a.sent[i].segment.has(kCwr), i == 0);  // on the first new segment
  }
  echo.ack = net.a.view(0).snd_nxt;  // all that is new was sent after the reduction
  net.inject(net.a, echo);
  EXPECT_EQ(net.a.view(0).ecn_reductions, 2u);
}

TEST(Ecn, LossIsToldTooAndCountsAsTheReduction) {
  Net net(with_ecn());
  net.open();
  int count = 0;
  net.drop = [&](Host& from, const Packet& p) {
    return &from == &net.a && p.segment.length > 0 && !p.retransmit && count++ == 3;
  };
  net.a.send(0, 60000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 60000; }));
  std::size_t told = 0;
  for (const Packet& p : net.a.sent) told += p.segment.has(kCwr) && p.segment.length > 0 ? 1 : 0;
  EXPECT_EQ(told, 1u);
  EXPECT_EQ(net.a.view(0).ecn_reductions, 0u);
}

TEST(Ecn, WithoutAgreementNothingIsEchoedOrBelieved) {
  Net net(without_timestamps());
  net.open();
  lose_everything(net);
  net.a.send(0, 14600);
  net.run_for(Time::from_us(1));
  net.inject(net.a, from_peer(net, net.a, kAck | kEce));
  EXPECT_EQ(net.a.view(0).ecn_reductions, 0u);
  Segment text = from_peer(net, net.a, kAck | kPsh, 100);
  text.ecn = Ecn::kExperienced;
  net.inject(net.a, text, 0);
  EXPECT_FALSE(net.a.sent.back().segment.has(kEce));
}

TEST(Ecn, MarkedBulkTransferNeedsNoResend) {
  WireParams wire;
  wire.gbps = 10;
  wire.mark = 0.01;
  Net net(with_ecn(), wire, 1);
  net.open();
  net.a.send(0, 3000000);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 3000000; }));
  EXPECT_GT(net.a.view(0).ecn_reductions, 3u);
  EXPECT_EQ(net.a.view(0).retransmits, 0u);
}

}  // namespace
}  // namespace vctoe::toe::test
