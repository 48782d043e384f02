// Tests of one thing each, by name.
#pragma once

#include <functional>
#include <vector>

#include "tb/cosim/bench.h"

namespace vctoe::cosim {

struct DirectedTest {
  const char* name;
  Scenario (*make)(Set set, std::uint64_t seed);
  /// What is wrong with a run that went well otherwise, or "".
  std::string (*judge)(const Outcome& outcome);
};

const std::vector<DirectedTest>& directed_tests();

}  // namespace vctoe::cosim
