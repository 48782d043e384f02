#include "models/nic/request_engine.h"

#include <algorithm>

namespace vctoe::nic {

using sim::TraceKind;
using sim::Why;

RequestEngine::RequestEngine(sim::Context& context, std::uint8_t node, const CoreParams& params,
                             std::uint64_t granularity, ConnectionTable& connections,
                             toe::Stack& stack, PacketBuffer& buffer,
                             OutRing<RequestEntry>& requests, OutRing<CompletionEntry>& completions,
                             RequestListener& listener)
    : context_(context),
      node_(node),
      params_(params),
      granularity_(granularity),
      connections_(connections),
      stack_(stack),
      buffer_(buffer),
      requests_(requests),
      completions_(completions),
      listener_(listener),
      nodes_(context, requests, completions),
      room_(params, buffer) {}

void RequestEngine::set_walker(Walker& walker) {
  walks_.set_walker(walker);
  nodes_.set_walker(walker);
}

void RequestEngine::advance(Connection& c) {
  if (params_.first == Source::kPosted || !c.open) return;
  ask_held(c);
  while (c.walking == 0 && c.held.empty() && c.requested < c.posted && may_ask(c, c.requested)) {
    const Post& post = *c.post_at(c.requested);
    const std::uint64_t end = std::min(post.end, c.requested + granularity_);
    if (!start_walk(c, c.requested, end, 0, params_.first)) return;
  }
}

/// Whether the limits allow to ask for the first-pass block that starts at `begin`.
bool RequestEngine::may_ask(const Connection& c, std::uint64_t begin) const {
  return c.unsent_blocks < params_.request_ahead &&
         c.unacked_blocks.size() < params_.blocks_outstanding &&
         begin < stack_.window_end(c.id) + params_.prefetch.n;
}

void RequestEngine::ask_again(Connection& c, std::uint64_t begin, std::uint64_t end,
                              std::uint64_t ask) {
  const Source source = resend_source(c, begin);
  while (begin < end) {
    const Post* post = c.post_at(begin);
    sim::ensure(post != nullptr, "request engine: retransmission of bytes that no post covers");
    const std::uint64_t stop = std::min(end, post->end);
    start_walk(c, begin, stop, ask, source);
    begin = stop;
  }
}

/// How the bytes from `begin` on come this time.
Source RequestEngine::resend_source(Connection& c, std::uint64_t begin) const {
  if (!params_.alternate) return params_.retransmit;
  const auto [last, fresh] = c.resent.try_emplace(begin, params_.retransmit);
  if (!fresh) last->second = last->second == Source::kPushed ? Source::kPhysical : Source::kPushed;
  return last->second;
}

bool RequestEngine::start_walk(Connection& c, std::uint64_t begin, std::uint64_t end,
                               std::uint64_t ask, Source source) {
  const Post& post = *c.post_at(begin);
  WalkRequest walk;
  walk.txn = context_.next_txn();
  walk.connection = c.id;
  walk.asid = post.asid;
  walk.list_head = post.list_head;
  walk.first_sequence = post.list_sequence;
  walk.sequence = post.list_sequence + static_cast<std::uint32_t>(begin - post.begin);
  walk.length = static_cast<std::uint32_t>(end - begin);
  walk.shape = {post.block_size,
                post.list_sequence + static_cast<std::uint32_t>(post.end - post.begin)};
  walk.why = ask == 0 ? Why::kFirst : Why::kRetransmit;
  if (ask == 0) c.walking = walk.txn;
  return walks_.start(walk, {c.id, begin, ask, source});
}

void RequestEngine::block(const BlockRequest& request) {
  Walk* const walk = walks_.find(request.txn);
  if (walk == nullptr) return;
  Connection& c = connections_.at(request.connection);
  if (request.why == Why::kFirst && (!c.held.empty() || !may_ask(c, walk->next))) {
    hold(c, request, walk->next);
  } else {
    ask(request, *walk);
  }
  walk->next += request.length;
}

/// A walk finds all small blocks within its granularity at once, which may be more than the limits
/// allow to ask for.
void RequestEngine::hold(Connection& c, const BlockRequest& request, std::uint64_t begin) {
  c.held.push_back({begin, request});
  c.requested = begin + request.length;
  if (begin == c.available) listener_.bytes_available(c);
}

void RequestEngine::ask_held(Connection& c) {
  while (!c.held.empty() && may_ask(c, c.held.front().begin)) {
    const HeldBlock block = c.held.front();
    c.held.pop_front();
    ask(block.request, {c.id, block.begin, 0, params_.first});
  }
}

void RequestEngine::ask(const BlockRequest& request, const Walk& walk) {
  if (request.why == Why::kFirst && !params_.span_blocks) {
    stack_.cut_at(walk.connection, walk.next + request.length);
  }
  const bool pushed = walk.source == Source::kPushed;
  const std::uint64_t part = pushed ? params_.push_chunk.n : request.length;
  for (std::uint32_t skip = 0; skip < request.length;) {
    const auto n = static_cast<std::uint32_t>(std::min<std::uint64_t>(part, request.length - skip));
    add_part(request, walk, skip, n);
    skip += n;
  }
}

void RequestEngine::add_part(const BlockRequest& request, const Walk& walk, std::uint32_t skip,
                             std::uint32_t length) {
  Connection& c = connections_.at(request.connection);
  Extent& e = new_extent();
  e.txn = context_.next_txn();
  e.ask = walk.ask;
  e.begin = walk.next + skip;
  e.end = e.begin + length;
  e.why = request.why;
  e.source = walk.source;
  e.asid = request.asid;
  e.connection = request.connection;
  e.virtual_address = request.virtual_address + skip;
  e.sequence = c.first_sequence + static_cast<std::uint32_t>(e.begin);  // TCP's
  e.unretrieved = e.unsent = length;
  if (request.why == Why::kRetransmit && c.post_at(e.begin) == nullptr) {
    settle_acknowledged(c, e);
    return;
  }
  if (request.why == Why::kFirst) {
    c.first.push_back(&e);
    c.unacked_blocks.push_back(e.end);
    ++c.unsent_blocks;
    c.requested = std::max(c.requested, e.end);
  } else {
    c.again.push_back(&e);
  }
  if (e.source == Source::kTranslated) return ready_by_address(c, e);
  if (e.source == Source::kPhysical || room_.enter(e)) {
    send_request(e);
    return;
  }
  trace(TraceKind::kRoomWait, e, static_cast<std::uint32_t>(e.why));
  if (e.begin == c.available && e.why == Why::kFirst) listener_.bytes_available(c);
}

/// Its virtual addresses are all that is needed: each access is translated on its way.
void RequestEngine::ready_by_address(Connection& c, Extent& e) {
  ++stats_.translated_blocks;
  const SgElement whole{e.virtual_address, static_cast<std::uint32_t>(e.length()), 0};
  e.sg.assign(&whole, 1);
  e.requested = e.ready = true;
  trace(TraceKind::kBlockFound, e, static_cast<std::uint32_t>(e.why));
  if (e.why == Why::kFirst) {
    extend_available(c);
  } else {
    listener_.block_ready(c, e);
  }
}

/// The whole post was acknowledged while the walker looked for the block: nobody is asked.
void RequestEngine::settle_acknowledged(Connection& c, Extent& e) {
  e.acknowledged = e.ready = true;
  e.unretrieved = 0;
  c.again.push_back(&e);
  listener_.block_ready(c, e);
}

void RequestEngine::send_request(Extent& e) {
  e.requested = true;
  asked_[e.txn] = {&e, sim::now()};
  RequestEntry entry;
  entry.why = static_cast<std::uint8_t>(e.why);
  entry.identify = e.source == Source::kPushed ? Identify::kPushed : Identify::kPhysical;
  entry.asid = e.asid;
  entry.connection = e.connection;
  entry.length = static_cast<std::uint32_t>(e.length());
  entry.virtual_address = e.virtual_address;
  entry.sequence = e.sequence;
  entry.txn = e.txn;
  entry.buffer_offset = e.buffer;
  const bool first = e.why == Why::kFirst;
  ++(first ? stats_.first_requests : stats_.retransmit_requests);
  (first ? stats_.first_bytes : stats_.retransmit_bytes) += e.length();
  trace(TraceKind::kBlockRequest, e, static_cast<std::uint32_t>(e.why));
  requests_.push(entry);
}

void RequestEngine::room() {
  room_.serve([this](Extent& e) { send_request(e); });
}

void RequestEngine::node_needed(const NodeRequest& request) {
  ++stats_.node_requests;
  nodes_.ask(request);
}

void RequestEngine::node_released(std::uint16_t asid, std::uint64_t page) {
  nodes_.release(asid, page);
}

void RequestEngine::fault(const WalkFault& fault) {
  if (!walks_.end(fault.txn)) return;
  Connection& c = connections_.at(fault.connection);
  if (c.walking == fault.txn) c.walking = 0;
  listener_.request_failed(c, fault.code);
  walks_.retry();
}

void RequestEngine::done(sim::TxnId txn, std::uint32_t connection) {
  if (!walks_.end(txn)) return;
  Connection& c = connections_.at(connection);
  if (c.walking == txn) {
    c.walking = 0;
    advance(c);
    // Its blocks were ready while it went on; only now is it clear that no more are coming.
    if (params_.first == Source::kTranslated && c.walking == 0) listener_.bytes_available(c);
  }
  walks_.retry();
}

bool RequestEngine::more_coming(const Connection& c) const {
  for (const Extent* e : c.first) {
    if (e->end > c.available) return e->requested;
  }
  // A walk that goes on behind a held block finds nothing that may be asked for before something is
  // sent.
  return c.walking != 0 && c.held.empty();
}

bool RequestEngine::busy() const {
  return !asked_.empty() || !walks_.empty() || nodes_.busy() || read_abandoned_ != 0 ||
         pinning_ != 0;
}

void RequestEngine::trace(TraceKind kind, const Extent& e, std::uint32_t detail) {
  context_.trace.emit({{},
                       kind,
                       node_,
                       e.asid,
                       e.connection,
                       e.txn,
                       e.virtual_address,
                       e.length(),
                       e.sequence,
                       detail});
}

}  // namespace vctoe::nic
