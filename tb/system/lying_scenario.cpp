// The program, with a simulation that lies: what it says that it measured is better than what it
// did. VCTOE_LIE names the figure.
#include <cstdlib>

#include "sw/cli/simulation.h"

namespace {

using vctoe::outputs::RunSummary;

void lie(RunSummary& run) {
  const char* const about = std::getenv("VCTOE_LIE");
  const std::string what = about == nullptr ? "" : about;
  if (what == "goodput") run.goodput_bps = 9.5e9;
  if (what == "completion") run.completion_s = 1e-6;
  if (what == "pinned") run.pinned_byte_s = 1;
}

class Liar : public vctoe::cli::Simulation {
 public:
  RunSummary run(const vctoe::scenario::RunOptions& options, const std::string& scheme) override {
    vctoe::scenario::RunOptions lying = options;
    lying.measured = lie;
    return vctoe::scenario::run_one(params_, lying, scheme);
  }
};

}  // namespace

int main(int argc, char** argv) {
  Liar liar;
  return vctoe::cli::program(argc, argv, liar);
}
