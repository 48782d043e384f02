// Who does what: two hosts of one make, TCP in the adaptor, pushed bytes in its packet buffer.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;
using sim::TraceKind;

constexpr std::uint64_t kStream = 256 << 10;

ScenarioParams small() {
  ScenarioParams p = quiet_params();
  p.stream.size = {kStream};
  p.driver.block_size = Bytes::kib(32);
  return p;
}

/// Statistics of `host` without that name.
std::set<std::string> parts(const outputs::RunSummary& s, const std::string& host) {
  std::set<std::string> found;
  for (const auto& sample : s.statistics) {
    if (sample.path.rfind(host + ".", 0) == 0) found.insert(sample.path.substr(host.size()));
  }
  return found;
}

// req: I-F05-102, I-F13-500
TEST(Roles, BothHostsAreMadeOfTheSameParts) {
  const auto s = run(small(), "fig8");
  expect_intact(s);
  const auto sender = parts(s, "sender");
  EXPECT_EQ(sender, parts(s, "receiver"));
  for (const char* part :
       {".cpu.runs", ".dram.bytes_read", ".kernel.table_bytes", ".nic.connections_opened"}) {
    EXPECT_EQ(sender.count(part), 1u) << part;
  }
}

double host_seconds(std::uint64_t mss) {
  ScenarioParams p = small();
  p.system.nic.toe.mss = mss;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GE(s.segments, kStream / mss);
  return s.host_cpu_s;
}

class Segments : public testing::TestWithParam<std::uint64_t> {};

// TCP is in the adaptor: the host's work goes with blocks, not with segments. It takes 36.5 us for
// this stream; 300 segments more, of 536 B, would add at least as much again if the host saw them.
// req: I-F05-121, I-P0019b
TEST_P(Segments, CostTheHostNothingByTheirNumber) {
  EXPECT_NEAR(host_seconds(GetParam()), 36.5e-6, 2e-6);
}
INSTANTIATE_TEST_SUITE_P(Mss, Segments, testing::Values(1460, 536));

// req: I-F10-306
TEST(Roles, PushedBlocksWaitForRoomInTheAdaptorsBuffer) {
  ScenarioParams p = small();
  p.driver.block_size = Bytes::kib(8);
  p.system.nic.packet_buffer.size = Bytes::kib(24);
  const auto s = run(p, "fig11+fig10");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.nic.packet_buffer.used_by.pushed", "peak"), 0);
  EXPECT_LE(s.buffer_peak_bytes, Bytes::kib(24).n);
  EXPECT_GT(s.buffer_peak_bytes + 2 * p.driver.block_size.n, Bytes::kib(24).n) << "never full";
}

class Tail : public testing::TestWithParam<const char*> {};

// Nothing follows the last segment, so nobody reports its loss: the timer has to run out.
// req: I-F11-372, I-F12-472
TEST_P(Tail, IsSentAgainWhenTheTimerRunsOut) {
  TraceLog log;
  ScenarioParams p = small();
  p.system.net.impair = net::Impaired::kForward;
  p.system.net.loss.kind = net::LossKind::kList;
  p.system.net.loss.data_only = true;
  p.system.net.loss.list = std::to_string((kStream + 1447) / 1448);
  p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  expect_intact(run(p, GetParam(), "", log.listen()));
  ASSERT_GE(log.count(TraceKind::kTxRetransmit), 1u);
  const std::size_t again = log.first(TraceKind::kTxRetransmit);
  const std::size_t expired = log.first(TraceKind::kRtoExpired);
  ASSERT_NE(expired, kNowhere);
  EXPECT_LT(expired, again);
  EXPECT_GE((log[expired].at - log[log.last(TraceKind::kTxFirst)].at).ps,
            p.system.nic.toe.rto_min.ps);
}
INSTANTIATE_TEST_SUITE_P(Timer, Tail, testing::Values("fig11+fig9", "fig12+fig10"), scheme_name);

}  // namespace
}  // namespace vctoe::scenario
