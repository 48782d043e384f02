// Several network cards in one host: streams on all of them, one kernel.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;
using sim::TraceKind;
using system::Place;

ScenarioParams several(std::uint64_t nics) {
  ScenarioParams p = quiet_params();
  p.system.host.nics = nics;
  p.stream.size = Bytes::kib(512);
  p.stream.connections = 4;
  p.stream.swapped = 0.5;
  return p;
}

class TwoNics : public testing::TestWithParam<const char*> {};

// Streams on both cards, one memory service, pins counted for each card.
// req: I-F13-508, I-P0067b
TEST_P(TwoNics, ShareOneKernel) {
  const auto s = run(several(2), GetParam());
  expect_intact(s);
  const double half = 2 * (512 << 10);
  EXPECT_EQ(stat(s, "sender.nic.tx.payload_bytes"), half);
  EXPECT_EQ(stat(s, "sender.card1.nic.tx.payload_bytes"), half);
  EXPECT_EQ(stat(s, "receiver.nic.rx.payload_bytes"), half);
  EXPECT_EQ(stat(s, "receiver.card1.nic.rx.payload_bytes"), half);
  const std::string scheme = GetParam();
  const bool pins = scheme.rfind("fig11", 0) != 0;
  for (const char* owner : {"agent", "node"}) {
    const bool expected =
        owner == std::string("agent") ? pins : scheme != "fig3" && scheme.rfind("fig12", 0) != 0;
    const double a = stat(s, std::string("sender.account.") + owner, "peak");
    const double b = stat(s, std::string("sender.card1.account.") + owner, "peak");
    const double both = stat(s, std::string("sender.kernel.pins.") + owner, "peak");
    EXPECT_EQ(a > 0, expected) << owner;
    EXPECT_EQ(b > 0, expected) << owner;
    EXPECT_LE(std::max(a, b), both) << owner;
    EXPECT_EQ(stat(s, std::string("sender.account.") + owner) +
                  stat(s, std::string("sender.card1.account.") + owner),
              stat(s, std::string("sender.kernel.pins.") + owner))
        << "at the end, " << owner;
  }
}
INSTANTIATE_TEST_SUITE_P(Schemes, TwoNics,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

// An id names one connection of the host, whatever card it is on: monitors and traces go by it.
TEST(Nics, ConnectionIdsAreTheHosts) {
  TraceLog log;
  ScenarioParams p = several(2);
  p.driver.connections = p.system.nic.core.connections = 16;
  expect_intact(run(p, "fig8", "", log.listen()));
  std::set<std::uint32_t> ids;
  for (std::size_t i = 0; i < log.size(); ++i) {
    if (log[i].kind == TraceKind::kTxFirst && log[i].node == 0) ids.insert(log[i].connection);
  }
  EXPECT_EQ(ids, (std::set<std::uint32_t>{0, 1, 16, 17}));
}

TEST(Nics, MoveTheStreamsFaster) {
  const auto s = run(several(4), "fig8");
  expect_intact(s);
  EXPECT_GT(s.goodput_bps, 12e9) << "one 10 Gb/s line could not do it";
}

TEST(Nics, LoseFramesIndependently) {
  ScenarioParams p = several(3);
  lose(p, 0.02);
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(s.retransmitted_segments, 0u);
  EXPECT_NE(stat(s, "net.forward.lost") * 1000 + stat(s, "net.backward.lost"),
            stat(s, "net1.forward.lost") * 1000 + stat(s, "net1.backward.lost"));
}

TEST(Nics, WithAnAgentEachInTheDriver) {
  ScenarioParams p = several(2);
  p.system.transport = {Place::kDriver, Place::kDriver};
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.agent.segments_sent"), 300);
  EXPECT_GT(stat(s, "sender.card1.agent.segments_sent"), 300);
}

TEST(Nics, StreamsToTheComputerItselfAreSpreadToo) {
  ScenarioParams p = several(2);
  p.system.transport = {Place::kDriver, Place::kAdaptor};
  p.stream.destination = Destination::kLocal;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.card1.agent.local_frames"), 300);
}

TEST(Nics, HaveEachAShareOfTheConnections) {
  ScenarioParams p = several(2);
  p.stream.connections = 9;
  p.driver.connections = 5;
  std::vector<std::string> problems;
  check_params(p, problems);
  EXPECT_TRUE(problems.empty()) << problems[0];
  p.driver.connections = 4;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0], "driver.connections = 4 is below a NIC's share of stream.connections = 9");
}

}  // namespace
}  // namespace vctoe::scenario
