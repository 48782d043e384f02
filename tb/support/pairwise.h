// Few rows that hold every pair of values of any two options at least once.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace vctoe::test {

/// Index of a value, by option.
using Row = std::vector<std::size_t>;
/// No value chosen yet.
constexpr std::size_t kOpen = ~std::size_t{0};
/// Whether a row, some of it perhaps still kOpen, can be run. A row that can be run as far as it
/// goes must have at least one way to be completed.
using Legal = std::function<bool(const Row&)>;

/// `counts`: values by option, each at least 1. Every pair that some legal row can hold is in one
/// of the rows; always the same rows for the same arguments. Greedy: each row takes the first pair
/// that is missing, then at each open option the value that brings most that are missing.
std::vector<Row> all_pairs(const std::vector<std::size_t>& counts, const Legal& legal);

}  // namespace vctoe::test
