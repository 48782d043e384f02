// The story of a request for a block.
#include <fmt/format.h>

#include <algorithm>

#include "models/net/drop_reason.h"
#include "sw/scenario/explain_teller.h"

namespace vctoe::outputs {

using sim::Time;
using sim::TraceEvent;
using sim::TraceKind;
using sim::Why;

namespace {
constexpr std::size_t kMostSegments = 64;  ///< shown one by one
}  // namespace

/// From the post, or from what called for a retransmission, to the request.
void Teller::begin_of(const TraceEvent& r) {
  const StreamRange range(r);
  const TraceEvent* post = links_.post_of(r);
  const TraceEvent* walk = links_.walk_of(r);
  const bool again = r.detail == static_cast<std::uint32_t>(Why::kRetransmit);
  if (again && walk != nullptr) {
    const TraceEvent* timeout = links_.timeout(range, Time::zero(), walk->at);
    const bool by_timeout = timeout != nullptr && timeout->at == walk->at;
    story_.step(walk->at, fmt::format("walk {} begins: the bytes are needed again, {}", walk->txn,
                                      by_timeout ? "the retransmission timer ran out"
                                                 : "acknowledgments tell of a loss"));
  } else {
    story_.event(post, post == nullptr
                           ? ""
                           : fmt::format("post {} hands {} B to the NIC", post->txn, post->length));
    const Time open = links_.window_open(range);
    if (post != nullptr && open > post->at && walk != nullptr && open <= walk->at) {
      story_.step(open, "the peer's window reaches its first byte", "the window");
    }
    story_.event(
        walk, walk == nullptr ? "" : fmt::format("walk {} begins", walk->txn),
        post != nullptr && post->seq == r.seq ? "the submit ring" : "earlier blocks to be sent");
  }
  if (walk == nullptr) return;
  for (const TraceEvent* node : links_.node_requests(range, walk->at, r.at)) {
    story_.step(node->at, fmt::format("walker asks for the page of records {:#x}", node->address));
    const TraceEvent* pin = links_.trace().first([&](const TraceEvent& e) {
      return e.kind == TraceKind::kPin && e.node == r.node && e.at >= node->at &&
             e.detail == 1;  // kernel::PinOwner::kNode
    });
    if (pin != nullptr && pin->at <= r.at) {
      story_.step(pin->at, fmt::format("host has pinned it (request {})", pin->txn),
                  "the host, for a page of records");
    }
  }
  const TraceEvent* found = first_of(walk->txn, sim::mask_of(TraceKind::kWalkDone));
  if (found != nullptr && found->at < r.at) {
    story_.step(found->at, "the walker has found it", "the walk");
  }
}

/// What the host does with a request, until it answers.
void Teller::host_steps(const TraceEvent& r) {
  story_.event(links_.of_kind(TraceKind::kServe, r.txn), "driver takes the request off the ring",
               "the request ring and its interrupt");
  pins_of(r);
}

void Teller::pins_of(const TraceEvent& e) {
  const TraceEvent* pin = first_of(e.txn, sim::mask_of(TraceKind::kPin));
  const TraceEvent* fault = first_of(e.txn, sim::mask_of(TraceKind::kPageFault));
  const std::size_t faults = count(e.txn, TraceKind::kPageFault);
  if (fault != nullptr) {
    story_.step(
        fault->at,
        fmt::format("not in memory: {} of its pages, the first {:#x}", faults, fault->address),
        "the driver's turn and processor");
  }
  if (pin == nullptr) return;
  const TraceEvent* last = last_of(e.txn, sim::mask_of(TraceKind::kPin));
  const TraceEvent* swapped = links_.last_swap_in(e.txn, e.at, last->at);
  if (swapped != nullptr) story_.step(swapped->at, "last of them read from swap", "swap-in");
  const TraceEvent* part = first_of(e.txn, kReplies);
  if (part != nullptr && part->at < last->at) {
    story_.step(part->at, fmt::format("the NIC has the first of {} answers, each for a part",
                                      count(e.txn, TraceKind::kReplyPhysical)));
  }
  story_.step(last->at, fmt::format("pinned: {} pages", count(e.txn, TraceKind::kPin)), "the pin");
}

void Teller::answer(const TraceEvent& r) {
  const TraceEvent* reply = last_of(r.txn, kReplies);
  if (reply == nullptr) return story_.line("  the host never answered");
  const bool pushed = reply->kind == TraceKind::kReplyPushed;
  const bool error = reply->kind == TraceKind::kReplyError;
  story_.step(reply->at,
              error    ? fmt::format("the host refuses, status {}", reply->detail)
              : pushed ? "the NIC has the host's word that the bytes are in its packet buffer"
                       : "the NIC has the physical addresses",
              pushed ? "the push, the driver and the reply ring" : "the driver and the reply ring");
}

/// From the answer until the last byte has left.
void Teller::sending(const TraceEvent& r) {
  const auto mine = sim::mask_of(TraceKind::kDmaBegin);
  const TraceEvent* read = first_of(r.txn, mine);
  if (read != nullptr) {
    const bool full = first_of(r.txn, sim::mask_of(TraceKind::kBufferWait)) != nullptr;
    story_.step(read->at, "first DMA read begins", full ? "packet buffer" : "TCP's turn");
    const TraceEvent* at_memory = first_of(r.txn, sim::mask_of(TraceKind::kDmaRead));
    story_.event(at_memory, "it has reached memory", "a DMA channel, tag and the link");
    const TraceEvent* last = last_of(r.txn, mine);
    if (at_memory != nullptr && last->at > at_memory->at) {
      story_.step(last->at, "last DMA read begins",
                  full ? "packet buffer, and TCP's windows" : "TCP's windows");
    }
    const TraceEvent* retrieved = links_.of_kind(TraceKind::kBlockRetrieved, r.txn);
    story_.event(retrieved, "all of the block is in the NIC", "DMA reads");
  }
  const auto frames = sim::mask_of(TraceKind::kTxFirst, TraceKind::kTxRetransmit);
  story_.event(last_of(r.txn, frames), "last bit of its last segment has left the MAC",
               read == nullptr ? "TCP's windows, segments before it and the wire"
                               : "segments before it and the wire");
}

void Teller::end_of(const TraceEvent& r) {
  const TraceEvent* sent = links_.of_kind(TraceKind::kBlockSent, r.txn);
  story_.event(sent, "block is sent: the host may unpin");
  const TraceEvent* unpin = last_of(r.txn, sim::mask_of(TraceKind::kUnpin));
  const StreamRange range(r);
  const TraceEvent* acked = links_.acknowledged(range, r.at);
  const bool acked_first = acked != nullptr && (unpin == nullptr || acked->at < unpin->at);
  const auto tell_ack = [&] {
    story_.event(acked, "all of it is acknowledged", "the acknowledgment");
  };
  if (acked_first) tell_ack();
  story_.event(unpin, "the last of its pages is unpinned",
               acked_first ? "" : "the completion ring and the driver");
  if (!acked_first) tell_ack();
  if (acked == nullptr) story_.line("  not acknowledged when the run ended");
}

void Teller::request(const TraceEvent& r) {
  const StreamRange range(r);
  const bool again = r.detail == static_cast<std::uint32_t>(Why::kRetransmit);
  story_.line(fmt::format("transaction {}: request for a block of {} B, {}, {}", r.txn, r.length,
                          again ? "to be sent again" : "first pass", of_host(r)));
  story_.line(fmt::format("  sequence {} .. {}, virtual address {:#x}, address space {}\n",
                          range.begin, range.end() - 1, r.address, r.asid));
  begin_of(r);
  story_.step(r.at, "the NIC asks the host for the block",
              "the walk, or room in the packet buffer and earlier blocks");
  host_steps(r);
  answer(r);
  sending(r);
  end_of(r);
  story_.sum_up();
  segments(range);
  if (!again) resent(range, r.at);
}

void Teller::segments(const StreamRange& range) {
  const auto all = links_.transmissions(range);
  if (all.empty()) return;
  story_.line(fmt::format("\n  segments: {} transmissions", all.size()));
  story_.line(fmt::format("{:>12} {:>5} {:>5}  {:>17}  {:>11} {:>11} {:>11} {:>11} {:>11}",
                          "sequence", "bytes", "txn", "read begins", "dma", "order, MAC", "wire",
                          "network", "acknowledged"));
  const auto between = [](const TraceEvent* from, const TraceEvent* to) {
    return from == nullptr || to == nullptr || to->at < from->at ? std::string("-")
                                                                 : span(to->at - from->at);
  };
  for (std::size_t i = 0; i < std::min(all.size(), kMostSegments); ++i) {
    const Transmission& t = all[i];
    const TraceEvent* acked = links_.acknowledged(StreamRange(*t.left), t.left->at);
    const bool again = t.left->kind == TraceKind::kTxRetransmit;
    std::string note = again ? "  sent again" : "";
    if (t.waited != nullptr) note += "  waited for packet buffer";
    if (t.lost != nullptr) {
      note += fmt::format("  dropped: {}",
                          sim::enum_name(static_cast<net::DropReason>(t.lost->detail)));
    }
    story_.line(fmt::format("{:>12} {:>5} {:>5}  {:>17}  {:>11} {:>11} {:>11} {:>11} {:>11}{}",
                            t.left->seq, t.left->length, t.frame,
                            t.read == nullptr ? "-" : point(t.read->at), between(t.read, t.staged),
                            between(t.staged, t.to_mac), between(t.to_mac, t.left),
                            between(t.left, t.arrived), between(t.left, acked), note));
  }
  if (all.size() > kMostSegments) {
    story_.line(fmt::format("  .. {} more", all.size() - kMostSegments));
  }
}

void Teller::resent(const StreamRange& range, Time after) {
  for (const TraceEvent* again : links_.requests_in(range, Why::kRetransmit)) {
    if (again->at < after) continue;
    const TraceEvent* reply = first_of(again->txn, kReplies);
    const TraceEvent* sent = links_.of_kind(TraceKind::kBlockSent, again->txn);
    story_.line(
        fmt::format("\n  loss recovery: request {} for {} B from {} at {}{}{}", again->txn,
                    again->length, again->seq, point(again->at),
                    reply == nullptr ? "" : ", answered after " + span(reply->at - again->at),
                    sent == nullptr ? "" : ", sent after " + span(sent->at - again->at)));
  }
}

}  // namespace vctoe::outputs
