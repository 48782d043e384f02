// A file goes through, in every scheme, over a clean and a lossy network, with and without pressure
// on the sender's memory: what the small and the long transfer tests share.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <tuple>

#include "tb/system/run.h"

namespace vctoe::scenario {

enum class Memory { kCalm, kPressed };
using TransferCase = std::tuple<std::string, std::uint64_t, double, Memory>;

inline ScenarioParams params_of(const TransferCase& c) {
  const auto& [scheme, size, loss, memory] = c;
  ScenarioParams p = quiet_params();
  p.stream.size = {size};
  if (loss > 0) lose(p, loss);
  if (memory == Memory::kPressed) {
    p.stream.swapped = 0.5;
    p.victims = 1;
  }
  return p;
}

inline outputs::RunSummary expect_transfer(const TransferCase& c) {
  outputs::RunSummary s = run(params_of(c), std::get<0>(c));
  expect_intact(s);
  EXPECT_EQ(s.stream_bytes, std::get<1>(c));
  if (std::get<2>(c) == 0) {
    EXPECT_EQ(s.retransmitted_segments, 0u);
  }
  return s;
}

inline std::string name_of(const testing::TestParamInfo<TransferCase>& info) {
  const auto& [scheme, size, loss, memory] = info.param;
  std::string name = scheme + "_" + std::to_string(size) + "B_loss" +
                     std::to_string(static_cast<int>(loss * 10000)) +
                     (memory == Memory::kPressed ? "_pressed" : "_calm");
  for (char& ch : name) {
    if (ch == '+') ch = '_';
  }
  return name;
}

inline auto all_schemes() {
  return testing::Values("fig3", "circular", "fig8+fig9", "fig8+fig10", "fig11+fig9", "fig11+fig10",
                         "fig12+fig9", "fig12+fig10");
}

/// Per direction; both directions lose.
inline auto all_losses() {
  return testing::Values(0.0, 0.001, 0.05);
}

inline auto all_memories() {
  return testing::Values(Memory::kCalm, Memory::kPressed);
}

}  // namespace vctoe::scenario
