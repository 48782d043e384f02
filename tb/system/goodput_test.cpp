// Lossless bulk goodput against arithmetic: what of a full frame on the wire is payload
// (sw/twin/link_laws.h; tb/unit/twin holds that to the published table).
#include <gtest/gtest.h>

#include "sw/twin/link_laws.h"
#include "tb/system/trace_log.h"

namespace vctoe::scenario {
namespace {

/// Share of the line rate between two moments of the run, both well inside the bulk: the handshake
/// and slow start come before, the last segment and its acknowledgment after.
double share_of_line(const TraceLog& log, double line_bps) {
  const auto sent = log.all(sim::TraceKind::kTxFirst);
  const auto& from = log[sent[sent.size() / 4]];
  const auto& to = log[sent[sent.size() * 3 / 4]];
  const double bits = 8.0 * static_cast<double>(to.address - from.address);
  return bits / (to.at - from.at).seconds() / line_bps;
}

class Goodput : public testing::TestWithParam<const char*> {
 protected:
  void expect(bool timestamps) {
    ScenarioParams p = quiet_params();
    p.stream.size = sim::Bytes::mib(16);
    p.system.nic.toe.timestamps = timestamps;
    const twin::Framing frame = twin::framing(p.system);
    const double percent = 100 * frame.payload / frame.on_wire;
    TraceLog log;
    const auto s = run(p, GetParam(), "", log.listen(sim::mask_of(sim::TraceKind::kTxFirst)));
    expect_intact(s);
    const double share = 100 * share_of_line(log, p.system.nic.mac.rate.bps);
    // The definition of done: never above (the wire allows no more; half a picosecond of rounding
    // a frame is 1e-7 of it), less than 0.2 points below.
    EXPECT_LE(share, percent + 0.001);
    EXPECT_GT(share, percent - 0.2);
    EXPECT_LE(100 * s.goodput_bps / p.system.nic.mac.rate.bps, percent);
  }
};

TEST_P(Goodput, ReachesTheLineRateWithoutTimestamps) {
  expect(false);
}

TEST_P(Goodput, ReachesTheLineRateWithTimestamps) {
  expect(true);
}

INSTANTIATE_TEST_SUITE_P(Bulk, Goodput, testing::Values("fig3", "fig8", "fig12"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace vctoe::scenario
