// Values along a range: at even distances, and drawn.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/sweep/design.h"

namespace vctoe::sweep {

/// From `low` to `high`, both in base units; low <= high, and low > 0 when logarithmic.
struct Span {
  long double low = 0, high = 0;
  bool logarithmic = false;
};

/// `count` >= 2 values, the ends among them; those that are equal after rounding stand once.
std::vector<std::string> spaced(const Design& design, const sim::ParamField& field,
                                const Span& span, std::uint64_t count);
/// low, low + step, ... up to high. step > 0.
std::vector<std::string> stepped(const Design& design, const sim::ParamField& field,
                                 const Span& span, long double step);

/// The value at u in [0, 1) of the span. Whole numbers are equally likely, both ends included.
std::string drawn(const Design& design, const sim::ParamField& field, const Span& span, double u);

/// `count` numbers in [0, 1), the same for the same seed and name. `stratified`: one in each of
/// `count` equal parts, in random order (a column of a Latin hypercube).
std::vector<double> draws(std::uint64_t seed, const std::string& name, std::uint64_t count,
                          bool stratified);

}  // namespace vctoe::sweep
