// Which parameters act together: screening of pairs.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::sweep {

/// The share of the metric's variance that two parameters explain together but not one by one: with
/// m the means of the cells (a level of the one and a level of the other) and f the additive model
/// that fits them best by least squares, sum n (m - f)^2 / sum (y - mean)^2 (two-way analysis of
/// variance; of independent inputs Sobol's S_ab, Math. Comput. Simul. 55, 2001).
///
/// In a full product of axes, where every cell has equally many points, that is exact; points that
/// were not measured count there, so that some that failed change little. Otherwise (samples in
/// bins) what chance alone would give is taken off: the degrees of freedom of the interaction times
/// the mean square within the cells; not below 0. Bins hide what happens within them: the share is
/// then an estimate from below.
///
/// Assumes what main_effect() does of all other parameters. NaN when the metric does not vary, and
/// when the points cannot tell: linked parameters, or not one cell with two points.
double interaction(const std::vector<std::string>& a, const std::vector<std::string>& b,
                   const std::vector<double>& metric);

/// A share of variance explained by the means of `levels` levels over `points` points, less what
/// chance gives (epsilon squared: 1 - (1 - share) (n - 1) / (n - k)); not below 0.
double less_chance(double share, std::size_t points, std::size_t levels);

}  // namespace vctoe::sweep
