// What the host commands: submissions and the doorbell of consumed bytes. The host is not trusted:
// an entry that cannot be ends the connection that it names, and nothing else.
#include <algorithm>

#include "models/nic/nic.h"
#include "models/nic/post_trace.h"
#include "models/nic/registers.h"

namespace vctoe::nic {

namespace {
constexpr std::uint64_t kMaxPost = std::uint64_t{1} << 32;  ///< bytes of a list (docs/walker.md)
constexpr std::uint64_t kMaxDiffserv = 63;
constexpr std::uint64_t kMaxReceive = std::uint64_t{1} << 30;  ///< RFC 7323 section 2.3
}  // namespace

void Nic::consumed(std::uint64_t value) {
  const auto id = static_cast<std::uint32_t>(value >> kConsumedBits);
  if (!connections_.valid(id)) {
    ++stats_.bad_accesses;
    return;
  }
  Connection& c = connections_.at(id);
  const std::uint64_t mask = (std::uint64_t{1} << kConsumedBits) - 1;
  const std::uint64_t more = ((value & mask) - c.consumed) & mask;
  if (more > c.received - c.consumed) {  // what has not come; of a connection that is gone, too
    ++stats_.bad_accesses;
    return;
  }
  c.consumed += more;
  stack_.set_receive_space(id, c.consumed + c.receive.size(), sim::now());
  service();
}

void Nic::submit(const SubmitEntry& e, const std::vector<SgElement>& sg) {
  if (!connections_.valid(e.connection)) {
    ++stats_.bad_submissions;
    return;
  }
  Connection& c = connections_.at(e.connection);
  bool ok = true;
  switch (e.op) {
    case SubmitOp::kConnect:
      ok = stack_.connect(e.connection, e.local_port, e.ip, e.port, sim::now());
      if (!ok) break;
      if (e.length != 0) {
        stack_.set_max_segment(e.connection, static_cast<std::uint32_t>(e.length), sim::now());
      }
      stack_.set_receive_space(e.connection, c.receive.size(), sim::now());
      break;
    case SubmitOp::kListen:
      ok = stack_.listen(e.local_port, e.connection, static_cast<std::uint32_t>(e.length));
      break;
    case SubmitOp::kReceive:
      ok = take_receive_memory(c, e, sg);
      break;
    case SubmitOp::kPost:
      submit_post(e, sg);
      break;
    case SubmitOp::kClose:
      c.closing = stack_.view(e.connection).has_value();
      stack_.close(e.connection, sim::now());
      break;
    case SubmitOp::kAbort:
      stack_.abort(e.connection, sim::now());
      break;
    case SubmitOp::kRelease: {
      const std::uint64_t read = std::min(e.length, c.received);
      c.closing = stack_.view(e.connection).has_value();
      stack_.release(e.connection, c.received - read, sim::now());
      break;
    }
    case SubmitOp::kOption:
      ok = set_option(e);
      break;
    case SubmitOp::kUnlisten:
      unlisten(e);
      break;
    default:
      ok = false;
      break;
  }
  if (!ok) refuse(c, e);
  service();
}

/// Of one connection, instead of the parameter.
bool Nic::set_option(const SubmitEntry& e) {
  switch (static_cast<Option>(e.flags)) {
    case Option::kNagle:
      stack_.set_nagle(e.connection, e.length != 0, sim::now());
      return true;
    case Option::kKeepalive:
      stack_.set_keepalive(e.connection, e.length != 0, sim::now());
      return true;
    case Option::kMaxSegment:
      stack_.set_max_segment(e.connection, static_cast<std::uint32_t>(e.length), sim::now());
      return true;
    case Option::kDiffserv:
      if (e.length > kMaxDiffserv) return false;
      stack_.set_diffserv(e.connection, static_cast<std::uint8_t>(e.length), sim::now());
      return true;
    case Option::kRetries:
      stack_.set_retries(e.connection, e.length, sim::now());
      return true;
    case Option::kUrgent:
      stack_.set_urgent(e.connection, sim::now());
      return true;
  }
  return false;
}

/// Memory that was given for connections to come goes back to the host; those that are half open
/// are reset.
void Nic::unlisten(const SubmitEntry& e) {
  stack_.unlisten(e.local_port);
  const std::uint64_t end = std::min<std::uint64_t>(e.connection + e.length, connections_.size());
  for (auto id = e.connection; id < end; ++id) {
    if (!connections_.used(id)) continue;
    if (find_half_open(id) != half_open_.end()) stack_.abort(id, sim::now());
    Connection& c = connections_.at(id);
    if (c.open || stack_.view(id) || c.receive.empty()) continue;
    c.receive.clear();
    complete(CompletionKind::kClosed, id, e.txn, 0);
  }
}

/// The connection that the entry is about ends, if there is one; the host hears of it in any case.
void Nic::refuse(Connection& c, const SubmitEntry& e) {
  ++stats_.bad_submissions;
  if (e.op == SubmitOp::kListen || e.op == SubmitOp::kUnlisten) return;
  if (c.open) {
    request_failed(c, Fault::kRefused);
  } else if (stack_.view(c.id)) {
    stack_.abort(c.id, sim::now());
  } else {
    complete(CompletionKind::kReset, c.id, e.txn, 0);
  }
}

/// Only before there is a connection: what is in flight to the memory was placed by its old size.
bool Nic::take_receive_memory(Connection& c, const SubmitEntry& e,
                              const std::vector<SgElement>& sg) {
  std::uint64_t bytes = 0;
  for (const SgElement& s : sg) bytes += s.length;
  const bool free = !c.open && !stack_.view(c.id);
  if (!free || bytes != e.length || bytes == 0 || bytes > kMaxReceive) return false;
  c.receive.assign(sg.data(), sg.size());
  c.consumed = 0;
  return true;
}

void Nic::submit_post(const SubmitEntry& e, const std::vector<SgElement>& sg) {
  Connection& c = connections_.at(e.connection);
  const std::uint32_t expected = c.first_sequence + static_cast<std::uint32_t>(c.posted);
  const bool needs_bytes = params_.core.first == Source::kPosted;
  if (!c.open) return;  // closed while the entry was on its way: the close notice tells the host
  std::uint64_t bytes = 0;
  for (const SgElement& s : sg) bytes += s.length;
  const bool covered = !needs_bytes || bytes == e.length;
  if (c.closing || e.length == 0 || e.length > kMaxPost || e.first_sequence != expected ||
      !covered) {
    ++stats_.bad_submissions;
    request_failed(c, Fault::kSequenceGap);
    return;
  }
  Post post;
  post.txn = e.txn;
  post.begin = c.posted;
  post.end = c.posted + e.length;
  post.list_head = e.list_head;
  post.first_sequence = e.first_sequence;
  post.list_sequence = (e.flags & kOwnNumbering) != 0 ? e.list_sequence : e.first_sequence;
  post.block_size = e.block_size;
  post.asid = e.asid;
  post.sg.assign(sg.data(), sg.size());
  post.unretrieved = post.unsent = e.length;
  c.posts.push_back(std::move(post));
  c.posted += e.length;
  stack_.post(c.id, e.length, sim::now());
  if (!needs_bytes) {
    trace_taken(c, c.posts.back());
    requests_.advance(c);
    return;
  }
  c.requested = c.posted;
  if (!pins_.active()) return post_usable(c.id, c.generation, e.txn);
  pins_.hold({e.txn, c.id, e.asid, true}, sg,
             [this, id = c.id, generation = c.generation, txn = e.txn] {
               if (pins_.raises()) complete(CompletionKind::kPinned, id, txn, 0);
               post_usable(id, generation, txn);
               if (pins_.raises()) service();
             });
}

void Nic::trace_taken(const Connection& c, const Post& post) {
  trace_post(context_, sim::TraceKind::kPostTaken, node_, c.id, post);
}

/// The bytes that came with the post can be read from now on. Posts become usable in their order.
void Nic::post_usable(std::uint32_t id, std::uint64_t generation, sim::TxnId txn) {
  Connection& c = connections_.at(id);
  if (!c.open || c.generation != generation) return;
  for (const Post& post : c.posts) {
    if (post.txn != txn) continue;
    c.available = post.end;
    trace_taken(c, post);
  }
  stack_.set_available(c.id, c.available, true);
}

void Nic::complete(CompletionKind kind, std::uint32_t connection, sim::TxnId txn,
                   std::uint64_t value) {
  connections_.at(connection)
      .notices.pass(completion(kind, connection, txn, value), completion_ring_);
}

/// For completions by which the host releases what was posted before stream offset `before`: a
/// retransmission that nobody needs any more may still be reading there.
void Nic::complete_after_reads(CompletionKind kind, Connection& c, sim::TxnId txn,
                               std::uint64_t value, std::uint64_t before) {
  c.notices.push(completion(kind, c.id, txn, value), before, completion_ring_);
}

}  // namespace vctoe::nic
