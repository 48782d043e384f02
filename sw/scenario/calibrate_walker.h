// What the RTL walker's clock says to the cycle counts of the model.
#pragma once

#include <cstdint>
#include <string>

#include "models/nic/walker_params.h"

namespace vctoe::scenario {

/// Cycles of single walks of the RTL at a memory and a host of known latency, as parameters of the
/// model: a TOML fragment, with the parameter set that they belong to. Inside sc_main, once a
/// process; the parameters' own latencies are not looked at. Throws sim::Error.
std::string calibrate_walker(nic::WalkerParams params, std::uint64_t connections);

}  // namespace vctoe::scenario
