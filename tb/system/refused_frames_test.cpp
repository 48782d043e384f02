// A frame that the receiving NIC does not take is counted once, by its MAC, and traced once.
#include <gtest/gtest.h>

#include <string>

#include "models/net/drop_reason.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

/// Frames that the receiver must have refused for `reason`, in the trace and in the statistics.
void expect_refused(const ScenarioParams& p, net::DropReason reason) {
  TraceLog log;
  const auto s = run(p, "fig8+fig9", "", log.listen(sim::mask_of(sim::TraceKind::kFrameDrop)));
  expect_intact(s);
  std::uint64_t traced = 0;
  for (std::size_t i = 0; i < log.size(); ++i) {
    traced += log[i].node == 1 && log[i].detail == static_cast<std::uint32_t>(reason);
  }
  EXPECT_GT(traced, 0u);
  EXPECT_EQ(stat(s, "receiver.nic.mac.rx_refused." + std::string(sim::enum_name(reason))), traced);
}

TEST(RefusedFrames, AFrameThatFindsTheReceiveBufferFullIsCountedByTheMacAndTraced) {
  ScenarioParams p = quiet_params();
  lose(p, 0);  // for its short timeouts
  p.stream.size = sim::Bytes::kib(512);
  // Room for one frame, a host link that is slow to take it, and a network that bunches frames.
  p.system.nic.rx.buffer = sim::Bytes::kib(2);
  p.system.pcie.gen = 1;
  p.system.pcie.lanes = 1;
  p.system.net.jitter = sim::Time::from_us(50);
  expect_refused(p, net::DropReason::kNoRoom);
}

TEST(RefusedFrames, ADamagedFrameIsCountedByTheMacAndTraced) {
  ScenarioParams p = quiet_params();
  lose(p, 0);
  p.stream.size = sim::Bytes::kib(512);
  p.system.net.corrupt.probability = 0.02;
  expect_refused(p, net::DropReason::kBadFcs);
}

}  // namespace
}  // namespace vctoe::scenario
