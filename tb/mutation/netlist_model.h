// The door of model.so.
#pragma once

#include <cstdint>

#include "tb/cosim/pins.h"

/// A walker that the caller deletes. `mutant`: number of the mutation that is at work; 0: none.
extern "C" vctoe::cosim::Dut* vctoe_make_netlist(std::uint64_t seed, std::uint32_t mutant);
