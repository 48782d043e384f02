#include "tb/cosim/shrink.h"

#include <gtest/gtest.h>

#include "tb/cosim/bench.h"
#include "tb/cosim/random_scenario.h"
#include "tb/unit/cosim/stub_dut.h"

namespace vctoe::cosim {
namespace {

TEST(Shrink, KeepsTheTwoOperationsThatTheFailureNeeds) {
  const Scenario s = random_scenario(Set::kLarge, 3, 50);
  const std::uint32_t one = s.ops[7].txn, two = s.ops[31].txn;
  ASSERT_NE(one, 0u);
  ASSERT_NE(two, 0u);
  const auto fails = [&](const Scenario& c) {
    unsigned found = 0;
    for (const Op& op : c.ops)
      found += op.kind == OpKind::kWalk && (op.txn == one || op.txn == two);
    return found == 2;
  };
  const Scenario small = shrink(s, fails);
  EXPECT_EQ(small.ops.size(), 2u);
  EXPECT_EQ(small.traffic.memory_max, 1u);
  EXPECT_EQ(small.ops[0].gap, 0u);
}

TEST(Shrink, AWalkerThatIsWrongFailsWithOneWalk) {
  const auto fails = [](const Scenario& c) {
    StubDut dut(Sin::kNoLast);
    return !Bench(dut, c, {}).run().ok;
  };
  Scenario s;
  std::uint64_t seed = 0;
  do {
    s = random_scenario(Set::kStandard, ++seed);
  } while (!fails(s));
  const Scenario small = shrink(s, fails);
  EXPECT_EQ(requests(small), 1u);
  EXPECT_TRUE(fails(small));
  EXPECT_NE(text_of(small).find("walk txn="), std::string::npos);
}

}  // namespace
}  // namespace vctoe::cosim
