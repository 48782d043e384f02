// Which resource limits each part of a design space.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sw/sweep/table.h"

namespace vctoe::sweep {

/// What limits each point: the part with the largest share of its elapsed time, by its name behind
/// "time." (`time.wire`: "wire"); the first of equals. Empty where the parts were not measured.
std::vector<std::string> limits_of(const Table& table);

/// The values of a parameter at which something holds; the scheme is a parameter, too.
struct Where {
  std::string factor;
  std::vector<std::string> values;
};

/// A box of the design space, named after what limits most of its points.
struct Region {
  std::string limit;
  std::vector<std::size_t> points;  ///< all rows in the box that have a limit
  std::size_t agree = 0;            ///< of these, limited by it
  std::vector<Where> where;         ///< of the parameters that are not free in it
};

/// Divides the space into boxes, the largest first: a classification tree (Breiman, Friedman,
/// Olshen and Stone, 1984). The points are cut in two along the parameter, between two of its
/// numbers, or some names against the others, where the mix of limits (Gini) gets purest; again and
/// again until a box has one limit, or a cut would tidy less than 1 % of all points, or six cuts
/// deep. Two halves with the same limit are one box. Cuts one at a time do not find what only two
/// together would show.
std::vector<Region> regions_of(const std::vector<std::string>& limits,
                               const std::vector<Factor>& factors);

}  // namespace vctoe::sweep
