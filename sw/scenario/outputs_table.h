// The table at the end of a run: a row for each scheme, a column for each figure.
#pragma once

#include <string>
#include <vector>

#include "sw/scenario/outputs.h"

namespace vctoe::outputs {

/// The table, then the digest of the source with what arrived in each scheme beside it, then why a
/// scheme failed. Each column takes the unit that suits its largest value.
std::string summary_table(const std::vector<RunSummary>& runs);

}  // namespace vctoe::outputs
