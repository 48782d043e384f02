// Every pair of values of any two options is in a run that moves real bytes.
#include <gtest/gtest.h>

#include <iostream>
#include <set>

#include "tb/system/pairwise_options.h"
#include "tb/system/run.h"

namespace vctoe::scenario {
namespace {

class Pairwise : public testing::TestWithParam<std::size_t> {};

TEST_P(Pairwise, ArrivesIntact) {
  const test::Row row = pairwise_rows()[GetParam()];
  std::cout << name_of(row) << '\n';  // what an exception or a time-out would not say
  const ScenarioParams p = params_of(row);
  std::vector<std::string> problems;
  check_params(p, problems);
  ASSERT_TRUE(problems.empty()) << problems.front();
  expect_intact(run(p, options()[0].values[row[0]].name));
}

INSTANTIATE_TEST_SUITE_P(Row, Pairwise, testing::Range<std::size_t>(0, pairwise_rows().size()));

TEST(PairwiseRows, HoldEveryPairThatCanBeRun) {
  std::set<std::array<std::size_t, 4>> seen;
  for (const test::Row& row : pairwise_rows()) {
    EXPECT_TRUE(can_be_run(row));
    for (std::size_t a = 0; a < row.size(); ++a) {
      for (std::size_t b = a + 1; b < row.size(); ++b) seen.insert({a, row[a], b, row[b]});
    }
  }
  test::Row pair(options().size(), test::kOpen);
  for (std::size_t a = 0; a < pair.size(); ++a) {
    for (std::size_t b = a + 1; b < pair.size(); ++b) {
      for (pair[a] = 0; pair[a] < options()[a].values.size(); ++pair[a]) {
        for (pair[b] = 0; pair[b] < options()[b].values.size(); ++pair[b]) {
          const bool held = seen.count({a, pair[a], b, pair[b]}) != 0;
          EXPECT_TRUE(held || !can_be_run(pair)) << options()[a].name << " " << options()[b].name;
        }
      }
      pair[a] = pair[b] = test::kOpen;
    }
  }
}

TEST(PairwiseRows, AreFewerThanASmallMultipleOfTheLargestPair) {
  EXPECT_LT(pairwise_rows().size(), 8u * 4u * 4u);
}

}  // namespace
}  // namespace vctoe::scenario
