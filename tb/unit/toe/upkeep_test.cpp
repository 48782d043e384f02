// Keep-alive, giving up, ICMP errors, unread data, and options of one connection.
#include <algorithm>

#include "models/nic/toe/initial_sequence.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using S = State;
using sim::Time;

// ---- keep-alive ---------------------------------------------------------------------------------

TcpParams with_keepalive() {
  TcpParams p = without_timestamps();
  p.keepalive = true;
  return p;
}

TEST(Keepalive, IsOffUnlessAskedFor) {
  Net net(without_timestamps());
  net.open();
  net.run_for(Time::from_ms(100));
  const std::size_t before = net.a.sent.size();
  net.run_for(Time::from_s(100000));
  EXPECT_EQ(net.a.sent.size(), before);
  EXPECT_EQ(net.a.stack.next_timer(), Time::never());
}

TEST(Keepalive, ProbesAfterTwoHoursOfSilenceWithoutData) {
  Net net(with_keepalive(), without_timestamps(), {}, 1);
  net.open();
  net.a.send(0, 1000);
  net.run_for(Time::from_s(1000));
  net.b.send(0, 1000);  // the silence begins anew
  net.run_for(Time::from_ms(100));
  const Time heard = net.now;
  net.a.sent.clear();
  net.run_for(Time::from_s(7199));
  EXPECT_TRUE(net.a.sent.empty());
  net.run_for(Time::from_s(2));
  ASSERT_EQ(net.a.sent.size(), 1u);
  EXPECT_EQ(net.a.sent[0].segment.length, 0u);
  EXPECT_EQ(net.a.sent[0].segment.seq, net.a.view(0).snd_nxt - 1);
  EXPECT_LT(heard, net.now);
  net.run_for(Time::from_s(36000));  // answered: one every two hours
  EXPECT_EQ(net.a.sent.size(), 6u);
  EXPECT_EQ(net.a.state(0), S::kEstablished);
}

TEST(Keepalive, ToleratesLostAnswersAndEndsADeadConnection) {
  Net net(with_keepalive(), without_timestamps(), {}, 1);
  net.open();
  int lost = 0;
  net.drop = [&](Host& from, const Packet&) { return &from == &net.b && lost++ < 8; };
  net.run_for(Time::from_s(7200 + 9 * 75));
  EXPECT_EQ(net.a.state(0), S::kEstablished);  // eight answers lost, the ninth came
  lose_everything(net);
  net.a.sent.clear();
  std::vector<Time> times;
  net.drop = [&](Host& from, const Packet&) {
    if (&from == &net.a) times.push_back(net.now);
    return true;
  };
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  ASSERT_EQ(times.size(), 10u);  // nine probes and the reset
  for (std::size_t i = 1; i < times.size(); ++i) {
    EXPECT_EQ(times[i] - times[i - 1], Time::from_s(75));
  }
  EXPECT_TRUE(net.a.sent.back().segment.has(kRst));
}

TEST(Keepalive, IntervalIsThatOfTheParameter) {
  TcpParams p = without_timestamps();
  p.keepalive = true;
  p.keepalive_idle = Time::from_s(10);
  Net net(p);
  net.open();
  net.run_for(Time::from_ms(1));
  net.a.sent.clear();
  net.run_for(Time::from_s(9));
  EXPECT_EQ(net.a.sent.size(), 0u);
  net.run_for(Time::from_s(2));
  EXPECT_GE(net.a.sent.size(), 1u);
}

TEST(Keepalive, LeavesUnacknowledgedDataToItsOwnClock) {
  TcpParams p = with_keepalive();
  p.keepalive_idle = Time::from_ms(50);
  Net net(p, without_timestamps(), {}, 1);
  net.open();
  lose_everything(net);
  net.a.send(0, 1000);
  net.run_for(Time::from_ms(199));
  EXPECT_EQ(net.a.payload_segments, 1u);
  EXPECT_EQ(net.a.sent.back().segment.length, 1000u);  // no probe behind it
}

TEST(Keepalive, IsSwitchedForOneConnection) {
  Net net(without_timestamps());
  net.open();
  net.a.stack.set_keepalive(0, true, net.now);
  net.run_for(Time::from_ms(100));
  net.a.sent.clear();
  net.run_for(Time::from_s(7201));
  EXPECT_EQ(net.a.sent.size(), 1u);
  net.a.stack.set_keepalive(0, false, net.now);
  net.run_for(Time::from_s(20000));
  EXPECT_EQ(net.a.sent.size(), 1u);
}

