// A recording against the walker alone.
#pragma once

#include <optional>
#include <string>

#include "tb/cosim/pins.h"

namespace vctoe::cosim {

struct ReplayRequest {
  std::string file;
  std::optional<Set> set;  ///< none: the first whose parameters hold the recording's configuration
  std::string wave;        ///< file; empty: none
};

/// Prints the first divergence, if there is one. False then. Throws std::runtime_error for a file
/// that is no recording.
bool replay(const ReplayRequest& request, DutFactory factory);

}  // namespace vctoe::cosim
