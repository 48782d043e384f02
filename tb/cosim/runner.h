// Tests by name, as the command line asks for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tb/cosim/bench.h"

namespace vctoe::cosim {

enum class WaveMode : std::uint8_t { kOnFailure, kAlways, kNever };

struct Request {
  std::vector<std::string> tests;  ///< "random" and names of directed tests; empty: all
  std::vector<Set> sets;           ///< empty: all
  std::uint64_t seed = 1;
  unsigned runs = 0;  ///< random scenarios of each set, seeds from `seed` on; 0: as `walks` says
  unsigned walks = 1000;  ///< of random scenarios, in all sets together
  WaveMode wave = WaveMode::kOnFailure;
  bool shrink = false;
  std::string coverage;      ///< file to merge functional coverage into
  std::string record;        ///< file for the traffic of the last run
  std::string out = ".";     ///< folder of waves
  std::string rtl_coverage;  ///< folder for line and toggle coverage, a file a run
};

/// Prints what it does. False when a test failed.
bool run_tests(const Request& request, DutFactory factory);

}  // namespace vctoe::cosim
