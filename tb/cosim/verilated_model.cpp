// Compiled once for each Verilated model: VCTOE_MODEL is its class, VCTOE_HEADER the file of that,
// VCTOE_MAKE the name of the function that makes one.
#include VCTOE_HEADER
#include "tb/cosim/models.h"
#include "tb/cosim/verilated_dut.h"

namespace vctoe::cosim {

std::unique_ptr<Dut> VCTOE_MAKE(std::uint64_t seed) {
  return std::make_unique<VerilatedDut<VCTOE_MODEL>>(seed);
}

}  // namespace vctoe::cosim
