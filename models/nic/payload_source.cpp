#include "models/nic/payload_source.h"

#include <algorithm>
#include <cstring>

namespace vctoe::nic {

bool PayloadSource::resolve(Connection& c, TxJob& job) const {
  if (job.resolved) return true;
  if (job.ask != 0) {
    job.resolved = resolve_extents(job, c.again);
  } else if (job.plan.retransmit || params_.first == Source::kPosted) {
    const Post* post = c.post_at(job.plan.offset);
    job.resolved = post != nullptr && !post->sg.empty();
  } else {
    job.resolved = resolve_extents(job, c.first);
  }
  return job.resolved;
}

template <class Extents>
bool PayloadSource::resolve_extents(TxJob& job, const Extents& extents) {
  job.pieces.clear();
  std::uint64_t at = job.plan.offset;
  for (Extent* e : extents) {
    if (at == job.end()) break;
    if (e->ask != job.ask || at < e->begin || at >= e->usable_end()) continue;
    const std::uint64_t n = std::min(job.end(), e->usable_end()) - at;
    job.pieces.push_back({e, n});
    at += n;
  }
  return at == job.end();
}

bool PayloadSource::resolve_kept(Connection& c, TxJob& job) {
  job.pieces.clear();
  for (std::uint64_t at = job.plan.offset; at < job.end();) {
    const auto holds = [at](const Extent* e) { return e->begin <= at && at < e->end; };
    const auto found = std::find_if(c.kept.begin(), c.kept.end(), holds);
    if (found == c.kept.end()) {
      job.pieces.clear();
      return false;
    }
    const std::uint64_t n = std::min(job.end(), (*found)->end) - at;
    job.pieces.push_back({*found, n});
    at += n;
  }
  job.resolved = job.kept = true;
  return true;
}

bool PayloadSource::take_retained(Connection& c, TxJob& job) {
  const auto same = [&](const Retained& r) {
    return r.begin == job.plan.offset && r.end == job.end();
  };
  const auto found = std::find_if(c.retained.begin(), c.retained.end(), same);
  if (found == c.retained.end()) return false;
  job.buffer = found->buffer;
  buffer_.set_use(job.buffer, BufferUse::kTransmit);
  job.staged = job.resolved = job.ready = true;
  c.retained.erase(found);
  return true;
}

bool PayloadSource::give_buffer(Connection& c, TxJob& job) {
  auto where = buffer_.allocate(job.plan.length, BufferUse::kTransmit);
  while (!where && !c.retained.empty()) {
    buffer_.free(c.retained.front().buffer);
    c.retained.pop_front();
    where = buffer_.allocate(job.plan.length, BufferUse::kTransmit);
  }
  if (!where) return false;
  job.buffer = *where;
  job.staged = true;
  return true;
}

DmaRequest PayloadSource::read_of(Connection& c, const TxJob& job) {
  DmaRequest request;
  scratch_.clear();
  std::uint64_t at = job.plan.offset;
  for (const TxJob::Piece& piece : job.pieces) {
    piece.extent->sg.slice(at - piece.extent->begin, piece.bytes, scratch_);
    request.asid = piece.extent->asid;
    request.txn = piece.extent->txn;
    request.by_virtual_address = piece.extent->source == Source::kTranslated;
    at += piece.bytes;
  }
  while (at < job.end()) {
    const Post& post = *c.post_at(at);
    const std::uint64_t n = std::min(job.end(), post.end) - at;
    post.sg.slice(at - post.begin, n, scratch_);
    request.asid = post.asid;
    request.txn = post.txn;
    at += n;
  }
  request.sg = scratch_.data();
  request.count = static_cast<std::uint32_t>(scratch_.size());
  request.data = buffer_.data(job.buffer);
  request.connection = c.id;
  return request;
}

void PayloadSource::copy(const TxJob& job, std::uint8_t* to) const {
  if (job.staged || job.pieces.empty()) {
    std::memcpy(to, buffer_.data(job.buffer), job.plan.length);
    return;
  }
  std::uint64_t at = job.plan.offset;
  for (const TxJob::Piece& piece : job.pieces) {
    const std::uint64_t skip = at - piece.extent->begin;
    std::memcpy(to, buffer_.data(piece.extent->buffer) + skip, piece.bytes);
    to += piece.bytes;
    at += piece.bytes;
  }
}

}  // namespace vctoe::nic
