// Events of the trace about a whole post.
#pragma once

#include "models/nic/connection.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

/// Emits that `kind` has happened to `post` of `connection`: where its list is, its bytes and the
/// sequence number of the first.
void trace_post(sim::Context& context, sim::TraceKind kind, std::uint8_t node,
                std::uint32_t connection, const Post& post);

}  // namespace vctoe::nic
