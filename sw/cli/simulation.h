// The simulation, as the command line sees it.
#pragma once

#include <string>
#include <vector>

#include "sw/cli/program.h"
#include "sw/scenario/calibrate_walker.h"
#include "sw/scenario/params.h"
#include "sw/scenario/presets.h"
#include "sw/scenario/schemes.h"

namespace vctoe::cli {

class Simulation : public ScenarioPort {
 public:
  void declare(sim::ParamList& list) override { params_.declare(list); }
  const std::vector<std::string>& schemes() const override { return scenario::known_schemes(); }
  std::string full_name(const std::string& scheme) const override {
    return std::string(scenario::find_scheme(scheme).name);
  }
  std::vector<config::Preset> presets() const override { return scenario::presets(); }
  void check(std::vector<std::string>& problems) const override {
    scenario::check_params(params_, problems);
  }
  std::string calibrate_walker() override {
    return scenario::calibrate_walker(params_.system.nic.walker,
                                      params_.system.nic.core.connections);
  }
  outputs::RunSummary run(const scenario::RunOptions& options, const std::string& scheme) override {
    return scenario::run_one(params_, options, scheme);
  }

 protected:
  scenario::ScenarioParams params_;
};

}  // namespace vctoe::cli
