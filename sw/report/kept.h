// What `vctoe sweep keep` leaves of a point.
#pragma once

#include <string>
#include <vector>

#include "sw/report/document.h"

namespace vctoe::report {

/// Where a histogram's bar begins and ends, and how many values lie in it.
struct Bar {
  double from, to;
  std::size_t count;
};
/// Bars of equal width from the least to the largest value, the square root of their number, at
/// most 40; one bar when all are equal. Values are in rising order.
std::vector<Bar> histogram(const std::vector<double>& sorted);
/// The share q of the values is at most this (the smallest such value). None may be missing.
double quantile(const std::vector<double>& sorted, double q);

/// series.json as {"scheme", "pinned": [[s, B]..], "latency": {"what", "unit", "count", "cdf":
/// [[value, share]..], "bars": [[from, to, count]..], "quantiles": {"p50", ..}}}; throws
/// sim::Error(kUser), as of a file called `name`, for what is none.
std::string series(const std::string& text, const std::string& name);

/// What is there of a point: timeline.json and series.json of this folder; nothing is fine.
Kept read_kept(std::size_t point, const std::string& folder);
/// DIR/kept/<index>, those that are points of the sweep, in their order.
std::vector<Kept> read_all_kept(const std::string& folder, std::size_t points);

}  // namespace vctoe::report
