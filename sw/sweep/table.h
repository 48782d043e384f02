// A sweep as a table: its plan, and of each point what it measured.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sw/sweep/point_result.h"

namespace vctoe::sweep {

/// A cell has text, and a number where it is one.
struct Cell {
  std::string text;
  double number = outputs::kNotMeasured;
};

struct Column {
  std::string name;
  std::string kind;  ///< "point", "parameter", "metric"
  MetricDef def;
};

struct Row {
  Point point;
  State state = State::kMissing;
  std::string pass;  ///< "1", "0", or empty where nothing is asked
  std::string reason;
  double wall_s = 0;
  std::vector<Cell> parameters;  ///< of the axes
  std::vector<Metric> metrics;   ///< those that it has
};

struct Table {
  PlanHead head;
  std::string plan;                ///< its id
  std::vector<Column> parameters;  ///< the axes
  std::vector<MetricDef> metrics;  ///< of any row: the summary's, then by name
  std::vector<Row> rows;           ///< by index
};

/// Reads plan and results. Throws sim::Error(kUser) for what does not belong together.
Table gather(const std::string& folder, const Plan& plan, const Design& design);

/// What is varied: the scheme, or the parameter of an axis.
struct Factor {
  std::string name;
  std::string unit;                 ///< empty for names
  std::vector<std::string> texts;   ///< of each row
  std::vector<double> numbers;      ///< of each row; NaN for names
  std::vector<std::string> levels;  ///< different texts: by number, names as they first appear
};
/// Those that take more than one value, the scheme first.
std::vector<Factor> factors_of(const Table& table);

/// A metric of each row; NaN where it was not measured or the point is not `ok`.
std::vector<double> values_of(const Table& table, const std::string& metric);
/// Null when no row has it.
const MetricDef* find_metric(const Table& table, const std::string& name);

/// Rows that differ only in their seed, in the order of the first of each.
std::vector<std::vector<std::size_t>> configurations(const Table& table);

}  // namespace vctoe::sweep
