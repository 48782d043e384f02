// The folder of a single run as a table with a row for each scheme.
#pragma once

#include <string>

#include "sw/sweep/table.h"

namespace vctoe::report {

/// From the text of stats.json. Throws
/// sim::Error(kUser), as of a file called `name`, for what is none.
sweep::Table run_table(const std::string& text, const std::string& name);

}  // namespace vctoe::report
