// What readers of TOML share: places for messages, and scalars. Only for sources that include
// toml++.
#pragma once

#include <toml++/toml.h>

#include <string>

#include "sw/scenario/config_report.h"
#include "sw/scenario/config_value.h"

namespace vctoe::config {

Location locate(const std::string& file, const toml::source_region& at);
/// The scalar, or Other for what is none.
Value value_of_node(const toml::node& node);

}  // namespace vctoe::config
