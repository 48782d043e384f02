// nic.walker.impl: which walker the NIC gets.
#pragma once

#include <memory>

#include "models/nic/nic_params.h"
#include "models/nic/walker_block.h"

namespace vctoe::nic {

/// `connections`: ids are below that. Throws sim::Error(kUser) for parameters that the RTL cannot
/// hold.
std::unique_ptr<WalkerBlock> make_walker(const char* name, sim::Context& context, std::uint8_t node,
                                         const WalkerParams& params, std::uint64_t connections,
                                         WalkerSink& sink);

/// Throws sim::Error(kUser), with the parameter and its limit, where make_walker() would.
void check_walker(const WalkerParams& params, const CoreParams& core, std::uint64_t cards);

}  // namespace vctoe::nic
