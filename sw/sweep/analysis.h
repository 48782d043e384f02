// What a table of points says about a design space. Plain numbers in, plain numbers out; "not
// measured" is NaN, and such points take no part.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::sweep {

/// A column with the direction in which it is better.
struct Goal {
  std::vector<double> values;  ///< of each point
  bool maximise = true;
};

/// Points that no other point beats: one beats another when it is nowhere worse and somewhere
/// better. Of equal points all stay. In the order of the points.
std::vector<std::size_t> pareto_front(const std::vector<Goal>& goals);

/// The point of the front of two goals that lies farthest from the line between the front's two
/// ends, both goals scaled to what the front spans; the first of equals. `points` when the front
/// has fewer than three points.
std::size_t knee_point(const Goal& a, const Goal& b);

/// A goal's bound, in its unit.
struct Bound {
  std::vector<double> values;
  double at_least, at_most;  ///< infinities where there is none
};
/// Points that keep every bound, the best first; equals in the order of the points.
std::vector<std::size_t> ranking(const Goal& goal, const std::vector<Bound>& bounds);

/// One level of a parameter.
struct Level {
  std::string level;
  std::size_t points = 0;
  double mean = 0;  ///< of the metric over all points at this level
};
/// The levels in the order in which they first appear. The differences between the means are the
/// parameter's effect alone only if the other parameters take the same values at every level, as
/// they do in a full product of axes.
std::vector<Level> main_effect(const std::vector<std::string>& levels,
                               const std::vector<double>& metric);

/// First-order sensitivity: the share of the metric's variance that the means of the levels
/// explain, Var(E[y|x]) / Var(y) (I. M. Sobol', Math. Comput. Simul. 55, 2001). Assumes what
/// main_effect() does. With n points at random and k levels a parameter without any effect gets
/// about (k - 1) / (n - 1). NaN when the metric does not vary.
double sensitivity(const std::vector<std::string>& levels, const std::vector<double>& metric);

/// Names of equally filled bins of a parameter that takes too many values to be levels themselves.
/// Equal values share a bin, the lower one.
std::vector<std::string> binned(const std::vector<double>& values, std::size_t bins);

/// Mean over repeats with another seed, and half the width of its 95 % confidence interval by
/// Student's t, which takes the repeats for independent and the metric for normally distributed.
struct Estimate {
  std::size_t n = 0;
  double mean = 0;
  double half_width = 0;  ///< infinite for a single value
};
Estimate estimate(const std::vector<double>& repeats);

/// How much larger the mean of `b` is than that of `a`: independent repeats of two designs, whose
/// variances may differ (B. L. Welch, Biometrika 34, 1947; the degrees of freedom are rounded
/// down). `n` is that of the smaller. The half width is infinite when one has a single value.
Estimate difference(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace vctoe::sweep
