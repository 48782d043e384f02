// A video controller that reads memory all the time is in nobody's way but in that of time.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

#include "tb/support/in_child.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

using support::in_child;

struct Figures {
  char sha256[65] = {};
  std::uint64_t received = 0;
  std::uint64_t lists = 0;
  double payload = 0;
  double blocks = 0;
  double completion_s = 0;
};

Figures figures(double gbps) {
  ScenarioParams p = quiet_params();
  p.stream.size = sim::Bytes::mib(1);
  p.system.host.video.rate = {gbps * 1e9};
  const auto s = run(p, "fig8");
  expect_intact(s);
  Figures f;
  std::strncpy(f.sha256, s.sha256_received.c_str(), 64);
  f.received = s.received_bytes;
  f.lists = s.lists_posted;
  f.payload = stat(s, "sender.nic.tx.payload_bytes");
  f.blocks = stat(s, "sender.driver.request.blocks_physical");
  f.completion_s = s.completion_s;
  if (gbps > 0) {
    // What it read while the stream was sent, and no less than its rate says.
    EXPECT_GT(stat(s, "sender.video.bytes"), 0.9 * gbps * 1e9 / 8 * s.simulated_s);
    EXPECT_EQ(stat(s, "sender.video.late"), 0);
  }
  return f;
}

// req: I-F13-509, I-P0063
TEST(Video, ChangesNothingButTimes) {
  const Figures without = in_child([] { return figures(0); });
  const Figures with = in_child([] { return figures(40); });
  EXPECT_STREQ(with.sha256, without.sha256);
  EXPECT_EQ(with.received, without.received);
  EXPECT_EQ(with.lists, without.lists);
  EXPECT_EQ(with.payload, without.payload);
  EXPECT_EQ(with.blocks, without.blocks);
  EXPECT_NE(with.completion_s, without.completion_s) << "its reads take DRAM's time";
  EXPECT_NEAR(with.completion_s, without.completion_s, 0.1 * without.completion_s);
}

TEST(Video, IsNotThereByDefault) {
  const auto s = run(quiet_params(), "fig8");
  for (const auto& sample : s.statistics) {
    EXPECT_NE(sample.path.find("sender.video."), 0u) << sample.path;
  }
}

}  // namespace
}  // namespace vctoe::scenario
