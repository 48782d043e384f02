// All results of a sweep in one table: results.csv, columns.csv and results.sqlite.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "sw/sweep/point_result.h"

namespace vctoe::sweep {

constexpr int kDatabaseVersion = 1;

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

std::string results_csv(const Table& table);
std::string columns_csv(const Table& table);
/// Written aside and renamed. Throws sim::Error(kUser) when the disk does not take it.
void write_database(const Table& table, const std::string& folder);

}  // namespace vctoe::sweep
