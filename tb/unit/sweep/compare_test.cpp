// Two sweeps side by side, computed by hand.
#include "sw/sweep/compare.h"

#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "sw/sweep/analysis.h"
#include "tb/unit/sweep/table_of.h"

namespace vctoe::sweep {
namespace {

using Json = nlohmann::ordered_json;
using test::Made;
using test::table_of;

Made fast(const std::string& scheme, double delay, double goodput, int seed = 1) {
  return {scheme, delay, {{"goodput", goodput}}, State::kOk, seed};
}

TEST(Compare, ASweepEqualsItself) {
  const Table a = table_of({fast("fig3", 1e-5, 1), fast("fig8", 1e-5, 2)});
  const Json same = compare(a, a, {});
  EXPECT_EQ(same["equal"], true);
  EXPECT_EQ(same["joined"], 2);
  EXPECT_EQ(same["metrics"][0]["equal"], 2);
  EXPECT_EQ(same["metrics"][0]["mean_change"], 0);
}

TEST(Compare, PointsAreJoinedOnParametersNotOnTheirNumber) {
  const Table a = table_of({fast("fig3", 1e-5, 1), fast("fig8", 1e-5, 2), fast("fig8", 2e-5, 3)});
  const Table b = table_of({fast("fig8", 1e-5, 2), fast("fig3", 1e-5, 1), fast("fig3", 2e-5, 9)});
  const Json both = compare(a, b, {});
  EXPECT_EQ(both["joined"], 2);
  EXPECT_EQ(both["changes"], Json::array());
  EXPECT_EQ(both["only_a"], Json({2}));
  EXPECT_EQ(both["only_b"], Json({2}));
  EXPECT_EQ(both["equal"], false);
}

TEST(Compare, BetterAndWorseGoByTheDirectionOfTheMetric) {
  const Table a = table_of({fast("fig3", 1e-5, 10), fast("fig8", 1e-5, 10)});
  const Table b = table_of({fast("fig3", 1e-5, 11), fast("fig8", 1e-5, 8)});
  const Json both = compare(a, b, {});
  ASSERT_EQ(both["changes"].size(), 2U);
  EXPECT_EQ(both["changes"][0], Json::parse(R"({"metric":"goodput","a":1,"b":1,"before":10.0,
      "after":8.0,"half_width":null,"verdict":"worse"})"));
  EXPECT_EQ(both["changes"][1]["verdict"], "better");
  EXPECT_NEAR(both["metrics"][0]["mean_change"].get<double>(), (0.1 - 0.2) / 2, 1e-12);
  // The difference of 1 is 9.1 % of 11; that of 2 is 20 % of 10.
  EXPECT_EQ(compare(a, b, {"", 0.1})["changes"].size(), 1U);
  EXPECT_EQ(compare(a, b, {"", 0.2})["equal"], true);
}

TEST(Compare, TheSameSeedsAreComparedSeedBySeed) {
  // Seeds differ by far more than the designs, which differ by exactly one.
  const Table a = table_of({fast("fig3", 1e-5, 10, 1), fast("fig3", 1e-5, 50, 2)});
  const Table b = table_of({fast("fig3", 1e-5, 51, 2), fast("fig3", 1e-5, 11, 1)});
  const Json both = compare(a, b, {});
  ASSERT_EQ(both["changes"].size(), 1U);
  EXPECT_EQ(both["changes"][0]["half_width"], 0);
  EXPECT_EQ(both["changes"][0]["verdict"], "better");
}

TEST(Compare, OtherSeedsAreNoiseAroundTheMeans) {
  const Table a = table_of({fast("fig3", 1e-5, 10, 1), fast("fig3", 1e-5, 12, 2)});
  const Table b = table_of({fast("fig3", 1e-5, 12, 3), fast("fig3", 1e-5, 14, 4)});
  // Means 11 and 13, each with a variance of 1: Welch gives 2 degrees, 4.303 times sqrt(2).
  EXPECT_EQ(compare(a, b, {})["changes"], Json::array());
  const Table c = table_of({fast("fig3", 1e-5, 16, 3), fast("fig3", 1e-5, 18, 4)});
  const Json far = compare(a, c, {});
  EXPECT_EQ(far["changes"].size(), 0U);  // 6 against 6.09
  const Table d = table_of({fast("fig3", 1e-5, 17, 3), fast("fig3", 1e-5, 19, 4)});
  ASSERT_EQ(compare(a, d, {})["changes"].size(), 1U);
  EXPECT_NEAR(compare(a, d, {})["changes"][0]["half_width"].get<double>(), 6.085, 1e-3);
}

TEST(Compare, WhatIsConstantInEachIsSetUp) {
  Table a = table_of({fast("fig3", 1e-5, 1)}), b = table_of({fast("fig3", 1e-5, 1)});
  a.head.base = {{"pcie.lanes", "8"}, {"seed", "1"}, {"schemes", "x"}};
  b.head.base = {{"pcie.lanes", "4"}, {"seed", "2"}, {"schemes", "y"}};
  const Json both = compare(a, b, {});
  EXPECT_EQ(both["setup"], Json::parse(R"([{"parameter":"pcie.lanes","a":"8","b":"4"}])"));
  EXPECT_EQ(both["equal"], true);
  // What varies in one sweep is compared at the value that the other has.
  Table c = table_of({fast("fig3", 1e-5, 1), fast("fig3", 1e-5, 7)});
  c.head.base = a.head.base;
  c.rows[1].point.set.emplace_back("pcie.lanes", "4");
  const Json varied = compare(c, b, {});
  EXPECT_EQ(varied["setup"], Json::array());
  EXPECT_EQ(varied["only_a"], Json({0}));
  EXPECT_EQ(varied["changes"][0]["before"], 7);
}

TEST(Compare, APointThatFailsInOneSweepIsADifference) {
  Table a = table_of({fast("fig3", 1e-5, 1)}), b = a;
  b.rows[0].state = State::kFailed;
  const Json both = compare(a, b, {});
  EXPECT_EQ(both["equal"], false);
  ASSERT_EQ(both["not_ok"].size(), 1U);
  EXPECT_EQ(both["not_ok"][0]["state_b"], "failed");
}

TEST(Compare, NothingInCommonIsSaid) {
  const Table a = table_of({fast("fig3", 1e-5, 1)}), b = table_of({fast("fig8", 1e-5, 1)});
  EXPECT_THROW(compare(a, b, {}), sim::Error);
  EXPECT_THROW(compare(a, a, {"godput", 0}), sim::Error);
}

TEST(Analysis, DifferencesOfMeansAreWelchs) {
  // Variances 2.5 and 10 of five: error sqrt(2.5); degrees of freedom 5.88, so 5: t = 2.571.
  const Estimate e = difference({1, 2, 3, 4, 5}, {2, 4, 6, 8, 10});
  EXPECT_EQ(e.n, 5U);
  EXPECT_EQ(e.mean, 3);
  EXPECT_NEAR(e.half_width, 2.571 * std::sqrt(2.5), 1e-9);
  EXPECT_TRUE(std::isinf(difference({1}, {2, 3}).half_width));
  EXPECT_EQ(difference({1, 1}, {2, 2}).half_width, 0);
}

}  // namespace
}  // namespace vctoe::sweep
