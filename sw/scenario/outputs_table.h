// The table at the end of a run: a row for each scheme, a column for each figure.
#pragma once

#include <string>
#include <vector>

#include "sw/scenario/outputs.h"

namespace vctoe::outputs {

/// The table, then the digest of the source with what arrived in each scheme beside it, then why a
/// scheme failed. Each column takes the unit that suits its largest value.
std::string summary_table(const std::vector<RunSummary>& runs);

/// Rows of cells as text, a column as wide as its widest cell: the first to the left, others to the
/// right. All rows are as long as the first, or shorter.
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// A figure for readers: four digits with the unit that suits it, "9.412 Gb/s" for 9.412e9 "bit/s".
/// `unit` is that of a column: "s", "B", "B.s", "bit/s", "1", or another that is shown as it is.
std::string quantity_text(double value, const std::string& unit);

/// What arithmetic says of the same runs, and how far they are from it; a gap beyond what is
/// expected has an exclamation mark. Empty when no run is complete.
std::string twin_table(const std::vector<RunSummary>& runs);

}  // namespace vctoe::outputs
