// Scenarios by chance.
#pragma once

#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

/// Follows from set and seed. `walks`: about how many (0: a number by chance, 20 to 60).
Scenario random_scenario(Set set, std::uint64_t seed, unsigned walks = 0);

}  // namespace vctoe::cosim
