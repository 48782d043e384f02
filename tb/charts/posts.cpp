// Posts: the whole of FIG. 3 and 12, beginning and end of FIG. 8 and 11.
#include <algorithm>

#include "sw/kernel/memory_service.h"
#include "tb/charts/flow_charts.h"

namespace vctoe::charts {

void FlowCharts::post_pin(const Event& event) {
  if (event.detail != static_cast<std::uint32_t>(kernel::PinOwner::kAgent) || !posted_first() ||
      event.txn == 0 || gone_.count(event.txn) != 0) {
    return;
  }
  PostRun& p = posts_[event.txn];
  const bool bsd = post_figure() == Figure::k3;
  if (p.pinned == 0) {
    p.token = {post_figure(), kEntry};
    p.txn = event.txn;
    step(p.token, bsd ? 70 : 450, event);
    step(p.token, bsd ? 72 : 452, event);
  } else if (p.posted) {
    fail(p.token.figure, bsd ? 72 : 452, "all pins were expected before the post", event);
  }
  p.pinned += event.length;
}

void FlowCharts::post(const Event& event) {
  ConnectionRun& c = connection(event);
  PostRun& p = posts_[event.txn];
  if (p.pinned == 0) p.token = {post_figure(), kEntry};
  p.txn = event.txn;
  p.posted = true;
  p.begin = c.posted;
  p.end = c.posted += event.length;
  p.requested = p.acked_blocks = p.begin;
  c.posts.push_back(event.txn);
  switch (p.token.figure) {
    case Figure::k8:
      return step(p.token, 250, event);
    case Figure::k11:
      return step(p.token, 350, event);
    default:
      break;
  }
  const int block = p.token.figure == Figure::k3 ? 74 : 454;
  if (p.pinned != 0 && p.pinned < event.length) {
    fail(p.token.figure, block,
         "pins of the whole stream were expected before it, there are " + std::to_string(p.pinned) +
             " bytes",
         event);
  }
  step(p.token, block, event);
}

void FlowCharts::post_unpin(PostRun& p, const Event& event) {
  const bool bsd = p.token.figure == Figure::k3;
  if (!p.posted) {
    p.unpinned += event.length;
    if (p.token.at != kEntry) step(p.token, kEntry, event);
    if (p.unpinned == p.pinned) posts_.erase(event.txn);
    return;
  }
  if (bsd) {
    if (p.token.at != 82) step(p.token, 82, event);
    if (p.acked_blocks != p.end) {
      fail(p.token.figure, 82, "every byte was expected to be acknowledged before", event);
    }
  } else if (!relaxed(Relax::kUnpinEarly) && p.sent != p.end - p.begin) {
    fail(p.token.figure, 466,
         "every byte was expected to be sent before, there are " + std::to_string(p.sent) + " of " +
             std::to_string(p.end - p.begin),
         event);
  }
  p.unpinned += event.length;
  if (p.unpinned == p.pinned && (p.token.at == 82 || p.token.at == 476)) posts_.erase(event.txn);
}

/// FIG. 3 and 12: first transmission of bytes that came with posts.
void FlowCharts::post_sent(ConnectionRun& c, const Event& event) {
  const std::uint64_t end = event.address + event.length;
  for (const sim::TxnId txn : c.posts) {
    PostRun& p = posts_.at(txn);
    const std::uint64_t from = std::max(p.begin, event.address), to = std::min(p.end, end);
    if (from >= to) continue;
    p.sent += to - from;
    if (p.token.figure == Figure::k3) {
      if (p.token.at != 76) step(p.token, 76, event);
      continue;
    }
    step(p.token, 456, event);
    step(p.token, 464, event);
    if (p.sent == p.end - p.begin) step(p.token, 466, event);
  }
}

/// FIG. 3 and 12: an acknowledgment, of these bytes or not.
void FlowCharts::post_acked(PostRun& p, const ConnectionRun& c, const Event& event) {
  if (c.una >= p.end) p.acked_blocks = p.end;
  if (p.token.figure == Figure::k3) {
    if (p.token.at == 80) step(p.token, 76, event);
    if (p.token.at != 76) return;
    step(p.token, 78, event);
    step(p.token, 80, event);
    return;
  }
  if (p.token.figure != Figure::k12 || p.token.at < 466 || p.token.at == 476) return;
  step(p.token, 468, event);
  step(p.token, 470, event);
  if (c.una < p.end) step(p.token, 472, event);
}

/// Bytes of the post are resent.
void FlowCharts::post_again(PostRun& p, const Event& event) {
  if (p.token.figure == Figure::k3) {
    if (p.token.at == 80) step(p.token, 76, event);
    return;
  }
  if (p.token.figure != Figure::k12 || p.token.at < 466 || p.token.at == 470) return;
  if (p.token.at != 472) {
    step(p.token, 468, event);
    step(p.token, 470, event);
    step(p.token, 472, event);
  }
  step(p.token, 474, event);
}

void FlowCharts::stream_acked(const Event& event) {
  const auto found = posts_.find(event.txn);
  if (found == posts_.end()) return;
  PostRun& p = found->second;
  ConnectionRun& c = connection(event);
  if (c.una < p.end) fail(p.token.figure, p.token.at, "bytes of it are unacknowledged", event);
  c.posts.erase(std::remove(c.posts.begin(), c.posts.end(), event.txn), c.posts.end());
  if (p.token.figure == Figure::k3) return;  // until it is unpinned
  if (p.token.figure == Figure::k12) {
    step(p.token, 476, event);
    if (p.unpinned == p.pinned) posts_.erase(found);
    return;
  }
  const bool pushed = p.token.figure == Figure::k11;
  if (p.acked_blocks != p.end) {
    fail(p.token.figure, pushed ? 376 : 276, "a block of it is not over", event);
  }
  p.token.at = pushed ? 376 : 276;
  step(p.token, pushed ? 378 : 278, event);
  posts_.erase(found);
}

}  // namespace vctoe::charts
