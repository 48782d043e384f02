// What the transmit engine tells host, trace and statistics about bytes that were read and sent.
#include <algorithm>

#include "models/nic/post_trace.h"
#include "models/nic/tx_engine.h"

namespace vctoe::nic {

using sim::TraceKind;

void TxEngine::Stats::declare(sim::StatList& list) const {
  list.add("segments", segments, "1", "segments with payload sent, retransmissions included");
  list.add("payload_bytes", payload_bytes, "B", "their payload");
  list.add("retransmitted_segments", retransmitted_segments, "1", "segments sent again");
  list.add("retransmitted_bytes", retransmitted_bytes, "B", "their payload");
  list.add("control_segments", control_segments, "1", "segments without payload sent");
  list.add("from_retained", from_retained, "1", "retransmissions out of the packet buffer");
  list.add("from_kept", from_kept, "1",
           "retransmissions out of pages that were pinned until acknowledged");
  list.add("waits_for_buffer", waits_for_buffer, "1", "segments that found no packet buffer");
  list.add("void_plans", void_plans, "1", "plans that were acknowledged before they left");
}

namespace {
/// Bytes of the job that belong to the post.
std::uint64_t overlap(const Post& post, const TxJob& job) {
  const std::uint64_t from = std::max(post.begin, job.plan.offset);
  const std::uint64_t to = std::min(post.end, job.end());
  return from < to ? to - from : 0;
}
}  // namespace

/// The pages of a post may go as soon as its last byte has been read, if nothing is resent from it.
void TxEngine::account_retrieved(Connection& c, const TxJob& job) {
  if (params_.unpin_at != UnpinAt::kRetrieved) return;
  for (Post& post : c.posts) {
    const std::uint64_t n = overlap(post, job);
    post.unretrieved -= n;
    if (n != 0 && post.unretrieved == 0) notify(CompletionKind::kStreamRetrieved, c, post);
  }
}

void TxEngine::notify(CompletionKind kind, const Connection& c, const Post& post) {
  CompletionEntry entry;
  entry.kind = kind;
  entry.connection = c.id;
  entry.txn = post.txn;
  completions_.push(entry);
}

void TxEngine::account_first(Connection& c, const TxJob& job) {
  for (Post& post : c.posts) {
    const std::uint64_t n = overlap(post, job);
    post.unsent -= n;
    if (n == 0 || post.unsent != 0) continue;
    trace_post(context_, TraceKind::kStreamSent, node_, c.id, post);
    notify(CompletionKind::kStreamSent, c, post);
  }
}

/// Payload of a live connection has left the MAC.
void TxEngine::account(Connection& c, const TxJob& job) {
  const auto kind = job.plan.retransmit ? TraceKind::kTxRetransmit : TraceKind::kTxFirst;
  context_.trace.emit({{},
                       kind,
                       node_,
                       0,
                       c.id,
                       job.txn(),
                       job.plan.offset,
                       job.plan.length,
                       c.first_sequence + static_cast<std::uint32_t>(job.plan.offset),
                       0});
  if (job.plan.retransmit) {
    ++stats_.retransmitted_segments;
    stats_.retransmitted_bytes += job.plan.length;
  } else {
    account_first(c, job);
  }
}

void TxEngine::account_control(const TxJob& job) {
  ++stats_.control_segments;
  context_.trace.emit(
      {{}, TraceKind::kTxControl, node_, 0, job.plan.connection, 0, 0, 0, job.sequence, job.flags});
}

}  // namespace vctoe::nic
