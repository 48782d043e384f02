// Storage 506 over the network: swapped pages travel through the host's second card, to a storage
// server. Whoever frees memory needs memory: nobody may wait for ever.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "models/net/storage_frame.h"
#include "sw/scenario/memory_need.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;

ScenarioParams through_the_card() {
  ScenarioParams p = quiet_params();
  p.system.host.nics = 2;
  p.system.host.disk.kind = host::DiskKind::kNetwork;
  p.system.host.disk.network.path = host::StoragePath::kCard;
  p.stream.size = Bytes::kib(256);
  p.stream.swapped = 1;
  return p;
}

/// 16 connections whose bytes and context records are all on swap, and as little DRAM as the
/// program takes.
ScenarioParams crowded() {
  ScenarioParams p = through_the_card();
  p.stream.connections = 16;
  p.stream.contexts_swapped = true;
  p.kernel.reserve_frames = 4;
  p.driver.connections = 16;
  p.driver.submit_entries = p.driver.request_entries = 64;
  p.driver.reply_entries = p.driver.completion_entries = 64;
  p.driver.list_area = p.driver.reply_area = Bytes::kib(8);
  p.driver.context_pool = Bytes::kib(4);
  p.driver.block_size = Bytes::kib(16);
  p.transport.frame_entries = 64;
  p.socket.receive_buffer = p.socket.connect_buffer = Bytes::kib(8);
  p.system.nic.toe.receive_buffer = Bytes::kib(8);
  for (p.system.host.dram.size = Bytes::mib(1);; p.system.host.dram.size.n += 32 << 10) {
    std::vector<std::string> problems;
    check_memory(p, problems);
    if (problems.empty()) return p;
  }
}

class LittleMemory : public testing::TestWithParam<const char*> {};

// req: I-F13-506, I-P0067a
TEST_P(LittleMemory, SixteenConnectionsSwappedInOverTheSecondCardEnd) {
  const ScenarioParams p = crowded();
  const auto s = run(p, GetParam());
  expect_intact(s);
  const double bytes = 16.0 * (256 << 10);
  EXPECT_GE(stat(s, "sender.swap.bytes_read"), bytes);
  EXPECT_EQ(stat(s, "sender.swap.bytes_read"), stat(s, "sender.storage_network.server.bytes_read"));
  EXPECT_GT(stat(s, "sender.kernel.frame_waits") + stat(s, "sender.kernel.pin_waits"), 0)
      << "nobody ever waited for memory: this shows nothing";
  EXPECT_EQ(stat(s, "sender.storage_network.card.no_buffer"), 0);
  EXPECT_EQ(stat(s, "sender.storage_network.card.fifo_full"), 0);
}
INSTANTIATE_TEST_SUITE_P(NetworkSwap, LittleMemory,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig10",
                                         "fig12+fig10"),
                         scheme_name);

TEST(NetworkSwap, PagesComeAndGoAsFramesOfTheSecondCardAndOfNoOther) {
  ScenarioParams p = through_the_card();
  p.victims = 1;
  p.stream.size = Bytes::mib(1);
  p.system.host.dram.size = Bytes::mib(6);
  p.pressure.working_set = Bytes::mib(16);
  p.victim_resident = 0.2;
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.swap.bytes_written"), 0);
  EXPECT_EQ(stat(s, "sender.swap.bytes_written"),
            stat(s, "sender.storage_network.server.bytes_written"));
  const double messages = stat(s, "sender.swap.frames_sent");
  EXPECT_EQ(messages, stat(s, "sender.swap.frames_received"));
  EXPECT_EQ(messages * net::kStorageData,
            stat(s, "sender.swap.bytes_read") + stat(s, "sender.swap.bytes_written"));
  EXPECT_EQ(messages, stat(s, "sender.storage_network.card.mac.tx_frames"));
  EXPECT_GT(stat(s, "sender.storage_network.pcie.up.frame.bytes"),
            stat(s, "sender.swap.bytes_read"));
  EXPECT_EQ(stat(s, "sender.nic.tx.payload_bytes"), 1 << 20) << "all streams on the first";
  EXPECT_EQ(stat(s, "sender.pci.functions"), 2);
}

TEST(NetworkSwap, ReachesTheCardThroughAnIommuAndBesideAnAgentInTheDriver) {
  ScenarioParams p = through_the_card();
  p.system.host.iommu.enabled = true;
  p.system.transport = {system::Place::kDriver, system::Place::kDriver};
  const auto s = run(p, "fig8");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.swap.bytes_read"), 0);
}

TEST(NetworkSwap, NeedsACardForTheStreamsAndABufferForEachFrame) {
  ScenarioParams p = through_the_card();
  p.system.host.nics = 1;
  p.system.host.disk.network.queue_depth = 257;
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_EQ(problems.size(), 2u);
  EXPECT_NE(problems[0].find("host.nics >= 2"), std::string::npos) << problems[0];
  EXPECT_NE(problems[1].find("queue_depth"), std::string::npos) << problems[1];
}

}  // namespace
}  // namespace vctoe::scenario
