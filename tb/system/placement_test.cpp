// The agent in other places than the adaptor: TCP in the driver above a plain MAC.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;
using sim::TraceKind;
using system::Place;

ScenarioParams placed(Place sending, Place receiving) {
  ScenarioParams p = quiet_params();
  p.stream.size = Bytes::mib(1);
  p.stream.swapped = 0.5;
  p.system.transport = {sending, receiving};
  return p;
}

using Roles = std::tuple<std::string, Place, Place, double>;

class Placement : public testing::TestWithParam<Roles> {};

// req: I-P0004d
TEST_P(Placement, MovesTheSameBytes) {
  const auto& [scheme, sending, receiving, loss] = GetParam();
  ScenarioParams p = placed(sending, receiving);
  if (loss > 0) lose(p, loss);
  const auto s = run(p, scheme);
  expect_intact(s);
}

std::string role_name(const testing::TestParamInfo<Roles>& info) {
  const auto& [scheme, sending, receiving, loss] = info.param;
  std::string name = scheme + "_" + std::string(sim::enum_name(sending)) + "_to_" +
                     std::string(sim::enum_name(receiving)) + (loss > 0 ? "_lossy" : "");
  std::replace(name.begin(), name.end(), '+', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Matrix, Placement,
                         testing::Combine(testing::Values("fig3", "fig8+fig9", "fig8+fig10",
                                                          "fig11+fig9", "fig11+fig10", "fig12+fig9",
                                                          "fig12+fig10"),
                                          testing::Values(Place::kAdaptor, Place::kDriver),
                                          testing::Values(Place::kAdaptor, Place::kDriver),
                                          testing::Values(0.0, 0.01)),
                         role_name);

double pcie_bytes(const outputs::RunSummary& s, const std::string& host,
                  const std::string& purpose) {
  return stat(s, host + ".pcie.up." + purpose + ".bytes") +
         stat(s, host + ".pcie.down." + purpose + ".bytes");
}

// Both places implement one role: the registers and rings of the agent, which the driver uses
// without knowing where it is.
// req: I-F05-132
TEST(Roles, TheSendingAgentIsTheAdaptorByDefault) {
  EXPECT_EQ(ScenarioParams().system.transport.sending, Place::kAdaptor);
  const auto s = run(quiet_params(), "fig8");
  expect_intact(s);
  EXPECT_GT(pcie_bytes(s, "sender", "context"), 0);
  EXPECT_EQ(pcie_bytes(s, "sender", "frame"), 0);
  EXPECT_GE(stat(s, "sender.nic.mac.tx_payload_bytes"), static_cast<double>(s.stream_bytes));
  EXPECT_EQ(stat(s, "sender.cpu.busy.transport"), 0);
}

class InDriver : public testing::TestWithParam<const char*> {};

// Payload crosses PCIe inside frames and in no other way, in both directions of the stream.
// req: I-P0060
TEST_P(InDriver, TheAdaptorIsAPlainMac) {
  const auto s = run(placed(Place::kDriver, Place::kDriver), GetParam());
  expect_intact(s);
  const double size = 1 << 20;
  for (const std::string host : {"sender", "receiver"}) {
    for (const char* purpose : {"payload", "context"}) {
      EXPECT_EQ(pcie_bytes(s, host, purpose), 0) << host << " " << purpose;
    }
    EXPECT_GE(pcie_bytes(s, host, "frame"), size);
    EXPECT_GE(stat(s, host + ".plain_mac.mac.tx_frames"), 100);
    EXPECT_EQ(stat(s, host + ".plain_mac.mac.tx_frames"),
              stat(s, host + ".plain_mac.frames_fetched"));
    EXPECT_GE(stat(s, host + ".agent.copied_bytes") + stat(s, host + ".nic.pushed_bytes"), size);
  }
}

double cpu_per_byte(const outputs::RunSummary& s, const std::string& host) {
  double busy = 0;
  for (const char* work :
       {"kernel", "driver", "irq", "copy", "socket", "poll", "pin", "transport"}) {
    busy += stat(s, host + ".cpu.busy." + work);
  }
  return busy / static_cast<double>(s.stream_bytes);
}

/// Between what the two places cost, with room on both sides. A run has a process of its own, so
/// the two meet here: with the TOE the sending host needs 0.1 to 0.6 ns a byte and the receiving
/// one 0.3.
constexpr double kToeAtMost = 0.6e-9;
constexpr double kSoftwareAtLeast = 1.5e-9;

// req: I-P0060, I-P0058b
TEST_P(InDriver, CostsTheProcessorMoreAByte) {
  const auto s = run(placed(Place::kDriver, Place::kDriver), GetParam());
  expect_intact(s);
  for (const char* host : {"sender", "receiver"}) {
    EXPECT_GT(cpu_per_byte(s, host), kSoftwareAtLeast) << host;
    EXPECT_GT(stat(s, std::string(host) + ".cpu.busy.transport"),
              0.5 * cpu_per_byte(s, host) * static_cast<double>(s.stream_bytes));
  }
}
TEST_P(InDriver, InTheAdaptorItCostsLess) {
  const auto s = run(placed(Place::kAdaptor, Place::kAdaptor), GetParam());
  expect_intact(s);
  for (const char* host : {"sender", "receiver"}) {
    EXPECT_LT(cpu_per_byte(s, host), kToeAtMost) << host;
    EXPECT_EQ(stat(s, std::string(host) + ".cpu.busy.transport"), 0) << host;
  }
}
INSTANTIATE_TEST_SUITE_P(Schemes, InDriver,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

class Local : public testing::TestWithParam<const char*> {};

// Another process of the same computer receives: neither card nor network sees a frame.
// req: I-P0061
TEST_P(Local, StreamsDoNotUseTheCard) {
  ScenarioParams p = placed(Place::kDriver, Place::kDriver);
  p.stream.destination = Destination::kLocal;
  p.stream.connections = 3;
  const auto s = run(p, GetParam());
  expect_intact(s);
  EXPECT_EQ(s.received_bytes, 3u << 20);
  for (const std::string host : {"sender", "receiver"}) {
    for (const char* count : {"tx_frames", "tx_bytes", "rx_frames", "rx_bytes"}) {
      EXPECT_EQ(stat(s, host + ".plain_mac.mac." + count), 0) << host << " " << count;
    }
    EXPECT_EQ(pcie_bytes(s, host, "frame"), 0);
    EXPECT_EQ(pcie_bytes(s, host, "payload"), 0);
    EXPECT_EQ(stat(s, host + ".plain_mac.frames_fetched"), 0);
  }
  for (const char* way : {"forward", "backward"}) {
    EXPECT_EQ(stat(s, std::string("net.") + way + ".frames"), 0);
  }
  EXPECT_EQ(stat(s, "sender.agent.local_frames"), stat(s, "sender.agent.segments_sent"));
  EXPECT_EQ(stat(s, "receiver.agent.segments_sent"), 0) << "the other host has no part in it";
}
INSTANTIATE_TEST_SUITE_P(Schemes, Local,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

TEST(LocalRefused, NeedsTheAgentInTheDriver) {
  ScenarioParams p = quiet_params();
  p.stream.destination = Destination::kLocal;
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].find("needs transport.sending = driver"), std::string::npos);
}

TEST(LocalRefused, NeedsAConnectionForEachEnd) {
  ScenarioParams p = placed(Place::kDriver, Place::kAdaptor);
  p.stream.destination = Destination::kLocal;
  p.stream.connections = 5;
  p.driver.connections = 9;
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0], "driver.connections = 9 is below both ends of stream.connections = 5");
}

