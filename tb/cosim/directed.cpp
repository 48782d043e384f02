#include "tb/cosim/directed.h"

namespace vctoe::cosim {

const std::vector<DirectedTest>& directed_tests() {
  static const std::vector<DirectedTest> tests{};
  return tests;
}

}  // namespace vctoe::cosim
