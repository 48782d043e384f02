// Which edges of the flow charts the system tests take, all together.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tb/charts/tables.h"

namespace vctoe::charts {

/// Writes the edges that a run took, one "FIG. 8 264-262 count" a line, to `folder`, in a file
/// named after the test. Throws std::runtime_error.
void write_taken(const Taken& taken, const std::string& folder, std::string test);

/// One edge and who takes it.
struct Covered {
  std::string figure;
  std::string edge;
  std::string event;
  bool drawn = true;  ///< by the figure; false: legal besides
  std::string test;   ///< the first by name; empty: none
};
/// Every edge of all charts. An edge in a file that no chart has is an error:
/// std::runtime_error.
std::vector<Covered> read_taken(const std::string& folder);

/// The edges that a figure draws and no test takes.
std::vector<std::string> missing(const std::vector<Covered>& edges);
std::string as_markdown(const std::vector<Covered>& edges);
/// The page with the table between its two marks replaced. Throws std::runtime_error without marks.
std::string with_table(const std::string& page, const std::string& table);

}  // namespace vctoe::charts
