// A file goes through, in every scheme, over a clean and a lossy network, with and without pressure on
// the sender's memory.
#include <gtest/gtest.h>

#include <tuple>

#include "sw/scenario/schemes.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

enum class Memory { kCalm, kPressed };
using Case = std::tuple<std::string, std::uint64_t, double, Memory>;

class Transfer : public testing::TestWithParam<Case> {};

ScenarioParams params_of(const Case& c) {
  const auto& [scheme, size, loss, memory] = c;
  ScenarioParams p = quiet_params();
  p.stream.size = {size};
  if (loss > 0) {
    p.system.net.loss.kind = net::LossKind::kBernoulli;
    p.system.net.loss.probability = loss;
    // The path's round trip is 100 us: 200 ms for every lost retransmission only costs simulated time.
    p.system.nic.toe.rto_min = sim::Time::from_ms(5);
  }
  if (memory == Memory::kPressed) {
    p.stream.swapped = 0.5;
    p.victims = 1;
  }
  return p;
}

// req: I-G01d, I-C01, I-C02, I-C03, I-C06, I-C07, I-F07-list, I-P0053a, I-P0026c
TEST_P(Transfer, ArrivesIntact) {
  const outputs::RunSummary s = run(params_of(GetParam()), std::get<0>(GetParam()));
  expect_intact(s);
  EXPECT_EQ(s.stream_bytes, std::get<1>(GetParam()));
  if (std::get<2>(GetParam()) == 0) {
    EXPECT_EQ(s.retransmitted_segments, 0u);
  }
}

std::string name_of(const testing::TestParamInfo<Case>& info) {
  const auto& [scheme, size, loss, memory] = info.param;
  std::string name = scheme + "_" + std::to_string(size) + "B_loss" +
                     std::to_string(static_cast<int>(loss * 10000)) +
                     (memory == Memory::kPressed ? "_pressed" : "_calm");
  for (char& ch : name) {
    if (ch == '+') ch = '_';
  }
  return name;
}

const auto kSchemes = testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                      "fig11+fig10", "fig12+fig9", "fig12+fig10");

// Sizes: nothing, one byte, one segment, one byte more than a page, and what fills many windows.
INSTANTIATE_TEST_SUITE_P(Small, Transfer,
                         testing::Combine(kSchemes, testing::Values(0, 1, 1460, 4097),
                                          testing::Values(0.0, 0.05),
                                          testing::Values(Memory::kPressed)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Large, Transfer,
                         testing::Combine(kSchemes, testing::Values(16 << 20),
                                          testing::Values(0.0, 0.001, 0.05),
                                          testing::Values(Memory::kCalm, Memory::kPressed)),
                         name_of);
// Larger than the modelled DRAM of 64 MiB.
INSTANTIATE_TEST_SUITE_P(Huge, Transfer,
                         testing::Combine(kSchemes, testing::Values(256 << 20),
                                          testing::Values(0.0, 0.001, 0.05),
                                          testing::Values(Memory::kCalm, Memory::kPressed)),
                         name_of);

}  // namespace
}  // namespace vctoe::scenario
