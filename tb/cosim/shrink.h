// Cuts a failing stimulus down to what the failure needs.
#pragma once

#include <functional>

#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

/// The scenario still fails.
using Fails = std::function<bool(const Scenario&)>;

/// The shortest that was found by leaving out operations (Zeller and Hildebrandt, "Simplifying and
/// isolating failure-inducing input", 2002) and by making what is left simpler: no delays, no
/// back-pressure, fewer engines, shorter walks. `scenario` must fail; at most `tries` runs.
Scenario shrink(const Scenario& scenario, const Fails& fails, unsigned tries = 3000);

}  // namespace vctoe::cosim
