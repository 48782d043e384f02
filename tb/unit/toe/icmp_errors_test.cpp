// What ICMP errors do to a connection.
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

TEST(Icmp, SoftErrorsAreAdviceAndNeverAbort) {
  for (const bool open : {true, false}) {
    Net net(without_timestamps());
    reach(net, open ? S::kEstablished : S::kSynSent);
    if (open) net.a.send(0, 1000);
    net.run_for(Time::from_us(1));
    const Seq una = net.a.view(0).snd_una;
    for (const std::uint8_t code : {0, 1, 5}) net.complain(net.a, 3, code, una);
    net.complain(net.a, 11, 0, una);
    net.complain(net.a, 12, 0, una);
    EXPECT_TRUE(net.a.state(0));
    EXPECT_EQ(net.a[0].advices,
              (std::vector<Advice>{Advice::kUnreachable, Advice::kUnreachable, Advice::kUnreachable,
                                   Advice::kTimeExceeded, Advice::kParameterProblem}));
  }
}

TEST(Icmp, HardErrorsEndAnOpeningConnectionAndAreAdviceLater) {
  for (const std::uint8_t code : {2, 3}) {
    Net opening(without_timestamps());
    reach(opening, S::kSynSent);
    opening.complain(opening.a, 3, code, opening.a.view(0).iss);
    EXPECT_EQ(opening.a[0].closed, CloseReason::kUnreachable);
    Net open(without_timestamps());
    reach(open, S::kEstablished);
    open.a.send(0, 1000);
    open.run_for(Time::from_us(1));
    open.complain(open.a, 3, code, open.a.view(0).snd_una);
    EXPECT_EQ(open.a.state(0), S::kEstablished);
    EXPECT_EQ(open.a[0].advices, std::vector<Advice>{Advice::kUnreachable});
  }
}

TEST(Icmp, SourceQuenchIsIgnored) {
  Net net(without_timestamps());
  reach(net, S::kEstablished);
  net.a.send(0, 14600);
  net.run_for(Time::from_us(1));
  const ConnectionView before = net.a.view(0);
  net.complain(net.a, 4, 0, before.snd_una);
  EXPECT_EQ(net.a.view(0).cwnd, before.cwnd);
  EXPECT_TRUE(net.a[0].advices.empty());
}

TEST(Icmp, ErrorsAboutWhatIsNotOutstandingAreIgnored) {
  Net opening(without_timestamps());
  reach(opening, S::kSynSent);
  opening.complain(opening.a, 3, 3, opening.a.view(0).iss + 1);
  EXPECT_EQ(opening.a.state(0), S::kSynSent);
  Net net(without_timestamps());
  reach(net, S::kEstablished);
  net.a.send(0, 3000);
  net.run_for(Time::from_us(1));
  const ConnectionView v = net.a.view(0);
  net.complain(net.a, 3, 4, v.snd_nxt, 576);
  net.complain(net.a, 3, 4, v.snd_una - 1, 576);
  net.complain(net.a, 3, 0, v.snd_una - 1);
  EXPECT_EQ(net.a.view(0).mss, 1460u);
  EXPECT_TRUE(net.a[0].advices.empty());
}

TEST(PathMtu, TooBigLowersTheSegmentAndSendsAgainAtOnce) {
  for (const bool timestamps : {false, true}) {
    TcpParams p;
    p.timestamps = timestamps;
    Net net(p);
    net.open();
    net.a.send(0, 29200);
    // A router that lets no more than 1000 bytes through, and says so.
    net.drop = [&](Host& from, const Packet& packet) {
      const std::uint32_t options = timestamps ? 12 : 0;
      if (&from != &net.a || packet.segment.length + options + 40 <= 1000) return false;
      return true;
    };
    net.run_for(Time::from_us(1));
    const std::uint64_t cwnd = net.a.view(0).cwnd;
    const Time asked = net.now;
    net.complain(net.a, 3, 4, net.a.view(0).snd_una, 1000);
    EXPECT_EQ(net.a.view(0).mss, timestamps ? 948u : 960u);
    EXPECT_EQ(net.a.view(0).cwnd, cwnd);
    ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == 29200; }));
    EXPECT_LT(net.now - asked, Time::from_ms(1));
    EXPECT_EQ(net.a.view(0).timeouts, 0u);
  }
}

TEST(PathMtu, IsHeededBeforeTheHandshakeIsOver) {
  Net net(without_timestamps());
  net.b.stack.listen(80, 0);
  lose_everything(net);
  Segment syn = addressed_to(net, net.b, kSyn);
  syn.has_mss = true;
  syn.mss = 1460;
  net.inject(net.b, syn);
  net.complain(net.b, 3, 4, net.b.view(0).iss, 1000);
  net.inject(net.b, [&] {
    Segment ack = from_peer(net, net.b, kAck);
    ack.seq = syn.seq + 1;
    return ack;
  }());
  EXPECT_EQ(net.b.state(0), S::kEstablished);
  EXPECT_EQ(net.b.view(0).mss, 960u);
  Net opening(without_timestamps());
  reach(opening, S::kSynSent);
  opening.complain(opening.a, 3, 4, opening.a.view(0).iss, 1000);
  Segment reply = addressed_to(opening, opening.a, kSyn | kAck);
  reply.ack = opening.a.view(0).iss + 1;
  reply.has_mss = true;
  reply.mss = 1460;
  opening.inject(opening.a, reply);
  EXPECT_EQ(opening.a.view(0).mss, 960u);
}

TEST(PathMtu, NeverRisesAndHasAFloor) {
  Net net(without_timestamps());
  reach(net, S::kEstablished);
  net.a.send(0, 29200);
  net.run_for(Time::from_us(1));
  const Seq una = net.a.view(0).snd_una;
  net.complain(net.a, 3, 4, una, 1000);
  net.complain(net.a, 3, 4, una, 9000);
  EXPECT_EQ(net.a.view(0).mss, 960u);
  net.complain(net.a, 3, 4, una, 0);  // RFC 1191 section 5
  EXPECT_EQ(net.a.view(0).mss, 536u);
  net.complain(net.a, 3, 4, una, 1);
  EXPECT_GE(net.a.view(0).mss, 28u);
}

}  // namespace
}  // namespace vctoe::toe::test
