#include "models/nic/post_trace.h"

namespace vctoe::nic {

void trace_post(sim::Context& context, sim::TraceKind kind, std::uint8_t node,
                std::uint32_t connection, const Post& post) {
  context.trace.emit({{},
                      kind,
                      node,
                      post.asid,
                      connection,
                      post.txn,
                      post.list_head,
                      post.end - post.begin,
                      post.first_sequence,
                      0});
}

}  // namespace vctoe::nic
