// Congestion control: by itself, and of a connection.
#include <cmath>

#include "models/nic/toe/cubic.h"
#include "models/nic/toe/reno.h"
#include "tb/unit/toe/peer.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

// ---- by itself ----------------------------------------------------------------------------------

TEST(Reno, GrowsBySegmentsOfAcknowledgedBytes) {
  Reno reno;
  CongestionWindow w{14600, 14600, 1460};
  for (int i = 0; i < 5; ++i) reno.grow(w, 2920, {}, {});  // one window, in delayed steps
  EXPECT_EQ(w.cwnd, 16060u);
  for (int i = 0; i < 55; ++i) reno.grow(w, 1460, {}, {});
  EXPECT_EQ(w.cwnd, 16060u + 4 * 1460);                    // 11 + 12 + 13 + 14 segments, and 5 over
  for (int i = 0; i < 9; ++i) reno.grow(w, 1460, {}, {});  // 5 + 9: one short of the next
  EXPECT_EQ(w.cwnd, 16060u + 4 * 1460);
  reno.grow(w, 2920, {}, {});  // 16: a step, and one over
  EXPECT_EQ(w.cwnd, 16060u + 5 * 1460);
  for (int i = 0; i < 15; ++i) reno.grow(w, 1460, {}, {});
  EXPECT_EQ(w.cwnd, 16060u + 6 * 1460);
  EXPECT_EQ(reno.reduce(w, 29200), 14600u);
  EXPECT_EQ(reno.reduce(w, 1460), 2920u);  // never below two segments
  CongestionWindow slow{1460, UINT64_MAX, 1460};
  reno.grow(slow, 4380, {}, {});
  EXPECT_EQ(slow.cwnd, 2920u);  // at most a segment each acknowledgement
}

/// The window after `seconds` of acknowledgements for a window every round trip of `rtt`.
double cubic_after(Cubic& cubic, CongestionWindow& w, double seconds, Time rtt) {
  Time now = Time::from_s(1);
  const Time end = now + Time::from_ns_f(seconds * 1e9);
  while (now < end) {
    const std::uint64_t segments = w.cwnd / w.mss;
    for (std::uint64_t i = 0; i < segments; ++i) {
      cubic.grow(w, w.mss, rtt, now + rtt * i / segments);
    }
    now += rtt;
  }
  return static_cast<double>(w.cwnd) / w.mss;
}

TEST(Cubic, FollowsTheCurveOfTheRfc) {
  // Long round trips, where the cubic and not the Reno-friendly window decides (RFC 9438 5.1).
  Cubic cubic;
  CongestionWindow w{1'000'000, 1, 1000};  // 1000 segments
  const std::uint64_t reduced = cubic.reduce(w, 1'000'000);
  EXPECT_EQ(reduced, 700000u);
  w.cwnd = w.ssthresh = reduced;
  const double k = std::cbrt(300 / 0.4);  // 9.09 s back to 1000 segments
  for (const double t : {3.0, 6.0}) {
    Cubic again = cubic;
    CongestionWindow v = w;
    const double expected = 0.4 * std::pow(t - k, 3) + 1000;
    // The window aims a round trip ahead and moves in whole round trips.
    EXPECT_NEAR(cubic_after(again, v, t, Time::from_ms(100)), expected, 0.02 * expected) << t;
  }
  EXPECT_NEAR(cubic_after(cubic, w, k, Time::from_ms(100)), 1000, 2);
}

