#include "models/nic/walker_factory.h"

#include "models/nic/lockstep_walker.h"
#include "models/nic/rtl_walker.h"
#include "models/nic/tlm_walker.h"

namespace vctoe::nic {

std::unique_ptr<WalkerBlock> make_walker(const char* name, sim::Context& context, std::uint8_t node,
                                         const WalkerParams& params, std::uint64_t connections,
                                         WalkerSink& sink) {
  switch (params.impl) {
    case WalkerImpl::kRtl:
      return std::make_unique<RtlWalker>(name, context, node, params, connections, sink);
    case WalkerImpl::kLockstep:
      return std::make_unique<LockstepWalker>(name, context, node, params, connections, sink);
    default:
      return std::make_unique<TlmWalker>(name, context, node, params, sink);
  }
}

void check_walker(const WalkerParams& params, const CoreParams& core, std::uint64_t cards) {
  if (params.impl == WalkerImpl::kTlm) return;
  if (core.units == Units::kSingle) {
    sim::user_error("nic.units = single needs nic.walker.impl = tlm: RTL has a clock of its own");
  }
  walker_set_for(params, core.connections * cards);
}

}  // namespace vctoe::nic
