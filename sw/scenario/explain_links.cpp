#include "sw/scenario/explain_links.h"

#include <algorithm>
#include <set>

namespace vctoe::outputs {

using sim::TraceEvent;
using sim::TraceKind;

namespace {

/// In sequence space: a is not before b.
bool reached(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) >= 0;
}

}  // namespace

const TraceEvent* Links::of_kind(TraceKind kind, sim::TxnId txn) const {
  return trace_.first([&](const Event& e) { return e.kind == kind && e.txn == txn; });
}

const TraceEvent* Links::post_of(const Event& e) const {
  return trace_.last([&](const Event& p) {
    return p.kind == TraceKind::kPost && p.at <= e.at && p.node == e.node &&
           p.connection == e.connection && StreamRange(p).has(e.seq);
  });
}

const TraceEvent* Links::walk_of(const Event& request) const {
  return trace_.last([&](const Event& w) {
    return w.kind == TraceKind::kWalk && w.at <= request.at && w.node == request.node &&
           w.connection == request.connection && w.detail == request.detail &&
           StreamRange(w).has(request.seq);
  });
}

std::vector<const TraceEvent*> Links::requests_in(const StreamRange& range, sim::Why why) const {
  return trace_.all([&](const Event& e) {
    return e.kind == TraceKind::kBlockRequest && range.same(e) &&
           e.detail == static_cast<std::uint32_t>(why) && range.overlaps(e);
  });
}

std::vector<const TraceEvent*> Links::walks_in(const StreamRange& range) const {
  return trace_.all([&](const Event& e) {
    return e.kind == TraceKind::kWalk && range.same(e) && range.overlaps(e);
  });
}

std::vector<const TraceEvent*> Links::node_requests(const StreamRange& range, sim::Time from,
                                                    sim::Time to) const {
  return trace_.all([&](const Event& e) {
    return e.kind == TraceKind::kNodeRequest && range.same(e) && e.at >= from && e.at <= to;
  });
}

const TraceEvent* Links::acknowledged(const StreamRange& range, sim::Time after) const {
  return trace_.first([&](const Event& e) {
    return e.kind == TraceKind::kRxAck && range.same(e) && e.at >= after &&
           reached(e.seq, range.end());
  });
}

sim::Time Links::window_open(const StreamRange& range) const {
  const Event* ack = trace_.first([&](const Event& e) {
    return e.kind == TraceKind::kRxAck && range.same(e) &&
           static_cast<std::int64_t>(e.length) > static_cast<std::int32_t>(range.begin - e.seq);
  });
  return ack == nullptr ? sim::Time::zero() : ack->at;
}

std::vector<Transmission> Links::transmissions(const StreamRange& range) const {
  std::set<std::uint32_t> sequences;
  for (const Event& e : trace_.events()) {
    const bool leaves = e.kind == TraceKind::kTxFirst || e.kind == TraceKind::kTxRetransmit;
    if (leaves && range.same(e) && range.overlaps(e)) sequences.insert(e.seq);
  }
  std::vector<Transmission> all;
  for (const std::uint32_t sequence : sequences) {
    const auto sent = transmissions_of(range, sequence);
    all.insert(all.end(), sent.begin(), sent.end());
  }
  std::sort(all.begin(), all.end(),
            [](const Transmission& a, const Transmission& b) { return a.left->at < b.left->at; });
  return all;
}

/// Of the segment with this sequence number; what happens to it before it leaves is told in this
/// order, each time that it is sent.
std::vector<Transmission> Links::transmissions_of(const StreamRange& range,
                                                  std::uint32_t sequence) const {
  std::vector<Transmission> sent;
  Transmission t;
  for (const Event& e : trace_.events()) {
    if (!range.same(e) || e.seq != sequence) continue;
    if (e.kind == TraceKind::kBufferWait) t.waited = &e;
    if (e.kind == TraceKind::kDmaBegin) t.read = &e;
    if (e.kind == TraceKind::kBufferWrite) t.staged = &e;
    if (e.kind == TraceKind::kBufferRead) t.to_mac = &e;
    if (e.kind != TraceKind::kTxFirst && e.kind != TraceKind::kTxRetransmit) continue;
    t.left = &e;
    const Event* post = e.txn == 0 ? post_of(e) : nullptr;
    t.frame = post == nullptr ? e.txn : post->txn;
    sent.push_back(t);
    t = {};
  }
  for (const Event& e : trace_.events()) find_its_end(e, sequence, sent);
  return sent;
}

/// Whether the event is the arrival or the loss of a frame that was sent. The receiver counts from
/// the first byte of the stream and knows connections by numbers of its own; the transaction tells
/// streams apart. A loss may be told before the frame's leaving, at the same time.
void Links::find_its_end(const Event& e, std::uint32_t sequence, std::vector<Transmission>& sent) {
  if (e.kind != TraceKind::kRxData && e.kind != TraceKind::kFrameDrop) return;
  for (Transmission& t : sent) {
    const bool over = t.arrived != nullptr || t.lost != nullptr;
    if (over || t.frame != e.txn || e.at < t.left->at) continue;
    const std::uint64_t offset = t.left->address;
    const bool takes =
        e.kind == TraceKind::kRxData && e.address <= offset && offset < e.address + e.length;
    if (takes) t.arrived = &e;
    if (e.kind == TraceKind::kFrameDrop && e.seq == sequence) t.lost = &e;
    if (t.arrived != nullptr || t.lost != nullptr) return;
  }
}

const TraceEvent* Links::last_swap_in(sim::TxnId txn, sim::Time from, sim::Time to) const {
  std::set<std::uint64_t> frames;
  for (const Event& e : trace_.events()) {
    if (e.kind == TraceKind::kPin && e.txn == txn) frames.insert(e.address);
  }
  return trace_.last([&](const Event& e) {
    return e.kind == TraceKind::kSwapIn && e.at >= from && e.at <= to &&
           frames.count(e.address) != 0;
  });
}

const TraceEvent* Links::timeout(const StreamRange& range, sim::Time from, sim::Time to) const {
  return trace_.last([&](const Event& e) {
    return e.kind == TraceKind::kRtoExpired && range.same(e) && e.at >= from && e.at <= to;
  });
}

}  // namespace vctoe::outputs
