// What is refused before a run could not have worked; what is not refused works with a little more.
#include "sw/scenario/memory_need.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <systemc>

#include "models/sim/error.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

using sim::Bytes;

struct Case {
  const char* name;
  const char* scheme;
  std::uint64_t connections;
  bool swap;
  Bytes receive_buffer;
  /// Frames for what only this case needs: records and blocks that the NIC has pinned, streams and
  /// records in DRAM for want of swap.
  std::uint64_t beside;
};
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest's name
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.scheme;
}

/// Blocks of a page and small areas: little is needed beside what every run needs.
ScenarioParams params_of(const Case& c) {
  ScenarioParams p = quiet_params();
  p.stream.size = Bytes::kib(8);
  p.stream.swapped = 1;
  p.stream.connections = c.connections;
  p.stream.time_limit = sim::Time::from_s(2);
  if (!c.swap) p.system.host.disk.kind = host::DiskKind::kNone;
  p.kernel.pin_limit = 1;
  p.driver.submit_entries = p.driver.request_entries = 128;
  p.driver.reply_entries = p.driver.completion_entries = 128;
  p.driver.list_area = Bytes::kib(16);
  p.driver.reply_area = p.driver.context_pool = p.driver.block_size = Bytes::kib(4);
  p.socket.receive_buffer = p.system.nic.toe.receive_buffer = c.receive_buffer;
  p.socket.connect_buffer = Bytes::kib(8);
  return p;
}

std::uint64_t least_of_both(const ScenarioParams& p) {
  return std::max(least_frames(p, sender_need(p)), least_frames(p, receiver_need(p)));
}

std::vector<std::string> problems_of(const ScenarioParams& p) {
  std::vector<std::string> problems;
  check_memory(p, problems);
  return problems;
}

/// Runs without having been checked.
bool works(const ScenarioParams& p, const std::string& scheme) {
  // What a thread throws passes through SystemC as a report; here it is expected.
  sc_core::sc_report_handler::set_handler(nullptr);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  try {
    return run(p, scheme).ok;
  } catch (const std::exception& e) {
    // One that crossed sc_start() has lost its type; the first failure kept it.
    EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser) << e.what();
    return false;
  }
}

class MemoryNeed : public testing::TestWithParam<Case> {
 protected:
  /// DRAM is `more` frames above the least; its watermarks are a share of the whole.
  ScenarioParams with(std::int64_t more) const {
    ScenarioParams p = params_of(GetParam());
    const auto least = static_cast<std::int64_t>(least_of_both(p));
    p.system.host.dram.size.n = static_cast<std::uint64_t>(least + more) * 4096;
    return p;
  }
};

TEST_P(MemoryNeed, WhatIsEnoughIsNotRefused) {
  EXPECT_EQ(problems_of(with(0)), std::vector<std::string>());
}

TEST_P(MemoryNeed, RunsWithALittleMore) {
  const ScenarioParams p = with(static_cast<std::int64_t>(GetParam().beside));
  EXPECT_EQ(problems_of(p), std::vector<std::string>());
  expect_intact(run(p, GetParam().scheme));
}

TEST_P(MemoryNeed, OneFrameLessIsRefusedAndWouldNotRun) {
  const ScenarioParams p = with(-1);
  const auto problems = problems_of(p);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].rfind("host.dram.size = ", 0), 0u) << problems[0];
  EXPECT_FALSE(works(p, GetParam().scheme)) << "refused without need: " << problems[0];
}

INSTANTIATE_TEST_SUITE_P(
    Sizes, MemoryNeed,
    testing::Values(Case{"one_pinned", "fig3", 1, true, Bytes::mib(2), 1},
                    Case{"one_requested", "fig8+fig9", 1, true, Bytes::mib(2), 1},
                    Case{"one_without_swap", "fig8+fig9", 1, false, Bytes::mib(2), 1},
                    Case{"few_requested", "fig8+fig9", 8, true, Bytes::kib(512), 1},
                    Case{"many_requested", "fig8+fig9", 64, true, Bytes::kib(8), 32},
                    Case{"many_pushed", "fig11+fig10", 64, true, Bytes::kib(8), 32},
                    Case{"many_without_swap", "fig8+fig9", 64, false, Bytes::kib(8), 192},
                    Case{"many_pinned_by_the_receiver", "fig8+fig9", 64, true, Bytes::kib(64), 32}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(MemoryNeed, PinLimitsThatAreTooLowAreRefusedAndWouldNotRun) {
  ScenarioParams p = params_of({"", "", 4, true, Bytes::kib(64), 0});
  p.kernel.pin_limit_bytes = Bytes::kib(256);
  EXPECT_EQ(problems_of(p), std::vector<std::string>());
  p.kernel.pin_limit_bytes = Bytes::kib(252);
  const auto problems = problems_of(p);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].rfind("kernel.pin_limit_bytes allows 252 KiB", 0), 0u) << problems[0];
  EXPECT_FALSE(works(p, "fig3"));
}

TEST(MemoryNeed, ListsOfReceiveBuffersThatDoNotFitAreRefusedAndWouldNotRun) {
  ScenarioParams p = params_of({"", "", 4, true, Bytes::kib(256), 0});
  EXPECT_EQ(problems_of(p), std::vector<std::string>());
  p.socket.receive_buffer = p.system.nic.toe.receive_buffer = Bytes::kib(1028);
  const auto problems = problems_of(p);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].rfind("driver.list_area = 16384 B is too small", 0), 0u) << problems[0];
  EXPECT_FALSE(works(p, "fig3"));
}

TEST(MemoryNeed, WhatLiesInDramAtTheStartHasToFit) {
  ScenarioParams p = params_of({"", "", 1, true, Bytes::kib(64), 0});
  p.stream.size = Bytes::mib(6);
  p.stream.swapped = 0;
  p.stream.resident_limit = 1;
  p.system.host.dram.size = Bytes::mib(8);
  EXPECT_EQ(problems_of(p), std::vector<std::string>());
  p.system.host.dram.size = Bytes::mib(6);
  const auto problems = problems_of(p);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].rfind("host.dram.size = 6144 KiB is too small for what lies in it", 0), 0u)
      << problems[0];
  EXPECT_FALSE(works(p, "fig3"));
}

class TooFewConnections : public testing::TestWithParam<bool> {};

TEST_P(TooFewConnections, IsRefusedAndWouldNotRun) {
  ScenarioParams p = params_of({"", "", 4, true, Bytes::kib(64), 0});
  (GetParam() ? p.driver.connections : p.system.nic.core.connections) = 3;
  const auto problems = problems_of(p);
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_NE(problems[0].find(".connections = 3 is below stream.connections = 4"), std::string::npos)
      << problems[0];
  EXPECT_FALSE(works(p, "fig8+fig9"));
}

INSTANTIATE_TEST_SUITE_P(Tables, TooFewConnections, testing::Bool(), [](const auto& info) {
  return std::string(info.param ? "driver" : "nic");
});

}  // namespace
}  // namespace vctoe::scenario
