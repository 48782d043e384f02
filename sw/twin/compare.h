// A run beside its analytic twin.
#pragma once

#include "sw/scenario/outputs.h"
#include "sw/scenario/params.h"
#include "sw/scenario/schemes.h"

namespace vctoe::twin {

/// Fills in the closed forms and the gaps of a run whose bytes all arrived, and makes it a failed
/// one when a figure beats its physical bound.
void compare(outputs::RunSummary& run, const scenario::ScenarioParams& params,
             const scenario::Scheme& scheme);

}  // namespace vctoe::twin
