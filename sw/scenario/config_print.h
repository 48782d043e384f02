// Parameters on paper: the final configuration of a run, and the tables of all parameters.
#pragma once

#include <string>

#include "models/sim/params.h"

namespace vctoe::config {

/// Every parameter with its present value, as TOML that the loader turns back into exactly the same
/// values; in the order of declaration, tables together. `heading` becomes comment lines at the
/// top.
std::string final_configuration(const sim::ParamList& list, const std::string& heading);

/// Of parameters whose path is `prefix` or lies below it (empty: all), with present values as
/// defaults.
std::string params_text(const sim::ParamList& list, const std::string& prefix);
std::string params_json(const sim::ParamList& list, const std::string& prefix);
/// A page with a table for each group: docs/parameters.md.
std::string params_markdown(const sim::ParamList& list, const std::string& prefix);

}  // namespace vctoe::config
