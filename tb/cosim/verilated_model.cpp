// Compiled once for each Verilated model: VCTOE_MODEL is its class, VCTOE_HEADER the file of that,
// VCTOE_MAKE the name of the function that makes one, VCTOE_DUT what drives it, of
// VCTOE_DUT_HEADER.
#include VCTOE_HEADER
#include "tb/cosim/models.h"
#ifndef VCTOE_DUT
#define VCTOE_DUT VerilatedDut
#define VCTOE_DUT_HEADER "tb/cosim/verilated_dut.h"
#endif
#include VCTOE_DUT_HEADER

namespace vctoe::cosim {

std::unique_ptr<Dut> VCTOE_MAKE(std::uint64_t seed) {
  return std::make_unique<VCTOE_DUT<VCTOE_MODEL>>(seed);
}

}  // namespace vctoe::cosim
