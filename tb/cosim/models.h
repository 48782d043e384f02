// The Verilated walkers that a program was linked with.
#pragma once

#include "tb/cosim/pins.h"

namespace vctoe::cosim {

std::unique_ptr<Dut> make_small(std::uint64_t seed);
std::unique_ptr<Dut> make_standard(std::uint64_t seed);
std::unique_ptr<Dut> make_large(std::uint64_t seed);
std::unique_ptr<Dut> make_rtl(Set set, std::uint64_t seed);

}  // namespace vctoe::cosim
