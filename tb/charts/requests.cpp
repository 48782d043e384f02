// Requests and what the host does for them: FIG. 8 and 11 up to the reply, FIG. 9 and 10.
#include <algorithm>

#include "sw/kernel/memory_service.h"
#include "tb/charts/flow_charts.h"

namespace vctoe::charts {

using sim::TraceKind;

void FlowCharts::request(const Event& event) {
  ConnectionRun& c = connection(event);
  if (!c.known) return;
  BlockRun b;
  b.txn = event.txn;
  b.node = event.node;
  b.connection = event.connection;
  b.begin = c.offset_of(event.seq);
  b.end = b.begin + event.length;
  b.address = event.address;
  b.again = event.detail == static_cast<std::uint32_t>(sim::Why::kRetransmit);
  if (b.again) {
    request_again(c, b, event);
  } else {
    request_first(c, b, event);
  }
  blocks_[b.txn] = b;
}

void FlowCharts::request_first(ConnectionRun& c, BlockRun& b, const Event& event) {
  b.token.figure = post_figure();
  if (posted_first()) {
    const int block = b.token.figure == Figure::k3 ? 76 : 456;
    fail(b.token.figure, block, "nothing was to be asked for: addresses came with the post", event);
  }
  const int block = b.token.figure == Figure::k11 ? 352 : 252;
  PostRun* p = post_at(c, b.begin);
  if (p == nullptr || b.end > p->end || b.begin != p->requested) {
    fail(b.token.figure, block, "the next block of a post was expected", event);
  }
  b.whole = whole_of(b, *p);
  if (b.whole >= c.right + options_.prefetch) {
    fail(b.token.figure, block,
         "its first byte, offset " + std::to_string(b.whole) +
             ", was expected inside the window, which ends at " + std::to_string(c.right),
         event);
  }
  check_outstanding(c, b, event);
  if (b.begin == p->begin) {
    b.token.at = block - 2;
  } else {
    b.token.at = p->acked_blocks == b.begin ? block + 24 : kElsewhere;
  }
  // Parts of one block are asked for together in the single-block form too.
  const bool part = b.token.at == kElsewhere && b.whole != b.begin;
  if (part && !relaxed(Relax::kSeveralBlocks)) {
    b.token.at = block;
  } else {
    step(b.token, block, event);
  }
  b.post = p->txn;
  p->requested = b.end;
  p->last_length = b.length();
  p->last_whole = b.whole;
  c.first[b.begin] = b.txn;
}

/// A pushed block that is asked for in parts counts as one, and is ready as one. All parts but the
/// last are as long as a part may be.
std::uint64_t FlowCharts::whole_of(const BlockRun& b, const PostRun& p) const {
  const bool part = b.token.figure == Figure::k11 && b.begin != p.begin &&
                    p.last_length == options_.push_chunk &&
                    b.end - p.last_whole <= options_.block_size;
  return part ? p.last_whole : b.begin;
}

/// No more blocks than parameters say before one is acknowledged.
void FlowCharts::check_outstanding(const ConnectionRun& c, const BlockRun& b,
                                   const Event& event) const {
  std::set<std::uint64_t> before;
  for (const auto& [begin, txn] : c.first) before.insert(blocks_.at(txn).whole);
  before.erase(b.whole);
  if (before.size() < options_.blocks_outstanding) return;
  fail(b.token.figure, b.token.figure == Figure::k11 ? 352 : 252,
       "the acknowledgment of the block before was expected: " + std::to_string(before.size()) +
           " unacknowledged, " + std::to_string(options_.blocks_outstanding) + " allowed",
       event);
}

void FlowCharts::request_again(ConnectionRun& c, BlockRun& b, const Event& event) {
  if (options_.retransmit == "posted") {
    fail(Figure::k3, 76, "nothing was to be asked for: addresses came with the post", event);
  }
  if (b.end > c.sent_at_most() || b.begin >= b.end) {
    fail(Figure::k9, 282, "bytes that were sent before were expected", event);
  }
  b.undecided = true;
  if (options_.retransmit == "physical") decide(b, Figure::k9, event);
  if (options_.retransmit == "pushed") decide(b, Figure::k10, event);
  c.again.insert(b.txn);
  retransmitted(c, b.begin, b.end, event);
}

void FlowCharts::decide(BlockRun& b, Figure figure, const Event& event) {
  if (!b.undecided) return;
  b.undecided = false;
  b.token = {figure, kEntry};
  step(b.token, figure == Figure::k9 ? 282 : 300, event);
}

void FlowCharts::gather(const Event& event) {
  const bool pin = event.kind == TraceKind::kPin;
  if (pin && event.seq == 1) return;  // the NIC's own, beside the host's until that is handed over
  if (pin && event.detail != static_cast<std::uint32_t>(kernel::PinOwner::kAgent)) return;
  BlockRun* b = block(event.txn);
  if (b == nullptr) {
    if (pin) post_pin(event);
    return;
  }
  if (pin) decide(*b, Figure::k9, event);
  if (b->undecided) return;
  if (b->pushed()) {
    const int block = b->token.figure == Figure::k10 ? 302 : 354;
    if (pin) fail(b->token.figure, block, "data was expected, and nothing pinned for it", event);
    return;
  }
  const int gathered = b->again ? 284 : 254;
  const bool later = relaxed(Relax::kParts) && b->token.at > gathered + 2;
  if (!later && b->token.at != gathered && b->token.at != gathered + 2) {
    step(b->token, gathered, event);
  }
  if (!pin) return;
  if (b->token.at == gathered) step(b->token, gathered + 2, event);
  b->pinned += event.length;
}

void FlowCharts::unpin(const Event& event) {
  if (event.seq == 2) return;  // handed over to the NIC: the pin stays
  if (event.detail != static_cast<std::uint32_t>(kernel::PinOwner::kAgent)) return;
  if (BlockRun* b = block(event.txn)) return block_unpin(*b, event);
  const auto p = posts_.find(event.txn);
  if (p != posts_.end()) post_unpin(p->second, event);
}

void FlowCharts::block_unpin(BlockRun& b, const Event& event) {
  b.unpinned += event.length;
  const bool unanswered =
      b.token.at == 254 || b.token.at == 256 || b.token.at == 284 || b.token.at == 286;
  if (unanswered) {
    b.refused = true;  // part of a pin that did not work out; no reply may follow
    return;
  }
  const int block = b.again ? 294 : 266;
  const bool early = relaxed(Relax::kUnpinEarly) && b.retrieved;
  const bool sent = b.again ? b.token.at == 296 : b.sent == b.length();
  if (!sent && !early) {
    fail(b.token.figure, block,
         "every packet was expected to be sent before, there are " + std::to_string(b.sent) +
             " bytes of " + std::to_string(b.length()),
         event);
  }
  if (!b.again && options_.unpin_at == "acknowledged" &&
      connections_.at({b.node, b.connection}).una < b.end) {
    fail(b.token.figure, block, "every byte was expected to be acknowledged before", event);
  }
  forget_if_over(b);
}

void FlowCharts::forget_if_over(const BlockRun& b) {
  const int at = b.token.at;
  const bool over = at == 276 || at == 376 || at == 296 || at == 310;
  if (over && b.pinned == b.unpinned) blocks_.erase(b.txn);
}

void FlowCharts::reply(const Event& event) {
  BlockRun* b = block(event.txn);
  const bool pushed = event.kind == TraceKind::kReplyPushed;
  if (b == nullptr) {
    if (!connection(event).known || event.kind == TraceKind::kReplyError) return;
    fail(Figure::k8, 260, "a request was expected before its reply", event);
  }
  if (event.kind == TraceKind::kReplyError) {
    b->refused = true;
    return;
  }
  decide(*b, pushed ? Figure::k10 : Figure::k9, event);
  if (pushed) return step(b->token, b->again ? 302 : 354, event);
  const int block = b->again ? 288 : 260;
  const std::uint64_t from = options_.copied ? 0 : b->address;
  const std::uint64_t pages = (from + b->length() + 4095) / 4096 - from / 4096;
  const bool whole = !relaxed(Relax::kParts) && !relaxed(Relax::kNoReply);
  if (whole && (b->pinned < pages * 4096 || b->refused)) {
    fail(b->token.figure, block,
         "pins of all its pages were expected before, there are " +
             std::to_string(b->pinned / 4096) + " of " + std::to_string(pages) +
             (b->refused ? ", given back" : ""),
         event);
  }
  step(b->token, block, event);
}

void FlowCharts::buffer_write(const Event& event) {
  BlockRun* b = block(event.txn);
  if (b == nullptr || !b->pushed()) return;
  const int block = b->again ? 304 : 356;
  if (event.length != b->length() && !relaxed(Relax::kParts)) {
    fail(b->token.figure, block,
         "exactly the " + std::to_string(b->length()) + " bytes asked for were expected", event);
  }
  step(b->token, block, event);
}

void FlowCharts::dma_read(const Event& event) {
  const BlockRun* b = block(event.txn);
  if (b == nullptr || b->undecided) return;
  if (b->pushed()) {
    fail(b->token.figure, b->again ? 308 : 362, "bytes out of the packet buffer were expected",
         event);
  }
  const int replied = b->again ? 288 : 260;
  if (b->token.at < replied && !relaxed(Relax::kNoReply)) {
    fail(b->token.figure, replied, "the reply was expected before its pages are read", event);
  }
}

}  // namespace vctoe::charts
