// All results of a sweep in one table: results.csv, columns.csv and results.sqlite.
#pragma once

#include <string>

#include "sw/sweep/table.h"

namespace vctoe::sweep {

constexpr int kDatabaseVersion = 1;

std::string results_csv(const Table& table);
std::string columns_csv(const Table& table);
/// Written aside and renamed. Throws sim::Error(kUser) when the disk does not take it.
void write_database(const Table& table, const std::string& folder);

}  // namespace vctoe::sweep
