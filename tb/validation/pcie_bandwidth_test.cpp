// The simulated link against the analytical model of pcie-bench and against Little's law. What is
// measured is the time that real transfers take; no formula of the model is asked.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "tb/unit/pcie/generator.h"

namespace vctoe::pcie {
namespace {

using sim::Time;
using test::Bench;

using test::Generator;
using test::Load;

/// Columns of data/pcie_model_gen3x8_mps256_mrrs512.csv by size: write, read, duplex in Gb/s.
std::map<std::uint64_t, std::vector<double>> reference() {
  std::ifstream file(VCTOE_SOURCE_DIR "/data/pcie_model_gen3x8_mps256_mrrs512.csv");
  std::map<std::uint64_t, std::vector<double>> table;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream in(line);
    std::uint64_t size = 0;
    double write = 0;
    double read = 0;
    double duplex = 0;
    double skip = 0;
    in >> size >> write >> skip >> read >> skip >> duplex;
    table[size] = {write, read, duplex};
  }
  return table;
}

LinkParams as_pcie_model() {
  LinkParams p = test::unlimited({});
  p.dllp_mode = DllpMode::kPcieModel;
  return p;
}

class PcieModel : public testing::TestWithParam<std::tuple<Load, std::uint64_t>> {};

// The reference has five digits; the run loses at most one operation in 2000 at its ends. 2 % is
// what calibration 1.1 asks for.
TEST_P(PcieModel, BandwidthAgrees) {
  const auto [load, size] = GetParam();
  const auto table = reference();
  ASSERT_EQ(table.size(), 1856U);
  Bench bench(as_pcie_model());
  const double measured = Generator(bench, load, size, 128).measure(6000);
  const double expected = table.at(size)[static_cast<std::size_t>(load)];
  RecordProperty("measured", std::to_string(measured));
  EXPECT_NEAR(measured / expected, 1.0, 0.02) << measured << " Gb/s, reference " << expected;
}

std::string load_and_size(const testing::TestParamInfo<std::tuple<Load, std::uint64_t>>& info) {
  constexpr const char* kNames[] = {"Write", "Read", "Duplex"};
  return kNames[static_cast<std::size_t>(std::get<0>(info.param))] +
         std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Sizes, PcieModel,
                         testing::Combine(testing::Values(Load::kWrite, Load::kRead, Load::kDuplex),
                                          testing::Values(64, 128, 256, 257, 512, 1024, 1500, 2048,
                                                          4096)),
                         load_and_size);

class RealLink : public testing::TestWithParam<std::uint64_t> {};

// Calibration P5 and P6 (NFP6000, gen3 x8, from 512 B up): writes 53.0 to 54.5, reads 55.0 to 55.7
// Gb/s.
TEST_P(RealLink, WritesAsFastAsMeasured) {
  Bench bench(test::unlimited({}));
  const double measured = Generator(bench, Load::kWrite, GetParam(), 128).measure(6000);
  EXPECT_GT(measured, 53.0);
  EXPECT_LT(measured, 54.5);
}

TEST_P(RealLink, ReadsAsFastAsMeasured) {
  Bench bench(test::unlimited({}));
  const double measured = Generator(bench, Load::kRead, GetParam(), 128).measure(6000);
  EXPECT_GT(measured, 55.0);
  EXPECT_LT(measured, 55.7);
}

INSTANTIATE_TEST_SUITE_P(From512Bytes, RealLink, testing::Values(512, 1024, 2048, 4096));

// Little's law: as many reads as there are tags, each for the time that it holds its tag.
TEST(Tags, LimitSmallReadsToTheirNumberByTheirTime) {
  LinkParams p = test::unlimited({});
  p.tags = 32;
  Bench bench(p);
  bench.host.latency = Time::from_ns(320);
  std::vector<unsigned char> data(64);
  bench.device.read(0, data.data(), 64);
  bench.run(Time::from_us(10));
  ASSERT_EQ(bench.device.answers.size(), 1U);
  const auto& alone = bench.device.answers[0];
  // The device's own latency overlaps with other reads: no tag is held during it.
  const double held = (alone.at - alone.asked - p.device_latency).ns();
  const double measured = Generator(bench, Load::kRead, 64, 64).measure(6000);
  EXPECT_NEAR(measured / (32 * 64 * 8 / held), 1.0, 0.03);
  bench.link.settle_stats();
  EXPECT_GT(bench.link.stats().tag_stall, Time::zero());
  EXPECT_GT(bench.link.stats().up.time.spent(ChannelState::kWaitTags), Time::zero());
}

class Widths : public testing::TestWithParam<std::tuple<std::uint64_t, std::uint64_t>> {};

// Rates a lane in Gb/s after line coding (calibration P1, P2); 256 B writes are 256 of 280 bytes,
// or 256 of 272 in FLITs.
TEST_P(Widths, CarryWhatTheirLanesCarry) {
  const auto [gen, lanes] = GetParam();
  constexpr double kLane[] = {2.0, 4.0, 8 * 128 / 130.0, 16 * 128 / 130.0, 32 * 128 / 130.0, 59.0};
  LinkParams p = test::unlimited({});
  p.gen = gen;
  p.lanes = lanes;
  Bench bench(p);
  const double measured = Generator(bench, Load::kWrite, 4096, 64).measure(1500);
  const double usable = gen == 6 ? 256.0 / 272 : 0.945 * 256 / 280;
  EXPECT_NEAR(measured, kLane[gen - 1] * static_cast<double>(lanes) * usable, measured * 0.005);
}

std::string gen_and_width(
    const testing::TestParamInfo<std::tuple<std::uint64_t, std::uint64_t>>& info) {
  return "Gen" + std::to_string(std::get<0>(info.param)) + "x" +
         std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(All, Widths,
                         testing::Combine(testing::Values(1, 2, 3, 4, 5, 6),
                                          testing::Values(1, 2, 4, 8, 16)),
                         gen_and_width);

}  // namespace
}  // namespace vctoe::pcie