// ---- giving up ----------------------------------------------------------------------------------

TEST(GivingUp, TellsTheUserAtR1AndClosesAtR2) {
  TcpParams p = without_timestamps();
  p.report_retries = 2;
  p.data_retries = 4;
  Net net(p);
  net.open();
  lose_everything(net);
  net.a.send(0, 1000);
  ASSERT_TRUE(net.run([&] { return !net.a[0].advices.empty(); }));
  EXPECT_EQ(net.a.view(0).timeouts, 2u);
  EXPECT_EQ(net.a[0].advices[0], Advice::kRetransmissions);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a[0].advices.size(), 1u);
  EXPECT_EQ(net.a.payload_segments, 5u);
}

TEST(GivingUp, HoldsForSynsToo) {
  TcpParams p = without_timestamps();
  p.report_retries = 2;
  p.syn_retries = 4;
  Net net(p);
  lose_everything(net);
  net.connect(net.a, 0, 1000, 80);
  ASSERT_TRUE(net.run([&] { return net.a[0].closed.has_value(); }));
  EXPECT_EQ(net.a[0].advices, std::vector<Advice>{Advice::kRetransmissions});
  EXPECT_EQ(*net.a[0].closed, CloseReason::kTimedOut);
  EXPECT_EQ(net.a.sent.size(), 5u);
}

TEST(GivingUp, TakesLongEnoughByDefault) {
  Net data(without_timestamps());
  data.open();
  lose_everything(data);
  data.a.send(0, 1000);
  Time from = data.now;
  ASSERT_TRUE(data.run([&] { return data.a[0].closed.has_value(); }));
  EXPECT_GE(data.now - from, Time::from_s(100));  // SHLD-11
  Net syn(without_timestamps());
  lose_everything(syn);
  syn.connect(syn.a, 0, 1000, 80);
  ASSERT_TRUE(syn.run([&] { return syn.a[0].closed.has_value(); }));
  EXPECT_GE(syn.now, Time::from_s(180));      // MUST-23
  EXPECT_GE(TcpParams{}.report_retries, 3u);  // SHLD-10
}

// ---- ICMP ---------------------------------------------------------------------------------------

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

// ---- unread data --------------------------------------------------------------------------------

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

// ---- options of one connection ------------------------------------------------------------------

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

// ---- urgent data (RFC 9293 3.8.5) ---------------------------------------------------------------

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
  net.b.defaults.window = 4096;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, 4096);
  net.run_for(Time::from_s(1));
  Segment fill = from_peer(net, net.b, kAck, static_cast<std::uint32_t>(net.b.view(0).rcv_wnd));
  if (fill.length > 0) net.inject(net.b, fill, net.b[0].received);
  ASSERT_EQ(net.b.view(0).rcv_wnd, 0u);
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

// ---- initial sequence numbers -------------------------------------------------------------------

TEST(InitialSequence, IsSipHashOfTheTuple) {
  // Reference vectors of SipHash-2-4: key 00..0f, input 00..07 and 00..0f.
  const SipKey key{0x0706050403020100, 0x0f0e0d0c0b0a0908};
  using One = std::array<std::uint64_t, 1>;
  using Two = std::array<std::uint64_t, 2>;
  EXPECT_EQ(sip_hash(One{0x0706050403020100}, key), 0x93f5f5799a932462u);
  EXPECT_EQ(sip_hash(Two{0x0706050403020100, 0x0f0e0d0c0b0a0908}, key), 0x3f2acc7f57c29bdbu);
}

TEST(InitialSequence, FollowsAClockOfFourMicrosecondsAndTheTuple) {
  const TcpParams p;
  const SipKey key{1, 2};
  const FourTuple t{1, 2, 3, 4};
  const Seq first = initial_sequence(p, t, key, Time::from_s(1));
  EXPECT_EQ(initial_sequence(p, t, key, Time::from_s(1) + Time::from_us(400)) - first, 100);
  const FourTuple other{1, 2, 3, 5};
  EXPECT_NE(initial_sequence(p, other, key, Time::from_s(1)), first);
  EXPECT_NE(initial_sequence(p, t, {1, 3}, Time::from_s(1)), first);
  Net one(without_timestamps()), two(without_timestamps(), without_timestamps(), {}, 2);
  reach(one, S::kSynSent);
  reach(two, S::kSynSent);
  EXPECT_NE(one.a.view(0).iss, two.a.view(0).iss);  // the key is the stack's
}

// ---- window updates -----------------------------------------------------------------------------

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

}  // namespace
}  // namespace vctoe::toe::test
