// Pinned memory against the closed forms: S stream bytes, R payload rate, B block bytes, d the time
// from pin to first use.
#include <gtest/gtest.h>

#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

constexpr double kStream = 16 << 20;
constexpr double kRate = 9.4148e9 / 8;  // payload bytes a second: 10 GbE, MTU 1500, timestamps
constexpr double kRtt = 100e-6;

/// Window and slow start out of the way: the forms speak of the steady state.
ScenarioParams bulk() {
  ScenarioParams p = quiet_params();
  p.stream.size = {static_cast<std::uint64_t>(kStream)};
  p.system.nic.toe.initial_window = 200;  // above rate x RTT: no slow start
  return p;
}

// req: I-F03-72, I-F03-80, I-F03-82, I-P0013
TEST(ClosedForm, Fig3PinsTheStreamUntilAllIsAcknowledged) {
  const auto s = run(bulk(), "fig3");
  expect_intact(s);
  EXPECT_NEAR(s.pinned_byte_s, kStream * (kStream / kRate + kRtt),
              0.1 * kStream * kStream / kRate);
  EXPECT_GE(s.pinned_peak_bytes, kStream);
}

// req: I-F12-452, I-F12-466, I-P0056
TEST(ClosedForm, Fig12PinsTheStreamUntilAllIsSent) {
  const auto s = run(bulk(), "fig12");
  expect_intact(s);
  EXPECT_NEAR(s.pinned_byte_s, kStream * kStream / kRate, 0.1 * kStream * kStream / kRate);
}

// req: I-F08-256, I-F08-266, I-P0034b, I-P0037
TEST(ClosedForm, Fig8WithOneBlockOutstandingPinsABlockWhileItIsSent) {
  ScenarioParams p = bulk();
  p.system.nic.core.blocks_outstanding = 1;
  const auto s = run(p, "fig8");
  expect_intact(s);
  const double block = static_cast<double>(p.driver.block_size.n);
  const double to_first_use = stat(s, "sender.kernel.pin_to_use", "mean");
  const double form = kStream * (block / kRate + to_first_use);
  EXPECT_NEAR(s.pinned_byte_s, form, 0.1 * form);
  EXPECT_LE(s.pinned_peak_bytes, block + 8192);
}

// req: I-F11-378, I-P0026d
TEST(ClosedForm, Fig11PinsNothingForTheNic) {
  const auto s = run(bulk(), "fig11+fig10");
  expect_intact(s);
  EXPECT_EQ(s.pinned_byte_s, 0);
  EXPECT_EQ(s.pinned_peak_bytes, 0u);
}

}  // namespace
}  // namespace vctoe::scenario
