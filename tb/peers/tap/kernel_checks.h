// What every exchange with the kernel has to show.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "sw/bridge/namespace.h"
#include "tb/judge/capture_check.h"
#include "tb/peers/tap/kernel_peer.h"

namespace vctoe::peers {

/// 1 ms each way; `loss` in both directions, with late frames that others overtake.
inline net::LinkParams lossy(double loss) {
  net::LinkParams w;
  w.loss.kind = net::LossKind::kBernoulli;
  w.loss.probability = loss;
  w.delay = sim::Time::from_ms(1);
  w.reorder.probability = 0.02;
  w.reorder.delay = sim::Time::from_ms(1);
  return w;
}

inline std::string running_test() {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  return std::string(info->test_suite_name()) + "." + info->name();
}

inline void judge(const Exchange& e, const Outcome& o) {
  judge::Expectations expected = judge::captured_at({"10.0.0.1"});
  expected.reorders = e.wire.reorder.probability > 0;
  // What comes late to a connection that is over is answered with a reset (RFC 9293 3.10.7.1).
  expected.no_resets = e.wire.reorder.probability == 0;
  expected.streams = o.sent;
  judge::judge_capture(e.pcap, expected);
}

/// Every byte arrived, whatever the clocks did.
inline void expect_whole(const Outcome& o) {
  ASSERT_EQ(o.error, "");
  ASSERT_EQ(o.received, o.sent);
}

/// Nothing in the kernel that was not planned: its counters, as nstat shows them.
inline void expect_counters(const Exchange& e, const Outcome& o) {
  const auto count = [&o](const char* name) {
    const auto it = o.counters.find(name);
    return it == o.counters.end() ? ~std::uint64_t{0} : it->second;
  };
  for (const char* name :
       {"TcpInCsumErrors", "TcpInErrs", "TcpExtTCPChallengeACK", "TcpEstabResets",
        "TcpExtTCPSACKDiscard", "TcpExtPAWSActive", "TcpExtTCPAbortOnTimeout"}) {
    EXPECT_EQ(count(name), 0u) << name;
  }
  if (e.wire.loss.kind != net::LossKind::kNone || e.wire.reorder.probability > 0) {
    EXPECT_GT(count("TcpExtTCPOFOQueue"), 0u) << "nothing came out of order";
    return;
  }
  // A late segment that was sent again meanwhile has an old timestamp; here nothing is late.
  for (const char* name :
       {"TcpOutRsts", "TcpExtPAWSEstab", "TcpRetransSegs", "TcpExtTCPSpuriousRTOs"}) {
    EXPECT_EQ(count(name), 0u) << name;
  }
  // Of a crowd of connections the kernel drops a frame now and then.
  if (e.toe_opens + e.kernel_opens > 16) return;
  EXPECT_EQ(o.rexmits, 0u) << "by the TOE, and nothing was lost";
}

/// The exchange, again while it is void for its lag, and everything that it has to show.
inline void expect_exchange(Exchange e, int attempts = 4) {
  const std::string why = bridge::why_no_tap();
  if (!why.empty()) GTEST_SKIP() << "no TAP device in a network namespace here: " << why;
  e.pcap = testing::TempDir() + "vctoe_peer_" + running_test() + ".pcapng";
  Outcome o;
  for (int i = 0; i < attempts; ++i) {
    o = run(e);
    std::printf("%.2f s, lag %.1f ms, %llu lost, %llu late, the TOE resent %llu\n", o.seconds,
                o.lag_ms, static_cast<unsigned long long>(o.lost),
                static_cast<unsigned long long>(o.late),
                static_cast<unsigned long long>(o.rexmits));
    expect_whole(o);
    if (testing::Test::HasFailure()) return;
    judge(e, o);
    if (o.lag_ms <= kMostLagMs) break;
  }
  if (!testing::Test::HasFailure()) std::remove(e.pcap.c_str());
  if (o.lag_ms > kMostLagMs) {
    GTEST_SKIP() << "void: this machine let simulated time fall " << o.lag_ms
                 << " ms behind; bytes and captures were right";
  }
  expect_counters(e, o);
}

}  // namespace vctoe::peers
