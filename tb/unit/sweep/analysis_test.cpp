// Analysis against cases computed by hand and functions whose answer is known.
#include "sw/sweep/analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace vctoe::sweep {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr double kPi = 3.14159265358979323846;
using Points = std::vector<std::size_t>;

TEST(Analysis, TheFrontKeepsWhatNobodyBeats) {
  const Goal speed{{1, 2, 3, 2, 3, kNan}, true};
  const Goal cost{{1, 2, 4, 3, 5, 0}, false};
  // 3 is beaten by 1 (as fast, cheaper), 4 by 2; 5 was not measured.
  EXPECT_EQ(pareto_front({speed, cost}), (Points{0, 1, 2}));
  EXPECT_EQ(pareto_front({speed}), (Points{2, 4}));
}

TEST(Analysis, EqualPointsAllStayOnTheFrontAndThreeGoalsWork) {
  EXPECT_EQ(pareto_front({{{1, 1, 0}, true}, {{1, 1, 1}, true}}), (Points{0, 1}));
  EXPECT_EQ(pareto_front({{{1, 0, 0, 0}, true}, {{0, 1, 0, 0}, true}, {{0, 0, 1, 0}, true}}),
            (Points{0, 1, 2}));
}

TEST(Analysis, TheKneeIsFarthestFromTheLineOfTheEnds) {
  // Scaled: (0,1), (0.6,0.9), (0.8,0.5), (1,0): x + y - 1 is 0, 0.5, 0.3, 0.
  const Goal speed{{0, 6, 8, 10}, true}, cost{{0, 1, 5, 10}, false};
  EXPECT_EQ(knee_point(speed, cost), 1U);
  EXPECT_EQ(knee_point({{0, 1}, true}, {{1, 0}, true}), 2U);
}

TEST(Analysis, RankingKeepsOnlyWhatKeepsTheBounds) {
  const Goal speed{{5, 9, 7, 8, kNan}, true};
  EXPECT_EQ(ranking(speed, {{{1, 4, 2, kNan, 1}, -kInf, 3}}), (Points{2, 0}));
  EXPECT_EQ(ranking(speed, {}), (Points{1, 3, 2, 0}));
}

TEST(Analysis, MainEffectsAreTheMeansOfTheLevels) {
  const auto effect = main_effect({"b", "a", "b", "a"}, {1, 10, 3, kNan});
  ASSERT_EQ(effect.size(), 2U);
  EXPECT_EQ(effect[0].level, "b");
  EXPECT_EQ(effect[0].mean, 2);
  EXPECT_EQ(effect[1].mean, 10);
  EXPECT_EQ(effect[1].points, 1U);
}

/// All combinations of `n` midpoints in [low, high] for three parameters.
struct Grid {
  std::vector<std::string> level[3];
  std::vector<double> y;
  template <class F>
  Grid(int n, double low, double high, F f) {
    const auto at = [&](int i) { return low + (high - low) * (i + 0.5) / n; };
    for (int i = 0; i < n; ++i) {
      for (int k = 0; k < n; ++k) {
        for (int m = 0; m < n; ++m) {
          level[0].push_back(std::to_string(i));
          level[1].push_back(std::to_string(k));
          level[2].push_back(std::to_string(m));
          y.push_back(f(at(i), at(k), at(m)));
        }
      }
    }
  }
};

TEST(Analysis, SensitivitiesOfALinearFunctionAreItsSquaredCoefficients) {
  const Grid g(8, 0, 1, [](double a, double b, double) { return 5 + 3 * a - 4 * b; });
  EXPECT_NEAR(sensitivity(g.level[0], g.y), 9.0 / 25, 1e-12);
  EXPECT_NEAR(sensitivity(g.level[1], g.y), 16.0 / 25, 1e-12);
  EXPECT_NEAR(sensitivity(g.level[2], g.y), 0, 1e-12);
  EXPECT_TRUE(std::isnan(sensitivity({"a", "b"}, {1, 1})));
}

TEST(Analysis, SensitivitiesOfIshigami) {
  // a = 7, b = 0.1: 0.3139, 0.4424 and 0 (Ishigami and Homma, 1990).
  const Grid g(40, -kPi, kPi, [](double x, double y, double z) {
    return std::sin(x) + 7 * std::sin(y) * std::sin(y) + 0.1 * z * z * z * z * std::sin(x);
  });
  EXPECT_NEAR(sensitivity(g.level[0], g.y), 0.3139, 2e-3);
  EXPECT_NEAR(sensitivity(g.level[1], g.y), 0.4424, 2e-3);
  EXPECT_NEAR(sensitivity(g.level[2], g.y), 0, 1e-9);
}

TEST(Analysis, BinsAreFilledEvenlyAndEqualValuesShareOne) {
  EXPECT_EQ(binned({4, 1, 3, 2}, 2), (std::vector<std::string>{"1", "0", "1", "0"}));
  EXPECT_EQ(binned({1, 1, 1, 2}, 2), (std::vector<std::string>{"0", "0", "0", "1"}));
}

TEST(Analysis, ConfidenceIntervalsOverSeeds) {
  // Mean 3, deviation sqrt(2.5), t of 4 degrees 2.776: 2.776 * sqrt(2.5 / 5).
  const Estimate e = estimate({1, 2, 3, 4, 5, kNan});
  EXPECT_EQ(e.n, 5U);
  EXPECT_EQ(e.mean, 3);
  EXPECT_NEAR(e.half_width, 1.9629, 1e-3);
  EXPECT_EQ(estimate({7}).half_width, kInf);
  // 101 values, 50 of -1, 50 of 1 and a 0: variance 1, t of 100 degrees 1.984.
  std::vector<double> many(101, 0);
  for (int i = 0; i < 100; ++i) many[static_cast<std::size_t>(i)] = i % 2 == 0 ? 1 : -1;
  EXPECT_NEAR(estimate(many).half_width, 1.984 / std::sqrt(101.0), 2e-4);
}

}  // namespace
}  // namespace vctoe::sweep
