#include "sw/scenario/attribution.h"

#include <algorithm>

#include "models/nic/toe/stack.h"

namespace vctoe::scenario {

using sim::TraceEvent;
using sim::TraceKind;

namespace {

constexpr sim::TraceMask kReceiver =
    sim::mask_of(TraceKind::kRxData, TraceKind::kDmaWrite, TraceKind::kTake, TraceKind::kDeliver,
                 TraceKind::kStreamData);
/// Of the sending host, without a connection of theirs.
constexpr sim::TraceMask kHost = sim::mask_of(
    TraceKind::kPinBegin, TraceKind::kPinDone, TraceKind::kPin, TraceKind::kPageFault,
    TraceKind::kSwapBegin, TraceKind::kSwapIn, TraceKind::kServe, TraceKind::kNodeRequest,
    TraceKind::kDmaRead, TraceKind::kDmaLimit, TraceKind::kUnitWait);
constexpr sim::TraceMask kStream = sim::mask_of(
    TraceKind::kPosting, TraceKind::kPost, TraceKind::kPostWait, TraceKind::kPostTaken,
    TraceKind::kWalk, TraceKind::kWalkDone, TraceKind::kBlockRequest, TraceKind::kBlockFound,
    TraceKind::kRoomWait, TraceKind::kReplyPhysical, TraceKind::kReplyPushed,
    TraceKind::kBufferWait, TraceKind::kDmaBegin, TraceKind::kBufferWrite, TraceKind::kBufferRead,
    TraceKind::kTxFirst, TraceKind::kTxRetransmit, TraceKind::kRxAck, TraceKind::kRtoExpired,
    TraceKind::kPageRequest, TraceKind::kPageResponse);
constexpr sim::TraceMask kOther = sim::mask_of(TraceKind::kConnState, TraceKind::kFrameDrop);

bool first_pass(const TraceEvent& e) {
  return e.detail == static_cast<std::uint32_t>(sim::Why::kFirst);
}

}  // namespace

Attribution::Attribution(sim::TraceBus& bus, const AttributionSetup& setup) : setup_(setup) {
  bus.subscribe(kReceiver | kHost | kStream | kOther, [this](const TraceEvent& e) { see(e); });
}

void Attribution::see(const TraceEvent& e) {
  if (e.at != now_) settle(e.at);
  const sim::TraceMask kind = sim::mask_of(e.kind);
  if ((kind & kReceiver) != 0) return receiver_event(e);
  if (e.kind == TraceKind::kFrameDrop) return frame_dropped(e);
  if (e.node != setup_.sender) return;
  if ((kind & kHost) != 0) return host_event(e);
  if (e.kind == TraceKind::kConnState) return connection_state(e);
  if (e.kind == TraceKind::kPosting) open(e);
  Stream* const stream = find(e.connection);
  if (stream == nullptr) {
    // The peer's first window comes with the handshake, before anything is posted.
    if (e.kind == TraceKind::kRxAck) offers_[e.connection] = e;
    return;
  }
  stream_event(e, stream->state);
  restage(*stream);
}

Attribution::Stream* Attribution::find(std::uint32_t connection) {
  if (connection >= index_.size() || index_[connection] == 0) return nullptr;
  return &streams_[index_[connection] - 1];
}

/// A connection belongs to the stream from its first post on.
void Attribution::open(const TraceEvent& e) {
  const bool request = setup_.receiver == setup_.sender && e.asid == setup_.receiver_asid;
  if (request) return;
  if (std::find(asids_.begin(), asids_.end(), e.asid) == asids_.end()) asids_.push_back(e.asid);
  served_[e.txn] = e.connection;
  if (find(e.connection) != nullptr) return;
  if (e.connection >= index_.size()) index_.resize(e.connection + std::size_t{1});
  streams_.push_back({});
  streams_.back().connection = e.connection;
  index_[e.connection] = static_cast<std::uint32_t>(streams_.size());
  ++count_[static_cast<std::size_t>(streams_.back().stage)];
  const auto offer = offers_.find(e.connection);
  if (offer == offers_.end()) return;
  stream_event(offer->second, streams_.back().state);
  offers_.erase(offer);
}

void Attribution::forget(std::uint32_t connection) {
  Stream* const stream = find(connection);
  if (stream == nullptr) return;
  --count_[static_cast<std::size_t>(stream->stage)];
  if (stream->waits) --buffer_waits_;
  if (stream->walking) --walks_;
  index_[streams_.back().connection] = index_[connection];
  index_[connection] = 0;
  if (stream != &streams_.back()) *stream = std::move(streams_.back());
  streams_.pop_back();
}

void Attribution::connection_state(const TraceEvent& e) {
  const auto state = static_cast<toe::State>(e.detail);
  opening_.erase(std::remove(opening_.begin(), opening_.end(), e.connection), opening_.end());
  if (state == toe::State::kSynSent || state == toe::State::kSynReceived) {
    opening_.push_back(e.connection);
  }
  if (state == toe::State::kClosed || state == toe::State::kListen) forget(e.connection);
}

void Attribution::stream_event(const TraceEvent& e, StreamState& s) {
  switch (e.kind) {
    case TraceKind::kDmaBegin:
      if (e.detail == 0) s.read_begins(e);
      return;
    case TraceKind::kBufferWrite:
      return s.read_ends(e);
    case TraceKind::kBufferRead: {
      const std::uint64_t before = s.sent();
      s.handed_over(e);
      sent_ += s.sent() - before;
      return;
    }
    case TraceKind::kTxFirst:
      flowing_ = true;
      return s.left(e);
    case TraceKind::kTxRetransmit:
      return s.left(e);
    case TraceKind::kRxAck: {
      const std::uint64_t before = s.widest_window();
      s.acknowledged(e);
      windows_ += s.widest_window() - before;
      return;
    }
    case TraceKind::kRtoExpired:
      return s.resends();
    case TraceKind::kBufferWait:
      if (e.detail == 0) s.buffer_wait(e);
      return;
    case TraceKind::kPageRequest:
      return s.page_requests(1);
    case TraceKind::kPageResponse:
      return s.page_requests(-1);
    default:
      return supply_event(e, s);
  }
}

/// From the post to the host's answer.
void Attribution::supply_event(const TraceEvent& e, StreamState& s) {
  switch (e.kind) {
    case TraceKind::kPosting:
      return s.posting(e);
    case TraceKind::kPostWait:
      return s.post_waits(static_cast<sim::PostWait>(e.detail));
    case TraceKind::kPost:
      return s.posted(e);
    case TraceKind::kPostTaken:
      served_.erase(e.txn);
      return s.taken(e, setup_.readable_when_posted);
    case TraceKind::kWalk:
    case TraceKind::kWalkDone:
      if (first_pass(e)) walks(e, e.kind == TraceKind::kWalk);
      return;
    case TraceKind::kBlockRequest:
      if (first_pass(e)) s.asked(e);
      return;
    case TraceKind::kBlockFound:
      if (first_pass(e)) s.found(e);
      return;
    case TraceKind::kRoomWait:
      if (first_pass(e)) s.room_wait(e);
      return;
    default:                                                             // an answer
      if (e.kind == TraceKind::kReplyPhysical && e.detail != 0) return;  // of a part
      served_.erase(e.txn);
      return s.answered(e.txn);
  }
}

void Attribution::walks(const TraceEvent& e, bool on) {
  Stream& stream = *find(e.connection);
  if (stream.walking != on) on ? ++walks_ : --walks_;
  stream.walking = on;
  stream.state.walking(on);
}

void Attribution::restage(Stream& s) {
  const Stage stage = s.state.stage();
  if (stage != s.stage) {
    --count_[static_cast<std::size_t>(s.stage)];
    ++count_[static_cast<std::size_t>(stage)];
    s.stage = stage;
  }
  const bool waits = s.state.waits_for_buffer();
  if (waits != s.waits) waits ? ++buffer_waits_ : --buffer_waits_;
  s.waits = waits;
}

void Attribution::host_event(const TraceEvent& e) {
  switch (e.kind) {
    case TraceKind::kDmaRead:
      link_free_ = sim::max(link_free_, e.at) +
                   sim::Time{static_cast<std::uint64_t>(static_cast<double>(e.length) *
                                                        setup_.read_ps_per_byte)};
      return;
    case TraceKind::kDmaLimit:
      e.detail != 0 ? ++limits_ : --limits_;
      return;
    case TraceKind::kUnitWait:
      unit_free_ = sim::Time{e.length};
      return;
    case TraceKind::kNodeRequest:
      ++nodes_asked_;
      return;
    case TraceKind::kServe:
      return serve(e);
    case TraceKind::kSwapBegin:
      if (std::find(asids_.begin(), asids_.end(), e.asid) != asids_.end()) {
        reading_.insert(e.address);
      }
      return;
    case TraceKind::kSwapIn:
      reading_.erase(e.address);
      return;
    default:
      return pin(e);
  }
}

void Attribution::serve(const TraceEvent& e) {
  if (e.detail == static_cast<std::uint32_t>(sim::Why::kNode)) {
    nodes_[e.txn].served = true;
    return;
  }
  Stream* const stream = find(e.connection);
  HostWork* const work = stream == nullptr ? nullptr : stream->state.work(e.txn);
  if (work == nullptr) return;
  work->served = true;
  served_[e.txn] = e.connection;
  restage(*stream);
}

/// Pins, and what is between their beginning and their end.
void Attribution::pin(const TraceEvent& e) {
  if (e.kind == TraceKind::kPin || e.kind == TraceKind::kPageFault) {
    // Most pages were there: only those of what is being pinned matter.
    if (std::find(pinning_.begin(), pinning_.end(), e.txn) == pinning_.end()) return;
  }
  const auto node = nodes_.find(e.txn);
  const auto owner = node == nodes_.end() ? served_.find(e.txn) : served_.end();
  Stream* const stream = owner == served_.end() ? nullptr : find(owner->second);
  HostWork* work = node != nodes_.end() ? &node->second : nullptr;
  if (stream != nullptr) work = stream->state.work(e.txn);
  if (work == nullptr) return;
  pin(e, *work);
  if (e.kind == TraceKind::kPinDone && node != nodes_.end()) {
    nodes_.erase(node);
    if (nodes_asked_ > 0) --nodes_asked_;
  }
  if (stream != nullptr) restage(*stream);
}

void Attribution::pin(const TraceEvent& e, HostWork& work) {
  switch (e.kind) {
    case TraceKind::kPinBegin:
      pinning_.push_back(e.txn);
      return work.pin_begins(e);
    case TraceKind::kPinDone:
      pinning_.erase(std::remove(pinning_.begin(), pinning_.end(), e.txn), pinning_.end());
      return work.pin_ends();
    case TraceKind::kPin:
      if (work.unpinned > 0) --work.unpinned;
      return;
    default:
      ++work.missing;
  }
}

void Attribution::receiver_event(const TraceEvent& e) {
  if (e.node != setup_.receiver) return;
  switch (e.kind) {
    case TraceKind::kRxData:  // not what comes back to the sender
      if (e.node != setup_.sender || find(e.connection) == nullptr) received_ += e.length;
      return;
    case TraceKind::kDmaWrite:
      if (e.node != setup_.sender || find(e.connection) == nullptr) written_ += e.length;
      return;
    case TraceKind::kTake:
      read_ += e.length;
      return;
    case TraceKind::kDeliver:
      consumed_ += e.length;
      return;
    default:  // kStreamData
      settled_ = spent_;
      settled_at_ = e.at;
  }
}

/// A frame of the stream; those without payload have no transaction.
void Attribution::frame_dropped(const TraceEvent& e) {
  if (e.txn == 0) return;
  bool known = false;
  for (Stream& s : streams_) {
    if (!s.state.in_flight(e.seq)) continue;
    known = true;
    s.state.lost(e.seq);
    restage(s);
  }
  if (known || streams_.size() != 1) return;
  streams_[0].state.resends();  // sealed: nobody on the way sees which bytes they are
  restage(streams_[0]);
}

}  // namespace vctoe::scenario
