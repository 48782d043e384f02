// Segments, acknowledgments and retransmissions.
#include <algorithm>

#include "tb/charts/flow_charts.h"

namespace vctoe::charts {

/// The MAC takes segments one after the other, and each has been copied out of the packet buffer
/// at the moment when it was decided that it leaves.
void FlowCharts::handed(const Event& event) {
  ConnectionRun& c = connection(event);
  c.handed.push_back({c.una, event.length, event.txn});
  if (BlockRun* b = block(event.txn)) b->from_buffer = true;
}

void FlowCharts::tx_first(const Event& event) {
  ConnectionRun& c = connection(event);
  c.una_when_handed(event);
  if (c.posted == 0) return;  // its posts are not in this trace
  if (event.address != c.sent) {
    fail(post_figure(), post_figure() == Figure::k11 ? 362 : 262,
         "the next byte of the stream was expected, offset " + std::to_string(c.sent), event);
  }
  c.sent += event.length;
  if (posted_first()) return post_sent(c, event);
  std::uint64_t covered = 0;
  for (const auto& [begin, txn] : c.first) {
    BlockRun& b = blocks_.at(txn);
    const std::uint64_t from = std::max(b.begin, event.address), to = std::min(b.end, c.sent);
    if (from >= to) continue;
    covered += to - from;
    block_first(c, b, to - from, event);
  }
  if (covered != event.length) {
    fail(post_figure(), post_figure() == Figure::k11 ? 362 : 262,
         "bytes of a block that was asked for were expected", event);
  }
}

void FlowCharts::block_first(ConnectionRun& c, BlockRun& b, std::uint64_t bytes,
                             const Event& event) {
  const bool pushed = b.pushed();
  if (pushed && b.txn == event.txn && !b.from_buffer) {
    fail(b.token.figure, 362, "a read of the packet buffer was expected before", event);
  }
  b.sent += bytes;
  step(b.token, pushed ? 362 : 262, event);
  step(b.token, pushed ? 364 : 264, event);
  if (b.sent != b.length()) return;
  step(b.token, pushed ? 368 : 266, event);
  (void)c;
}

void FlowCharts::tx_again(const Event& event) {
  ConnectionRun& c = connection(event);
  const std::uint64_t una = c.una_when_handed(event);
  if (c.posted == 0) return;
  const std::uint64_t end = event.address + event.length;
  const Figure figure = options_.retransmit == "pushed"   ? Figure::k10
                        : options_.retransmit == "posted" ? Figure::k3
                                                          : Figure::k9;
  const int block = figure == Figure::k10 ? 308 : figure == Figure::k3 ? 76 : 290;
  if (end > c.sent) fail(figure, block, "bytes that were sent before were expected", event);
  if (end <= una) {
    fail(figure, block,
         "unacknowledged bytes were expected; acknowledged is everything before offset " +
             std::to_string(una),
         event);
  }
  if (event.txn == 0 || unasked(event)) return retransmitted(c, event.address, end, event);
  pass_again(c, event);
}

/// The bytes come from where nobody has to be asked: from pages that an earlier request has pinned
/// until they are acknowledged, or through the IOMMU.
bool FlowCharts::unasked(const Event& event) {
  if (options_.translated_again && block(event.txn) == nullptr) return true;
  if (options_.unpin_at != "acknowledged") return false;
  const BlockRun* b = block(event.txn);
  return b == nullptr || !b->again || b->token.at == 296;
}

/// A segment belongs to the request that its first byte belongs to, what is beyond it to the
/// request that goes on there.
void FlowCharts::pass_again(ConnectionRun& c, const Event& event) {
  BlockRun* b = block(event.txn);
  if (b == nullptr) {
    fail(Figure::k9, 290, "a request for the bytes was expected before", event);
  }
  const std::uint64_t end = event.address + event.length;
  std::uint64_t at = event.address;
  while (b != nullptr && at < end) {
    const std::uint64_t to = std::min(b->end, end);
    if (at < b->begin || at >= to) {
      fail(b->token.figure, b->pushed() ? 308 : 290, "bytes of its request were expected", event);
    }
    b->sent += to - at;
    block_again(*b, event);
    at = to;
    const sim::TxnId last = b->txn;
    b = nullptr;
    for (auto i = c.again.upper_bound(last); i != c.again.end() && b == nullptr; ++i) {
      if (blocks_.at(*i).begin == at) b = &blocks_.at(*i);
    }
  }
}

void FlowCharts::block_again(BlockRun& b, const Event& event) {
  decide(b, Figure::k9, event);  // nobody answered: the NIC translates itself
  if (b.pushed()) {
    if (b.txn == event.txn && !b.from_buffer) {
      fail(b.token.figure, 308, "a read of the packet buffer was expected before", event);
    }
    return step(b.token, 308, event);
  }
  step(b.token, 290, event);
  step(b.token, 292, event);
}

void FlowCharts::block_sent(const Event& event) {
  BlockRun* b = block(event.txn);
  if (b == nullptr || b->undecided) return;
  if (!b->again) {
    if (b->sent == b->length()) return;
    fail(b->token.figure, b->pushed() ? 364 : 264,
         std::to_string(b->length()) + " bytes were expected to be sent, there are " +
             std::to_string(b->sent),
         event);
  }
  if (b->pushed()) {
    step(b->token, 310, event);
  } else {
    step(b->token, 294, event);
    step(b->token, 296, event);
  }
  connection(event).again.erase(b->txn);
  forget_if_over(*b);
}

void FlowCharts::ack(const Event& event) {
  ConnectionRun& c = connection(event);
  c.known = true;
  c.base = event.seq - static_cast<std::uint32_t>(event.address);
  c.una = event.address;
  c.right = std::max(c.right, c.una + event.length);
  for (const sim::TxnId txn : c.posts) post_acked(posts_.at(txn), c, event);
  for (auto i = c.first.begin(); i != c.first.end();) {
    BlockRun& b = blocks_.at(i->second);
    block_acked(b, c, event);
    const bool over = b.token.at == 276 || b.token.at == 376;
    if (!over && b.end <= c.una) {
      fail(b.token.figure, b.token.at, "it is acknowledged and was not sent", event);
    }
    i = over ? c.first.erase(i) : std::next(i);
    if (!over) continue;
    posts_.at(b.post).acked_blocks = b.end;
    forget_if_over(b);
  }
}

void FlowCharts::block_acked(BlockRun& b, const ConnectionRun& c, const Event& event) {
  const int base = b.pushed() ? 100 : 0;
  if (b.sent != b.length()) return;
  if (b.token.at != 268 + base) step(b.token, 268 + base, event);
  step(b.token, 270 + base, event);
  step(b.token, (c.una < b.end ? 272 : 276) + base, event);
}

/// [begin, end) is sent again: what that means for the blocks and posts that it belongs to. While a
/// block's packets are still being sent, sending and resending run in parallel ([0065]).
void FlowCharts::retransmitted(ConnectionRun& c, std::uint64_t begin, std::uint64_t end,
                               const Event& event) {
  for (const sim::TxnId txn : c.posts) {
    PostRun& p = posts_.at(txn);
    if (p.begin < end && begin < p.end) post_again(p, event);
  }
  for (const auto& [at, txn] : c.first) {
    BlockRun& b = blocks_.at(txn);
    if (b.begin >= end || begin >= b.end || b.sent != b.length()) continue;
    const int base = b.pushed() ? 100 : 0;
    if (b.token.at != 272 + base) {
      if (b.token.at != 268 + base) step(b.token, 268 + base, event);
      step(b.token, 270 + base, event);
      step(b.token, 272 + base, event);
    }
    step(b.token, 274 + base, event);
  }
}

}  // namespace vctoe::charts
