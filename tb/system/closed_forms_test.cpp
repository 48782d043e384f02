// Pinned memory against the closed forms of sw/twin: S stream bytes, R payload rate, B block bytes,
// d the time from pin to first use.
#include <gtest/gtest.h>

#include "sw/twin/link_laws.h"
#include "sw/twin/pins.h"
#include "sw/twin/twin.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

constexpr double kStream = 16 << 20;

/// Payload bytes a second.
double line(const ScenarioParams& p) {
  return twin::framing(p.system).payload_rate();
}

/// Window and slow start out of the way: the forms speak of the steady state.
ScenarioParams bulk() {
  ScenarioParams p = quiet_params();
  p.stream.size = {static_cast<std::uint64_t>(kStream)};
  p.system.nic.toe.initial_window = 200;  // above rate x RTT: no slow start
  return p;
}

/// The closed form of pinned memory x time.
double form(const char* scheme) {
  const Scheme& s = find_scheme(scheme);
  return twin::closed_forms(with_scheme(bulk(), s), s, kStream, {}).pinned_byte_s;
}

// req: I-F03-72, I-F03-80, I-F03-82, I-P0013
TEST(ClosedForm, Fig3PinsTheStreamUntilAllIsAcknowledged) {
  const auto s = run(bulk(), "fig3");
  expect_intact(s);
  EXPECT_NEAR(s.pinned_byte_s, form("fig3"), 0.03 * form("fig3"));
  EXPECT_GE(s.pinned_peak_bytes, kStream);
}

// req: I-F12-452, I-F12-466, I-P0056
TEST(ClosedForm, Fig12PinsTheStreamUntilAllIsSent) {
  const auto s = run(bulk(), "fig12");
  expect_intact(s);
  EXPECT_NEAR(s.pinned_byte_s, form("fig12"), 0.03 * form("fig12"));
}

/// Mean time from a block's first pin to the first read of it; one block at a time.
double pin_to_first_use(const TraceLog& log) {
  double sum = 0;
  std::uint64_t blocks = 0;
  sim::TxnId block = 0;
  sim::Time pinned;
  bool used = true;
  for (std::size_t i = 0; i < log.size(); ++i) {
    const sim::TraceEvent& e = log[i];
    if (e.node != 0) continue;
    if (e.kind == sim::TraceKind::kPin && e.txn != block && owner_is(kernel::PinOwner::kAgent)(e)) {
      block = e.txn;
      pinned = e.at;
      used = false;
    } else if (e.kind == sim::TraceKind::kDmaRead && !used) {
      sum += (e.at - pinned).seconds();
      ++blocks;
      used = true;
    }
  }
  return sum / static_cast<double>(blocks);
}

// req: I-P0034b, I-P0037
TEST(ClosedForm, Fig8WithOneBlockOutstandingPinsABlockWhileItIsSent) {
  ScenarioParams p = bulk();
  p.system.nic.core.blocks_outstanding = 1;
  TraceLog log;
  const auto s =
      run(p, "fig8", "", log.listen(sim::mask_of(sim::TraceKind::kPin, sim::TraceKind::kDmaRead)));
  expect_intact(s);
  const auto block = static_cast<double>(p.driver.block_size.n);
  const double form = twin::single_block_integral(kStream, block, line(p), pin_to_first_use(log));
  EXPECT_NEAR(s.pinned_byte_s, form, 0.1 * form);
  EXPECT_LE(s.pinned_peak_bytes, block + 8192);
}

// Compared with the line rate and with fig3's closed form, both of which fig3 cannot beat.
// req: I-P0014, I-P0026d
TEST(ClosedForm, Fig8PinsUnderTwoPercentOfFig3AtItsGoodput) {
  const auto s = run(bulk(), "fig8");
  expect_intact(s);
  EXPECT_LT(s.pinned_byte_s, 0.02 * form("fig3"));
  EXPECT_GE(s.goodput_bps, 0.95 * 8 * line(bulk()));
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