// The card drops what finds no buffer, and TCP in the driver sends it again.
TEST(PlainMac, DropsFramesWithoutABuffer) {
  ScenarioParams p = placed(Place::kAdaptor, Place::kDriver);
  lose(p, 0);
  p.transport.frame_entries = 8;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(stat(s, "receiver.plain_mac.no_buffer"), 0);
  EXPECT_GT(s.retransmitted_segments, 0u);
}

// A segment is reported as sent before its acknowledgment is: no notice of a block comes too late.
TEST(PlainMac, TellsOfEachFrameOnce) {
  TraceLog log;
  const auto s = run(placed(Place::kDriver, Place::kDriver), "fig8", "", log.listen());
  expect_intact(s);
  for (const std::string host : {"sender", "receiver"}) {
    EXPECT_EQ(stat(s, host + ".agent.card.sent"), stat(s, host + ".plain_mac.mac.tx_frames"));
    EXPECT_EQ(stat(s, host + ".agent.card.received"), stat(s, host + ".plain_mac.mac.rx_frames"));
  }
  EXPECT_LT(log.last(TraceKind::kTxFirst), log.last(TraceKind::kStreamAcked));
  EXPECT_EQ(log.count(TraceKind::kStreamSent), log.count(TraceKind::kStreamAcked));
}

TEST(PlainMac, RingsOfNoPowerOfTwoAreRefused) {
  ScenarioParams p = placed(Place::kDriver, Place::kDriver);
  p.transport.frame_entries = 24;
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0], "transport.frame_entries = 24 is no power of two");
}

}  // namespace
}  // namespace vctoe::scenario
