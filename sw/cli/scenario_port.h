// What the command line needs of a simulation. The program binds it to sw/scenario, tests to a
// scenario that only pretends.
#pragma once

#include <string>
#include <vector>

#include "models/sim/params.h"
#include "sw/scenario/config.h"
#include "sw/scenario/outputs.h"
#include "sw/scenario/run.h"

namespace vctoe::cli {

class ScenarioPort {
 public:
  virtual ~ScenarioPort() = default;
  /// Every parameter, `seed`, `file` and `schemes` at the root among them (sw/scenario/run.h).
  virtual void declare(sim::ParamList& list) = 0;
  virtual const std::vector<std::string>& schemes() const = 0;
  /// The name under which results of a known scheme stand; a short name may have a longer one.
  virtual std::string full_name(const std::string& scheme) const { return scheme; }
  /// Values that come with the value of another parameter.
  virtual std::vector<config::Preset> presets() const { return {}; }
  virtual void check(std::vector<std::string>& problems) const = 0;
  /// Measures the RTL walker; a TOML fragment. Called at most once a process, from sc_main.
  virtual std::string calibrate_walker() { return {}; }
  /// Called at most once a process, from sc_main.
  virtual outputs::RunSummary run(const scenario::RunOptions& options,
                                  const std::string& scheme) = 0;
};

}  // namespace vctoe::cli
