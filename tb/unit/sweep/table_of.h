// A table as if a sweep had left it: the scheme and one number are swept.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "sw/sweep/table.h"

namespace vctoe::sweep::test {

/// A point by what distinguishes it, and what it measured.
struct Made {
  std::string scheme;
  double delay = 0;  ///< in seconds
  std::vector<std::pair<std::string, double>> metrics;
  State state = State::kOk;
  int seed = 1;
};

inline Table table_of(const std::vector<Made>& points, std::vector<Objective> objectives = {}) {
  Table table;
  table.head.axes = {"net.delay"};
  table.head.objectives = std::move(objectives);
  table.parameters = {{"net.delay", "parameter", {"net.delay", "s", "", ""}}};
  for (const Made& made : points) {
    Row row;
    const std::string text = std::to_string(std::lround(made.delay * 1e6)) + " us";
    row.point = {
        table.rows.size(), made.scheme, std::to_string(made.seed), "", {{"net.delay", text}}};
    row.state = made.state;
    row.parameters = {{text, made.delay}};
    for (const auto& [name, value] : made.metrics) {
      row.metrics.push_back({{name, "1", "max", ""}, value});
      if (find_metric(table, name) == nullptr) table.metrics.push_back({name, "1", "max", ""});
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace vctoe::sweep::test
