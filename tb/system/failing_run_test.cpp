// A run that a monitor ends: what was recorded until then is what its reader needs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <systemc>
#include <vector>

#include "models/sim/error.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Stamps of the packets of a capture, in ns; fails the test if the last block is cut off.
std::vector<std::uint64_t> stamps_of(const std::string& capture) {
  constexpr std::uint32_t kEnhancedPacket = 6;
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, capture.data() + at, sizeof value);
    return value;
  };
  std::vector<std::uint64_t> stamps;
  std::size_t at = 0;
  while (at + 12 <= capture.size()) {
    const std::uint32_t length = word(at + 4);
    if (length < 12 || at + length > capture.size()) break;
    if (word(at) == kEnhancedPacket) {
      stamps.push_back(static_cast<std::uint64_t>(word(at + 12)) << 32 | word(at + 16));
    }
    at += length;
  }
  EXPECT_EQ(at, capture.size()) << "the capture ends inside a block";
  return stamps;
}

/// Unpins a frame that nobody has pinned when the payload has left the MAC for the `n`th time.
Observe break_rule_at(unsigned n) {
  return [n](sim::Context& context) {
    context.trace.subscribe(sim::mask_of(sim::TraceKind::kTxFirst),
                            [&context, left = n](const sim::TraceEvent&) mutable {
                              if (--left != 0) return;
                              sim::TraceEvent wrong;
                              wrong.kind = sim::TraceKind::kUnpin;
                              wrong.address = 0xabc000;
                              wrong.txn = 4242;
                              context.trace.emit(wrong);
                            });
  };
}

TEST(FailingRun, LeavesEverythingRecordedUntilTheMonitorFired) {
  const std::string dir =
      testing::TempDir() + "vctoe_failing_" + std::to_string(static_cast<long>(getpid()));
  std::filesystem::create_directories(dir);
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(4);
  RunOptions options;
  options.out_dir = dir;
  options.pcap = options.trace = true;
  options.observe = break_rule_at(1000);
  // What a process throws comes out of sc_start() as a report: not this test's failure.
  sc_core::sc_report_handler::set_handler(nullptr);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  EXPECT_ANY_THROW(run_one(p, options, "fig8"));

  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
  EXPECT_EQ(sim::last_failure().text.rfind("monitor balance: a frame without pins is unpinned", 0),
            0u)
      << sim::last_failure().text;
  const std::string trace = contents(dir + "/trace.txt");
  ASSERT_GT(trace.size(), 100'000u);
  EXPECT_EQ(trace.back(), '\n');
  const std::string last = trace.substr(trace.rfind('\n', trace.size() - 2) + 1);
  EXPECT_NE(last.find(" unpin 0 0 0 4242 0xabc000 "), std::string::npos) << last;
  const std::uint64_t failed_ns = std::stoull(last) / 1000;
  for (const std::string side : {"/sender", "/receiver"}) {
    const auto stamps = stamps_of(contents(dir + side + ".pcapng"));
    ASSERT_GT(stamps.size(), 900u) << side;
    EXPECT_LE(stamps.back(), failed_ns + 1) << side;
    EXPECT_GT(stamps.back() + 5'000, failed_ns) << side;
  }
  std::filesystem::remove_all(dir);
}

}  // namespace
}  // namespace vctoe::scenario
