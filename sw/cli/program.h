// The whole program behind main(): reads the command line, does the command, maps failures to exit
// codes.
#pragma once

#include "sw/cli/scenario_port.h"

namespace vctoe::cli {

enum ExitCode : int {
  kOk = 0,
  kCheckFailed = 1,
  kUsage = 2,  ///< command line or configuration
  kInternal = 3,
  kInterrupted = 130,
};

/// Runs `vctoe` with these arguments; the result is the exit code.
int program(int argc, char** argv, ScenarioPort& scenario);

}  // namespace vctoe::cli
