// Binds the command line to the simulation.
#include "sw/cli/simulation.h"

int main(int argc, char** argv) {
  vctoe::cli::Simulation simulation;
  return vctoe::cli::program(argc, argv, simulation);
}
