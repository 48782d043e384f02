// From a scenario file and the options of the command line to checked parameters.
#pragma once

#include <string>
#include <vector>

#include "sw/cli/commands.h"
#include "sw/cli/scenario_port.h"

namespace vctoe::cli {

/// The file that this name means: itself, or traces/<name>.toml; the default scenario for "".
std::string scenario_path(const std::string& name);

/// Parameters by name, for the three that the command line knows. A missing one is a model_error.
std::string& text_param(const sim::ParamList& list, const std::string& path);
std::uint64_t& whole_param(const sim::ParamList& list, const std::string& path);

/// "fig3, fig8" or "fig3,fig8" as names.
std::vector<std::string> split_names(const std::string& text);

/// Makes the path of the file to send absolute, if there is one; reports one that cannot be read.
void settle_file(const config::Loader& loader, const sim::ParamList& list,
                 std::vector<std::string>& problems);

/// Loads file and options onto the list and runs every check: values, pairs, names of schemes, and
/// whether the file to send can be read. Afterwards `file` is an absolute path or empty.
/// Throws sim::Error(kUser) with the whole report.
void load_scenario(const RunRequest& request, ScenarioPort& scenario, const sim::ParamList& list);

}  // namespace vctoe::cli
