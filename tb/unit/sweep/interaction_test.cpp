// Screening of interactions against functions whose shares are known.
#include "sw/sweep/interaction.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "sw/sweep/analysis.h"
#include "sw/sweep/spread.h"

namespace vctoe::sweep {
namespace {

constexpr double kPi = 3.14159265358979323846;
using Function = std::function<double(double, double, double)>;

double linear(double x, double y, double z) {
  return 1 + 2 * x - 3 * y + z;
}
/// a = 7, b = 0.1 (Ishigami and Homma, 1990).
double ishigami(double x, double y, double z) {
  return std::sin(x) + 7 * std::sin(y) * std::sin(y) + 0.1 * z * z * z * z * std::sin(x);
}
/// Its variance is a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2, of which x and z together have
/// b^2 pi^8 (1/18 - 1/50): 0.2437 of it.
const double kIshigamiTogether =
    0.01 * std::pow(kPi, 8) * 8 / 225 /
    (49.0 / 8 + 0.1 * std::pow(kPi, 4) / 5 + 0.01 * std::pow(kPi, 8) / 18 + 0.5);

struct Design3 {
  std::vector<double> number[3], y;
  std::vector<std::string> level[3];

  void add(const double (&x)[3], const Function& f) {
    for (int i = 0; i < 3; ++i) {
      number[i].push_back(x[i]);
      level[i].push_back(std::to_string(x[i]));
    }
    y.push_back(f(x[0], x[1], x[2]));
  }
  double together(int a, int b) const { return interaction(level[a], level[b], y); }
};

/// Midpoints in [-half, half].
Design3 grid(int n, double half, const Function& f) {
  Design3 d;
  const auto at = [&](int i) { return half * (2 * (i + 0.5) / n - 1); };
  for (int i = 0; i < n * n * n; ++i) d.add({at(i / n / n), at(i / n % n), at(i % n)}, f);
  return d;
}

/// A Latin hypercube, its levels put into bins.
Design3 sample(std::size_t n, std::size_t bins, double half, const Function& f) {
  Design3 d;
  const auto x = draws(1, "x", n, true), y = draws(1, "y", n, true), z = draws(1, "z", n, true);
  const auto at = [&](double u) { return half * (2 * u - 1); };
  for (std::size_t i = 0; i < n; ++i) d.add({at(x[i]), at(y[i]), at(z[i])}, f);
  for (int i = 0; i < 3; ++i) d.level[i] = binned(d.number[i], bins);
  return d;
}

TEST(Interaction, ALinearFunctionHasNone) {
  const Design3 d = grid(6, 1, linear);
  EXPECT_NEAR(d.together(0, 1), 0, 1e-12);
  EXPECT_NEAR(d.together(0, 2), 0, 1e-12);
  EXPECT_NEAR(d.together(1, 2), 0, 1e-12);
}

TEST(Interaction, AProductOverZeroIsNothingElse) {
  const Design3 d = grid(6, 1, [](double x, double y, double) { return x * y; });
  EXPECT_NEAR(d.together(0, 1), 1, 1e-12);
  EXPECT_NEAR(d.together(0, 2), 0, 1e-12);
  // Over [0, 1] a seventh of the variance: 7/144 in all, 1/144 together.
  const Design3 shifted =
      grid(60, 0.5, [](double x, double y, double) { return (x + 0.5) * (y + 0.5); });
  EXPECT_NEAR(shifted.together(0, 1), 1.0 / 7, 1e-3);
}

TEST(Interaction, IshigamiHasOneOfTheFirstAndTheThird) {
  EXPECT_NEAR(kIshigamiTogether, 0.2437, 1e-4);
  const Design3 d = grid(40, kPi, ishigami);
  EXPECT_NEAR(d.together(0, 2), kIshigamiTogether, 2e-3);
  EXPECT_NEAR(d.together(0, 1), 0, 1e-9);
  EXPECT_NEAR(d.together(1, 2), 0, 1e-9);
}

TEST(Interaction, SamplesInBinsShowItToo) {
  const Design3 d = sample(2000, 8, kPi, ishigami);
  // Eight bins do not see how z^4 rises within the last one.
  EXPECT_GT(d.together(0, 2), 0.18);
  EXPECT_LT(d.together(0, 2), kIshigamiTogether);
  EXPECT_LT(d.together(0, 1), 0.03);
  EXPECT_LT(d.together(1, 2), 0.03);
  const Design3 flat = sample(500, 6, 1, linear);
  EXPECT_LT(flat.together(0, 1), 0.03);
  EXPECT_LT(flat.together(0, 2), 0.03);
}

TEST(Interaction, ChanceIsTakenOff) {
  // 400 values that depend on nothing, in 64 cells: chance alone explains about 49 / 399 of them.
  const auto noise = draws(1, "noise", 400, false);
  std::size_t i = 0;
  const Design3 d = sample(400, 8, 1, [&](double, double, double) { return noise[i++]; });
  EXPECT_LT(d.together(0, 1), 0.05);
}

TEST(Interaction, AFullProductLosesNothingToChance) {
  // Most varies within the cells, by the third parameter, but that is not chance.
  const Design3 d = grid(4, 1, [](double x, double y, double z) { return x * y + 3 * z; });
  // Variances: of x and y 5/16 each, so 25/256 of the product, and 9 * 5/16 of z.
  EXPECT_NEAR(d.together(0, 1), (25.0 / 256) / (25.0 / 256 + 45.0 / 16), 1e-12);
}

TEST(Interaction, AFailedPointChangesLittle) {
  Design3 d = grid(6, 1, [](double x, double y, double z) { return x * y + z; });
  const double before = d.together(0, 1);
  d.y[77] = std::nan("");
  EXPECT_NEAR(d.together(0, 1), before, 0.02);
}

TEST(Interaction, PointsThatCannotTellSaySo) {
  // Linked parameters; a cell a point; a metric that does not vary.
  EXPECT_TRUE(std::isnan(interaction({"1", "2", "3"}, {"a", "b", "c"}, {1, 2, 4})));
  EXPECT_TRUE(std::isnan(interaction({"1", "1", "2"}, {"a", "b", "a"}, {1, 2, 4})));
  EXPECT_TRUE(std::isnan(interaction({"1", "1", "2", "2"}, {"a", "b", "a", "b"}, {3, 3, 3, 3})));
  // Two by two by hand: means 0 0 0 4, effects 1 each, so 1 of a variance of 3 is left.
  EXPECT_NEAR(interaction({"1", "1", "2", "2"}, {"a", "b", "a", "b"}, {0, 0, 0, 4}), 1.0 / 3,
              1e-12);
}

TEST(Interaction, LessChanceIsEpsilonSquared) {
  EXPECT_NEAR(less_chance(0.5, 21, 5), 1 - 0.5 * 20 / 16, 1e-12);
  EXPECT_EQ(less_chance(0.1, 21, 5), 0);
  EXPECT_EQ(less_chance(1, 21, 5), 1);
  EXPECT_TRUE(std::isnan(less_chance(0.5, 5, 5)));
}

}  // namespace
}  // namespace vctoe::sweep
