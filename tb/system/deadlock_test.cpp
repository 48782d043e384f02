// Little memory, many connections, everything on swap: nobody may wait for ever.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "models/sim/error.h"
#include "sw/scenario/memory_need.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;

constexpr std::uint64_t kConnections = 64;

/// 64 address spaces with their page tables, 64 receive buffers and the rings; little of DRAM is
/// left.
ScenarioParams crowded(Bytes dram) {
  ScenarioParams p = quiet_params();
  p.stream.size = Bytes::kib(64);
  p.stream.connections = kConnections;
  p.stream.swapped = 1;
  p.stream.contexts_swapped = true;
  p.system.host.dram.size = dram;
  p.kernel.reserve_frames = 4;
  p.driver.connections = kConnections;
  p.driver.submit_entries = p.driver.request_entries = 64;
  p.driver.reply_entries = p.driver.completion_entries = 64;
  p.driver.list_area = p.driver.reply_area = Bytes::kib(8);
  p.driver.context_pool = Bytes::kib(4);
  p.driver.block_size = Bytes::kib(16);
  p.socket.receive_buffer = p.socket.connect_buffer = Bytes::kib(8);
  p.system.nic.toe.receive_buffer = Bytes::kib(8);
  return p;
}

class Crowded : public testing::TestWithParam<const char*> {};
class CrowdedBlockwise : public Crowded {};

// req: I-X08, I-X11, I-C04
TEST_P(Crowded, FinishesWithAFewDozenFrames) {
  const Bytes dram = Bytes::kib(2688);
  std::vector<std::string> problems;
  check_memory(crowded(dram), problems);
  EXPECT_EQ(problems, std::vector<std::string>()) << "refused before it could show anything";
  const auto s = run(crowded(dram), GetParam());
  expect_intact(s);
  const double taken = stat(s, "sender.kernel.table_bytes", "peak") +
                       stat(s, "sender.kernel.pins.receive", "peak") +
                       stat(s, "sender.kernel.pins.driver", "peak");
  EXPECT_LT((static_cast<double>(dram.n) - taken) / 4096, 96);
  EXPECT_GT(stat(s, "sender.kernel.frame_waits") + stat(s, "sender.kernel.pin_waits"), 0)
      << "nobody ever waited for memory: this shows nothing";
}

// req: I-X09
TEST_P(CrowdedBlockwise, ServesAllConnectionsAlike) {
  TraceLog log;
  expect_intact(run(crowded(Bytes::mib(4)), GetParam(), "",
                    log.listen(sim::mask_of(sim::TraceKind::kRxAck))));
  std::map<std::uint32_t, double> done;  // time since all started, at 1 ms
  for (const std::size_t i : log.all(sim::TraceKind::kRxAck)) {
    if (log[i].address != Bytes::kib(64).n) continue;
    done.try_emplace(log[i].connection, log[i].at.ns() - 1e6);
  }
  ASSERT_EQ(done.size(), kConnections);
  const auto [first, last] = std::minmax_element(
      done.begin(), done.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  // All move the same bytes at the same time; with fair turns they finish near each other.
  EXPECT_LT(last->second / first->second, 4);
}

INSTANTIATE_TEST_SUITE_P(LittleMemory, Crowded,
                         testing::Values("fig3", "fig8+fig9", "fig11+fig10", "fig12+fig10"),
                         scheme_name);
// What pins whole lists serves as many connections at a time as it can pin, one after another.
INSTANTIATE_TEST_SUITE_P(LittleMemory, CrowdedBlockwise,
                         testing::Values("fig8+fig9", "fig11+fig10"), scheme_name);

TEST(LittleMemory, TooSmallForThePageTablesIsTheUsersFault) {
  try {
    run(crowded(Bytes::mib(1)), "fig8");
    FAIL() << "1 MiB cannot hold the page tables of 64 address spaces";
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    EXPECT_NE(std::string(e.what()).find("page table"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace vctoe::scenario
