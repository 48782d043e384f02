// What the links carry against published tables and arithmetic.
#include <gtest/gtest.h>

#include <cmath>

#include "sw/twin/link_laws.h"

namespace vctoe::twin {
namespace {

double percent(const system::SystemParams& p) {
  const Framing f = framing(p);
  return 100 * f.payload_rate() * 8 / f.bps;
}

// Calibration 6.2, ref_tcp_goodput_bound.csv.
TEST(Framing, IsTheTableOfGoodputBounds) {
  system::SystemParams p;
  EXPECT_NEAR(percent(p), 94.1482, 1e-4);
  p.nic.toe.timestamps = false;
  EXPECT_NEAR(percent(p), 94.9285, 1e-4);
  p.nic.toe.mss = 8960;
  EXPECT_NEAR(percent(p), 99.1370, 1e-4);
  p.nic.toe.timestamps = true;
  EXPECT_NEAR(percent(p), 99.0042, 1e-4);
}

TEST(Framing, ASlowerBottleneckIsTheLine) {
  system::SystemParams p;
  p.net.rate = sim::BitRate::gbps(1);
  EXPECT_NEAR(framing(p).segment_s(), 1538 * 8 / 1e9, 1e-15);
}

// 50 us each way, two frames of 1538 B and one of 84 B at 10 Gb/s.
TEST(RoundTrip, IsDelayAndFrames) {
  EXPECT_NEAR(round_trip_s({}), 100e-6 + (2 * 1538 + 84) * 8 / 10e9, 1e-12);
}

// Gen3 x8: 63.0154 Gb/s after coding, less 5.5 %; 256 of 276 B are payload: 55.24 Gb/s, in the
// range of calibration P6.
TEST(Pcie, CarriesPayloadWithItsHeaders) {
  EXPECT_NEAR(8 * pcie_rate({}), 63.0154e9 * 0.945 * 256 / 276, 1e6);
}

// Lines of 64 B with 24 B each.
TEST(Pcie, StoresOfTheCpuAreLines) {
  EXPECT_NEAR(8 * pcie_store_rate({}), 63.0154e9 * 0.945 * 64 / 88, 1e6);
}

// 1448 B: three requests; six completions of at most 256 B, and one and a half for their edges.
TEST(Pcie, ReadsOfSegmentsNeedCompletionsAtTheirEdges) {
  EXPECT_NEAR(8 * pcie_read_rate({}, 1448), 63.0154e9 * 0.945 * 1448 / (1448 + 7.5 * 20), 1e6);
}

// 100 + 100 + 2 x 1 + 255 ns; 32 requests of 512 B.
TEST(Tags, ByLittlesLaw) {
  system::SystemParams p;
  EXPECT_NEAR(read_latency_s(p), 457e-9, 1e-15);
  EXPECT_NEAR(tag_rate(p), 32 * 512 / 457e-9, 1);
  p.pcie.tags = 0;
  EXPECT_TRUE(std::isinf(tag_rate(p)));
}

// 248 credits are 15 writes of 256 B: 3840 B in 100 + 100 + 2 x 1 + 50 + 100 + 90 ns, 1448 B at
// 153.6 Gb/s and a write of 280 B on the link.
TEST(PostedWrites, ByLittlesLaw) {
  system::SystemParams p;
  const double turn = 442e-9 + 1448 * 8 / 153.6e9 + 280 * 8 / (63.0154e9 * 0.945);
  EXPECT_NEAR(posted_write_rate(p, 1448), 3840 / turn, 1e5);
  p.pcie.host_credits.ph = 5;
  EXPECT_NEAR(posted_write_rate(p, 1448), 5 * 256 / turn, 1e5);
  p.pcie.host_credits.ph = p.pcie.host_credits.pd = 0;
  EXPECT_TRUE(std::isinf(posted_write_rate(p, 1448)));
}

TEST(Window, IsTheLeastOfBothEnds) {
  scenario::ScenarioParams p;
  EXPECT_EQ(window_bytes(p), 1 << 20);
  p.system.nic.toe.send_buffer = sim::Bytes::kib(256);
  EXPECT_EQ(window_bytes(p), 256 << 10);
  p.system.nic.toe.window_scaling = false;
  EXPECT_EQ(window_bytes(p), 65535);
}

}  // namespace
}  // namespace vctoe::twin
