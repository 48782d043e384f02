// Binds the command line to the simulation.
#include "sw/cli/program.h"
#include "sw/scenario/calibrate_walker.h"
#include "sw/scenario/params.h"
#include "sw/scenario/presets.h"
#include "sw/scenario/schemes.h"

namespace {

class Simulation : public vctoe::cli::ScenarioPort {
 public:
  void declare(vctoe::sim::ParamList& list) override { params_.declare(list); }
  const std::vector<std::string>& schemes() const override {
    return vctoe::scenario::known_schemes();
  }
  std::string full_name(const std::string& scheme) const override {
    return std::string(vctoe::scenario::find_scheme(scheme).name);
  }
  std::vector<vctoe::config::Preset> presets() const override { return vctoe::scenario::presets(); }
  void check(std::vector<std::string>& problems) const override {
    vctoe::scenario::check_params(params_, problems);
  }
  std::string calibrate_walker() override {
    return vctoe::scenario::calibrate_walker(params_.system.nic.walker,
                                             params_.system.nic.core.connections);
  }
  vctoe::outputs::RunSummary run(const vctoe::scenario::RunOptions& options,
                                 const std::string& scheme) override {
    return vctoe::scenario::run_one(params_, options, scheme);
  }

 private:
  vctoe::scenario::ScenarioParams params_;
};

}  // namespace

int main(int argc, char** argv) {
  Simulation simulation;
  return vctoe::cli::program(argc, argv, simulation);
}
