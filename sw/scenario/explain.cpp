#include "sw/scenario/explain.h"

#include <fmt/format.h>

#include <algorithm>

#include "models/net/drop_reason.h"
#include "models/sim/error.h"
#include "sw/scenario/explain_teller.h"

namespace vctoe::outputs {

using sim::Time;
using sim::TraceEvent;
using sim::TraceKind;
using sim::Why;

void Teller::post(const TraceEvent& p) {
  const StreamRange range(p);
  story_.line(fmt::format("transaction {}: post of {} B, {}", p.txn, p.length, of_host(p)));
  story_.line(fmt::format("  sequence {} .. {}, list of contexts at {:#x}, address space {}\n",
                          range.begin, range.end() - 1, p.address, p.asid));
  const TraceEvent* pin = first_of(p.txn, sim::mask_of(TraceKind::kPin));
  if (pin != nullptr && pin->at <= p.at) pins_of(*pin);
  story_.step(p.at, "list handed to the NIC", pin != nullptr ? "the driver" : "");
  const auto frames = links_.trace().all([&](const TraceEvent& e) {
    return (e.kind == TraceKind::kTxFirst || e.kind == TraceKind::kTxRetransmit) && range.same(e) &&
           range.overlaps(e);
  });
  if (!frames.empty()) {
    story_.step(frames.front()->at, "its first segment has left the MAC", "the first block");
  }
  story_.event(links_.of_kind(TraceKind::kStreamSent, p.txn), "all of it has left the MAC",
               "sending");
  story_.event(links_.of_kind(TraceKind::kStreamAcked, p.txn), "all of it is acknowledged",
               "acknowledgments");
  if (pin != nullptr) {
    story_.event(last_of(p.txn, sim::mask_of(TraceKind::kUnpin)), "its pages are unpinned",
                 "the completion ring and the driver");
  }
  story_.sum_up();
  const auto again = std::count_if(frames.begin(), frames.end(), [](const TraceEvent* e) {
    return e->kind == TraceKind::kTxRetransmit;
  });
  story_.line(fmt::format("\n  {} segments sent, {} of them again", frames.size(), again));
  for (const Why why : {Why::kFirst, Why::kRetransmit}) {
    for (const TraceEvent* r : links_.requests_in(range, why)) {
      const TraceEvent* reply = first_of(r->txn, kReplies);
      const TraceEvent* sent = links_.of_kind(TraceKind::kBlockSent, r->txn);
      story_.line(fmt::format("  request {:>6} {} at {:>17}: {:>6} B from {}, answered {}, sent {}",
                              r->txn, why == Why::kFirst ? "     " : "again", point(r->at),
                              r->length, r->seq,
                              reply == nullptr ? "-" : "+" + span(reply->at - r->at),
                              sent == nullptr ? "-" : "+" + span(sent->at - r->at)));
    }
  }
}

void Teller::walk(const TraceEvent& w) {
  const StreamRange range(w);
  story_.line(fmt::format("transaction {}: walk for {} B from {}, {}\n", w.txn, w.length, w.seq,
                          of_host(w)));
  const TraceEvent* post = links_.post_of(w);
  if (post != nullptr) story_.step(post->at, fmt::format("post {}", post->txn));
  story_.step(w.at, "walk begins", "earlier blocks, the window, or a loss");
  const TraceEvent* done =
      first_of(w.txn, sim::mask_of(TraceKind::kWalkDone, TraceKind::kWalkFault));
  const Time end = done == nullptr ? Time::never() : done->at;
  for (const TraceEvent* node : links_.node_requests(range, w.at, end)) {
    story_.step(node->at, fmt::format("asks for the page of records {:#x}", node->address));
  }
  if (done != nullptr) {
    const bool fault = done->kind == TraceKind::kWalkFault;
    story_.step(done->at,
                fault ? fmt::format("fault {} at {:#x}", done->detail, done->address)
                      : std::string("walk has found everything"),
                "records");
  }
  story_.sum_up();
  for (const TraceEvent* r : links_.requests_in(range, static_cast<Why>(w.detail))) {
    if (r->at >= w.at) {
      story_.line(
          fmt::format("  led to request {} at {} for {} B", r->txn, point(r->at), r->length));
    }
  }
}

void Teller::node_page(const TraceEvent& serve) {
  story_.line(fmt::format("transaction {}: request for the page of records {:#x}, {}\n", serve.txn,
                          serve.address, of_host(serve)));
  const TraceEvent* asked = links_.trace().last([&](const TraceEvent& e) {
    return e.kind == TraceKind::kNodeRequest && e.address == serve.address && e.at <= serve.at &&
           e.node == serve.node;
  });
  story_.event(asked, "the walker asks for it");
  host_steps(serve);
  story_.event(last_of(serve.txn, sim::mask_of(TraceKind::kUnpin)), "it is unpinned",
               "the walker to let go of it");
  story_.sum_up();
}

void Teller::segment(const TraceEvent& sent) {
  const StreamRange range(sent);
  story_.line(
      fmt::format("segment of {} B from sequence {}, {}", sent.length, sent.seq, of_host(sent)));
  for (const Transmission& t : links_.transmissions(range)) {
    const bool again = t.left->kind == TraceKind::kTxRetransmit;
    story_.line(again ? "\n  sent again" : "\n  sent");
    story_.event(t.waited, "finds no packet buffer");
    story_.event(t.read, "DMA read begins", t.waited != nullptr ? "packet buffer" : "");
    story_.event(t.staged, "payload is in the packet buffer", "DMA: channel, tag, link, memory");
    story_.event(t.to_mac, "frame goes to the MAC", "segments before it");
    story_.event(t.left, fmt::format("last bit has left, transaction {}", t.frame),
                 "the wire: frames before it and its own bits");
    if (t.lost != nullptr) {
      story_.step(
          t.lost->at,
          fmt::format("dropped: {}", sim::enum_name(static_cast<net::DropReason>(t.lost->detail))));
    }
    story_.event(t.arrived, "taken by the receiver", "the network");
  }
  story_.event(links_.acknowledged(range, sent.at), "acknowledged", "the acknowledgment");
  story_.sum_up();
  const TraceEvent* post = links_.post_of(sent);
  for (const TraceEvent* r : links_.requests_in(range, Why::kFirst)) {
    story_.line(fmt::format("\n  part of request {} (vctoe explain tells it)", r->txn));
  }
  if (post != nullptr) story_.line(fmt::format("  part of post {}", post->txn));
}

namespace {

/// The number of connections may make a sequence number ambiguous.
const TraceEvent& find_segment(const TraceFile& trace, const ExplainWhat& what) {
  const std::uint32_t sequence = *what.sequence;
  const auto sent = trace.all([&](const TraceEvent& e) {
    const bool payload = e.kind == TraceKind::kTxFirst || e.kind == TraceKind::kTxRetransmit;
    return payload && StreamRange(e).has(sequence) &&
           (!what.connection || *what.connection == e.connection);
  });
  if (sent.empty()) {
    sim::user_error(fmt::format("no segment of the run carries sequence number {}", sequence));
  }
  const bool several = std::any_of(sent.begin(), sent.end(), [&](const TraceEvent* e) {
    return e->connection != sent[0]->connection || e->node != sent[0]->node;
  });
  if (several) {
    sim::user_error(
        fmt::format("several connections sent sequence number {}: name one with "
                    "--connection",
                    sequence));
  }
  return *sent[0];
}

}  // namespace

std::string explain(const TraceFile& trace, const ExplainWhat& what) {
  Teller teller(trace);
  if (what.sequence) {
    teller.segment(find_segment(trace, what));
    return teller.text();
  }
  const Links links(trace);
  if (const TraceEvent* e = links.of_kind(TraceKind::kPost, what.txn)) {
    teller.post(*e);
  } else if ((e = links.of_kind(TraceKind::kBlockRequest, what.txn)) != nullptr) {
    teller.request(*e);
  } else if ((e = links.of_kind(TraceKind::kWalk, what.txn)) != nullptr) {
    teller.walk(*e);
  } else if ((e = links.of_kind(TraceKind::kServe, what.txn)) != nullptr) {
    teller.node_page(*e);
  } else {
    sim::user_error(
        fmt::format("the run has no post, walk or request {}; awk '{{ print $2, $6 }}' "
                    "trace.txt shows the transactions of all events",
                    what.txn));
  }
  return teller.text();
}

}  // namespace vctoe::outputs
