// From the host's answer to the end of a block.
#include <algorithm>

#include "models/nic/request_engine.h"

namespace vctoe::nic {

using sim::TraceKind;
using sim::Why;

void RequestEngine::reply(const ReplyEntry& entry, const std::vector<SgElement>& sg) {
  if (nodes_.reply(entry, sg)) return;
  const auto found = asked_.find(entry.txn);
  if (found == asked_.end()) {
    ++stats_.foreign_replies;
    return;
  }
  Extent& extent = *found->second.extent;
  const bool fits = answers(extent, entry, sg);
  const bool part = fits && extent.answered + entry.length < extent.length();
  if (!part) {
    stats_.reply_time.record((sim::now() - found->second.at).ps);
    asked_.erase(found);
  }
  extent.ready = !part;
  if (entry.kind == ReplyKind::kPhysical) extent.pinned = true;
  if (fits && extent.pinned && pins_->active()) return pin_and_take(extent, entry, sg);
  if (extent.abandoned) {
    if (part) return;
    ++stats_.late_replies;
    release_abandoned(extent);
  } else if (fits) {
    take_answer(extent, entry, sg);
  } else {
    trace(TraceKind::kReplyError, extent, entry.status);
    listener_.request_failed(connections_.at(extent.connection), Fault::kRefused);
  }
}

/// The NIC does part of the pinning itself: pages are used, or given up, when they are pinned.
void RequestEngine::pin_and_take(Extent& e, const ReplyEntry& entry,
                                 const std::vector<SgElement>& sg) {
  const bool whole = e.ready;
  e.ready = false;
  ++pinning_;
  pins_->hold({e.txn, e.connection, e.asid, false}, sg, [this, &e, entry, sg, whole] {
    --pinning_;
    e.ready = whole;
    if (pins_->raises()) {
      CompletionEntry done;
      done.kind = CompletionKind::kPinned;
      done.connection = e.connection;
      done.txn = e.txn;
      completions_.push(done);
    }
    if (!e.abandoned) {
      take_answer(e, entry, sg);
    } else if (whole) {
      ++stats_.late_replies;
      release_abandoned(e);
    }
    if (pins_->raises()) listener_.work_arrived();
  });
}

/// The reply is of the kind asked for, for the same connection and address space, and no longer
/// than what is still open.
bool RequestEngine::answers(const Extent& e, const ReplyEntry& entry,
                            const std::vector<SgElement>& sg) {
  if (entry.connection != e.connection || entry.asid != e.asid) return false;
  if (e.source == Source::kPushed) return entry.kind == ReplyKind::kPushed;
  if (entry.kind != ReplyKind::kPhysical || entry.length == 0) return false;
  std::uint64_t bytes = 0;
  for (const SgElement& element : sg) bytes += element.length;
  return bytes == entry.length && e.answered + entry.length <= e.length();
}

void RequestEngine::take_answer(Extent& e, const ReplyEntry& entry,
                                const std::vector<SgElement>& sg) {
  if (e.source == Source::kPushed) {
    trace(TraceKind::kReplyPushed, e, 0);
    trace(TraceKind::kBufferWrite, e, e.buffer);
    e.unretrieved = 0;
  } else {
    trace(TraceKind::kReplyPhysical, e, e.ready ? 0 : 1);
    e.sg.append(sg.data(), sg.size());
    e.answered += entry.length;
  }
  Connection& c = connections_.at(e.connection);
  if (e.why == Why::kFirst) {
    extend_available(c);
  } else {
    listener_.block_ready(c, e);
  }
}

void RequestEngine::extend_available(Connection& c) {
  const std::uint64_t before = c.available;
  for (const Extent* e : c.first) {
    c.available = std::max(c.available, e->usable_end());
    if (!e->ready) break;
  }
  if (c.available != before) listener_.bytes_available(c);
}

void RequestEngine::retrieved(Extent& e, std::uint64_t bytes) {
  --e.reads;
  if (e.abandoned) {
    if (e.reads != 0) return;
    --read_abandoned_;
    release_abandoned(e);
    return;
  }
  if (e.kept) {
    if (e.reads == 0 && e.end <= connections_.at(e.connection).acked) release_kept(e);
    return;
  }
  e.unretrieved -= bytes;
  if (e.unretrieved != 0) return;
  trace(TraceKind::kBlockRetrieved, e, static_cast<std::uint32_t>(e.why));
  if (params_.unpin_at == UnpinAt::kRetrieved) unpin(e, CompletionKind::kBlockRetrieved);
}

void RequestEngine::sent(Extent& e, std::uint64_t bytes) {
  e.unsent -= bytes;
  if (e.unsent == 0) finish(e);
}

/// All bytes of the extent have left: its pin or its packet buffer goes, and it with them.
void RequestEngine::finish(Extent& e) {
  Connection& c = connections_.at(e.connection);
  trace(TraceKind::kBlockSent, e, static_cast<std::uint32_t>(e.why));
  if (e.why == Why::kFirst) {
    c.first.erase(std::find(c.first.begin(), c.first.end(), &e));
    --c.unsent_blocks;
  } else {
    c.again.erase(std::find(c.again.begin(), c.again.end(), &e));
  }
  if (e.pinned && params_.unpin_at == UnpinAt::kAcknowledged && c.acked < e.end) {
    e.kept = true;
    c.kept.push_back(&e);
  } else {
    unpin(e, CompletionKind::kBlockSent);
    drop_extent(e);
  }
  advance(c);
}

void RequestEngine::release_kept(Extent& e) {
  Connection& c = connections_.at(e.connection);
  c.kept.erase(std::find(c.kept.begin(), c.kept.end(), &e));
  unpin(e, CompletionKind::kBlockAcked);
  drop_extent(e);
}

void RequestEngine::acknowledged(Connection& c, std::uint64_t offset) {
  while (!c.unacked_blocks.empty() && c.unacked_blocks.front() <= offset) {
    c.unacked_blocks.pop_front();
  }
  for (std::size_t i = c.kept.size(); i-- > 0;) {
    if (c.kept[i]->end <= offset && c.kept[i]->reads == 0) release_kept(*c.kept[i]);
  }
  c.resent.erase(c.resent.begin(), c.resent.lower_bound(offset));
  advance(c);
}

void RequestEngine::abandon(Connection& c) {
  walks_.cancel(c.id);
  std::vector<Extent*> all(c.first.begin(), c.first.end());
  all.insert(all.end(), c.again.begin(), c.again.end());
  all.insert(all.end(), c.kept.begin(), c.kept.end());
  c.first.clear();
  c.again.clear();
  c.kept.clear();
  c.resent.clear();
  c.held.clear();
  for (Extent* e : all) {
    room_.forget(*e);
    e->abandoned = true;
    if (e->requested && !e->ready) continue;  // the host's answer ends it
    if (e->reads != 0) {
      ++read_abandoned_;  // the host might give the frame to somebody else: the last read ends it
    } else {
      release_abandoned(*e);
    }
  }
  c.walking = 0;
  c.unsent_blocks = 0;
  c.unacked_blocks.clear();
  walks_.retry();
}

void RequestEngine::release_abandoned(Extent& e) {
  unpin(e, CompletionKind::kBlockSent);
  drop_extent(e);
}

/// Tells the host, once, that it may unpin.
void RequestEngine::unpin(Extent& e, CompletionKind kind) {
  if (!e.pinned) return;
  e.pinned = false;
  CompletionEntry entry;
  entry.kind = kind;
  entry.connection = e.connection;
  entry.txn = e.txn;
  completions_.push(entry);
}

Extent& RequestEngine::new_extent() {
  Extent& e = extents_.get();
  e.reads = 0;
  e.answered = 0;
  e.requested = e.ready = e.pinned = e.has_room = e.abandoned = e.acknowledged = e.kept = false;
  e.sg.clear();
  return e;
}

void RequestEngine::drop_extent(Extent& e) {
  if (e.has_room) buffer_.free(e.buffer);
  e.has_room = false;
  extents_.put(e);
}

}  // namespace vctoe::nic
