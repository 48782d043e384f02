// The options of `run` that begin with --vcd.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sw/scenario/waves_options.h"

namespace vctoe::cli {

/// As they stand on the command line.
struct WaveRequest {
  bool on = false;
  std::optional<std::string> from, to, before, length, limit, trigger;
  std::vector<std::string> scopes;
  std::vector<std::string> connections;
};

/// Throws sim::Error(kUser) for the first one that is wrong, with what would be right.
waves::Options parse_waves(const WaveRequest& request);

}  // namespace vctoe::cli
