#include "sw/scenario/outputs_spans.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::outputs {

namespace {

using sim::TraceEvent;
using sim::TraceKind;
using sim::TraceMask;

std::uint64_t by_txn(const TraceEvent& e) {
  return e.txn;
}
std::uint64_t by_address(const TraceEvent& e) {
  return e.address;
}
bool always(const TraceEvent& /*event*/) {
  return true;
}
bool for_node(const TraceEvent& e) {
  return e.detail == static_cast<std::uint32_t>(sim::Why::kNode);
}
bool for_block(const TraceEvent& e) {
  return !for_node(e);
}

constexpr TraceMask kReplies =
    sim::mask_of(TraceKind::kReplyPhysical, TraceKind::kReplyPushed, TraceKind::kReplyError);

}  // namespace

/// The answer to a part of a block ends nothing.
bool SpanKind::ended_by(const TraceEvent& e) const {
  const bool part = e.kind == TraceKind::kReplyPhysical && e.detail != 0;
  return (end & sim::mask_of(e.kind)) != 0 && !part;
}

const std::vector<SpanKind>& span_kinds() {
  static const std::vector<SpanKind> kinds{
      {"post", Lane::kApplication, TraceKind::kPost, sim::mask_of(TraceKind::kStreamAcked), by_txn,
       always},
      {"serve block", Lane::kHost, TraceKind::kServe, kReplies, by_txn, for_block},
      // The answer with a page of records is no event; its pin comes shortly before it.
      {"serve node", Lane::kHost, TraceKind::kServe, sim::mask_of(TraceKind::kPin), by_txn,
       for_node},
      {"swap in", Lane::kDisk, TraceKind::kSwapBegin, sim::mask_of(TraceKind::kSwapIn), by_address,
       always},
      {"walk", Lane::kWalker, TraceKind::kWalk,
       sim::mask_of(TraceKind::kWalkDone, TraceKind::kWalkFault), by_txn, always},
      {"block", Lane::kRequests, TraceKind::kBlockRequest,
       sim::mask_of(TraceKind::kBlockSent, TraceKind::kReplyError), by_txn, always},
      {"wait for host", Lane::kRequests, TraceKind::kBlockRequest, kReplies, by_txn, always},
      {"dma read", Lane::kDma, TraceKind::kDmaBegin, sim::mask_of(TraceKind::kBufferWrite),
       by_address, always}};
  return kinds;
}

const SpanKind& span_kind(std::string_view name) {
  const auto& all = span_kinds();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const SpanKind& k) { return k.name == name; });
  if (found == all.end()) sim::model_error("no such kind of span");
  return *found;
}

}  // namespace vctoe::outputs