TEST(Cubic, IsNotSlowerThanRenoOnShortRoundTrips) {
  Cubic cubic;
  CongestionWindow w{100'000, 1, 1000};
  w.cwnd = w.ssthresh = cubic.reduce(w, 100'000);
  // alpha = 3 (1 - 0.7) / (1 + 0.7) segments a round trip: 0.529 (section 4.3); 50 round trips of 1
  // ms, in which the curve itself moves by less than a segment.
  EXPECT_NEAR(cubic_after(cubic, w, 0.05, Time::from_ms(1)), 70 + 50 * 0.529, 1.5);
}

TEST(Cubic, GivesUpShareIfTheWindowShrinksTwice) {
  const auto regrown = [](double first, double second) {
    Cubic cubic;
    CongestionWindow w{static_cast<std::uint64_t>(first) * 1000, 1, 1000};
    w.ssthresh = cubic.reduce(w, w.cwnd);
    w.cwnd = static_cast<std::uint64_t>(second) * 1000;
    w.cwnd = w.ssthresh = cubic.reduce(w, w.cwnd);
    return cubic_after(cubic, w, 7.0, Time::from_ms(100));
  };
  // Fast convergence (section 4.7): the plateau is at 0.85 of the second, lower window.
  EXPECT_LT(regrown(1000, 900), regrown(800, 900) - 50);
}

TEST(Cubic, StartsAtItsPlateauAfterATimeout) {
  Cubic cubic;
  CongestionWindow w{1'000'000, 1, 1000};
  w.ssthresh = cubic.reduce(w, w.cwnd);
  cubic.restart();
  w.cwnd = w.ssthresh;
  // Section 4.8: K is 0, so half a second of 0.4 t^3 moves nothing, where the old curve would
  // climb.
  EXPECT_NEAR(cubic_after(cubic, w, 0.5, Time::from_ms(100)), 700, 5);
}

// ---- of a connection ----------------------------------------------------------------------------

TEST(Congestion, SlowStartThenAvoidance) {
  TcpParams p = without_timestamps();
  p.delayed_ack_count = 1;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 100 << 20;
  net.open();
  net.a.send(0, 100 << 20);
  net.run_for(Time::from_ms(1));
  std::uint64_t cwnd = net.a.view(0).cwnd;
  EXPECT_EQ(cwnd, 14600u);
  for (int i = 0; i < 3; ++i) {
    net.run_for(Time::from_ms(10));
    EXPECT_EQ(net.a.view(0).cwnd, 2 * cwnd);
    cwnd = net.a.view(0).cwnd;
  }
  int lost = 0;
  net.drop = [&](Host& from, const Packet& q) {
    return &from == &net.a && q.segment.length > 0 && lost++ == 0;
  };
  net.run_for(Time::from_ms(40));
  cwnd = net.a.view(0).cwnd;
  EXPECT_EQ(net.a.view(0).fast_retransmits, 1u);
  net.run_for(Time::from_ms(100));
  // One segment a round trip; a round trip more or less at the ends.
  EXPECT_NEAR(static_cast<double>(net.a.view(0).cwnd - cwnd), 10 * kMss, 1460);
}

TEST(Congestion, CubicKeepsMoreAfterALossAndGrowsBack) {
  TcpParams p = without_timestamps();
  p.congestion = CongestionKind::kCubic;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 1 << 20;
  net.keep = false;
  net.open();
  net.a.send(0, 400 << 20);
  net.run_for(Time::from_ms(75));
  int lost = 0;
  net.drop = [&](Host& from, const Packet& q) {
    return &from == &net.a && q.segment.length > 0 && lost++ == 0;
  };
  double flight = 0;  // before the loss is noticed
  ASSERT_TRUE(net.run([&] {
    const ConnectionView v = net.a.view(0);
    if (v.fast_retransmits == 0) flight = v.snd_nxt - v.snd_una;
    return v.fast_retransmits == 1;
  }));
  EXPECT_NEAR(static_cast<double>(net.a.view(0).ssthresh), 0.7 * flight, 0.02 * flight);
  net.run_for(Time::from_ms(15));
  EXPECT_EQ(net.a.view(0).timeouts, 0u);
  const std::uint64_t reduced = net.a.view(0).cwnd;
  net.run_for(Time::from_s(3));
  EXPECT_GT(net.a.view(0).cwnd, reduced * 5 / 4);
}

TEST(Congestion, AvoidanceAddsOneSegmentForAWindow) {
  TcpParams p = without_timestamps();
  p.delayed_ack_count = 1;
  Net net(p, {Time::from_ms(5)});
  net.b.defaults.window = 8 << 20;
  net.open();
  net.a.send(0, 64 << 20);
  net.drop = [&, n = 0](Host& from, const Packet& q) mutable {
    return &from == &net.a && q.segment.length > 0 && n++ == 300;
  };
  ASSERT_TRUE(net.run([&] { return net.a.view(0).fast_retransmits == 1; }));
  net.run_for(Time::from_ms(50));
  const std::uint64_t cwnd = net.a.view(0).cwnd;
  net.run_for(Time::from_ms(200));  // 20 round trips
  EXPECT_LE(net.a.view(0).cwnd - cwnd, 21 * kMss);
  EXPECT_GE(net.a.view(0).cwnd - cwnd, 19 * kMss);
}

TEST(Congestion, InitialWindowIsThatOfRfc6928ForEverySegmentSize) {
  for (const std::uint64_t mss : {536u, 1460u, 5000u, 8960u}) {
    TcpParams p = without_timestamps();
    p.mss = mss;
    Net net(p);
    net.open();
    EXPECT_EQ(net.a.view(0).cwnd,
              std::min<std::uint64_t>(10 * mss, std::max<std::uint64_t>(2 * mss, 14600)));
  }
}

}  // namespace
}  // namespace vctoe::toe::test
