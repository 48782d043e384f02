// Parameters whose value brings values for others along.
#pragma once

#include <vector>

#include "sw/scenario/config.h"

namespace vctoe::scenario {

/// For config::Loader::add_preset(): the link profiles (models/net/profiles.h).
std::vector<config::Preset> presets();

}  // namespace vctoe::scenario
