#include "sw/scenario/attribution_stream.h"

#include <algorithm>

namespace vctoe::scenario {

namespace {
constexpr std::uint64_t kPage = 4096;

/// Somebody works on the supply of bytes, and is not kept from it.
bool at_work(Stage stage) {
  switch (stage) {
    case Stage::kSwapIn:
    case Stage::kPinning:
    case Stage::kServed:
    case Stage::kAsked:
    case Stage::kWalking:
      return true;
    default:
      return false;
  }
}
}  // namespace

Stage HostWork::stage() const {
  if (pinning) return unpinned > 0 && missing > 0 ? Stage::kSwapIn : Stage::kPinning;
  return served && !pinned ? Stage::kServed : Stage::kAsked;
}

void HostWork::pin_begins(const sim::TraceEvent& e) {
  pinning = true;
  unpinned = (e.address % kPage + e.length + kPage - 1) / kPage;
  missing = 0;
}

void HostWork::pin_ends() {
  pinning = false;
  pinned = true;
}

/// The 64-bit offset that is nearest to what has been sent: TCP's window is below 2^30.
std::uint64_t StreamState::offset(std::uint32_t seq) const {
  const std::uint32_t here = base_ + static_cast<std::uint32_t>(sent_);
  return sent_ + static_cast<std::uint64_t>(static_cast<std::int32_t>(seq - here));
}

bool StreamState::in_flight(std::uint32_t seq) const {
  const std::uint64_t at = offset(seq);
  return at >= una_ && at < sent_;
}

void StreamState::lost(std::uint32_t seq) {
  const std::uint64_t at = offset(seq);
  hole_ = una_ < recover_ ? std::min(hole_, at) : at;
  recover_ = sent_;
}

void StreamState::resends() {
  hole_ = una_;
  recover_ = sent_;
}

void StreamState::posting(const sim::TraceEvent& e) {
  if (posting_) posts_.pop_back();  // a post that failed: it is tried again in parts
  posting_ = true;
  post_wait_ = sim::PostWait::kNothing;
  posts_.push_back({e.txn, {posted_, posted_ + e.length, true}});
}

void StreamState::posted(const sim::TraceEvent& e) {
  if (!based_) base_ = e.seq - static_cast<std::uint32_t>(posted_);
  based_ = true;
  posted_ += e.length;
  posting_ = false;
}

void StreamState::taken(const sim::TraceEvent& e, bool readable) {
  taken_ += e.length;
  if (readable) found_ = taken_;
  while (!posts_.empty() && posts_.front().work.end <= taken_) posts_.pop_front();
}

void StreamState::found(const sim::TraceEvent& e) {
  found_ = std::max(found_, offset(e.seq) + e.length);
}

void StreamState::asked(const sim::TraceEvent& e) {
  const std::uint64_t at = offset(e.seq);
  blocks_.push_back({e.txn, {at, at + e.length}});
}

void StreamState::answered(sim::TxnId txn) {
  for (Work& block : blocks_) {
    if (block.txn == txn) block.answered = true;
  }
  for (; !blocks_.empty() && blocks_.front().answered; blocks_.pop_front()) {
    found_ = std::max(found_, blocks_.front().work.end);
  }
}

HostWork* StreamState::work(sim::TxnId txn) {
  const auto named = [txn](const Work& w) { return w.txn == txn; };
  for (auto* works : {&blocks_, &posts_}) {
    const auto found = std::find_if(works->begin(), works->end(), named);
    if (found != works->end()) return &found->work;
  }
  return nullptr;
}

void StreamState::read_begins(const sim::TraceEvent& e) {
  const std::uint64_t at = offset(e.seq);
  read_end_ = at + e.length;
  reads_.push_back({at, read_end_});
}

void StreamState::read_ends(const sim::TraceEvent& e) {
  const std::uint64_t at = offset(e.seq);
  for (Read& read : reads_) {
    if (read.begin != at) continue;
    read.over = true;
    return;
  }
}

void StreamState::handed_over(const sim::TraceEvent& e) {
  if (e.detail != 0) {
    ++again_on_line_;
    return resends();
  }
  ++on_line_;
  segment_ = std::max(segment_, e.length);
  sent_ = std::max(sent_, offset(e.seq) + e.length);
  while (!reads_.empty() && reads_.front().end <= sent_) reads_.pop_front();
}

void StreamState::left(const sim::TraceEvent& e) {
  int& count = e.kind == sim::TraceKind::kTxFirst ? on_line_ : again_on_line_;
  if (count > 0) --count;
}

void StreamState::acknowledged(const sim::TraceEvent& e) {
  una_ = std::max(una_, e.address);
  edge_ = std::max(edge_, e.address + e.length);
  widest_ = std::max(widest_, e.length);
}

Stage StreamState::stage() const {
  if (on_line_ > 0) return Stage::kOnLine;
  if (again_on_line_ > 0) return Stage::kAgainOnLine;
  if (sent_ >= posted_) return next_post();
  if (!reads_.empty() && reads_.front().begin <= sent_) {
    if (reads_.front().over) return Stage::kReady;
    if (page_requests_ > 0) return Stage::kPageRequest;
    // With no segment behind it to be read it is a latency in a pipeline that others keep empty.
    const bool starved = found_ < read_end_ + segment_;
    const Stage rest = starved ? supply(std::max(found_, read_end_)) : Stage::kReading;
    return at_work(rest) ? rest : Stage::kReading;
  }
  if (wait_end_ > sent_ && waits_for_buffer()) return Stage::kNoBuffer;
  if (found_ <= sent_) return supply(sent_);
  const bool whole = found_ - sent_ >= segment_ || found_ >= taken_;
  if (whole) return held();
  // TCP waits for the rest of the segment as long as it is known to be coming.
  const Stage rest = supply(found_);
  return rest == Stage::kLimited ? held() : rest;
}

/// Why TCP does not send what could be sent.
Stage StreamState::held() const {
  if (hole_ <= una_ && una_ < recover_) return Stage::kHeldByLoss;
  const std::uint64_t wanted = std::min(segment_, found_ - sent_);
  return edge_ < sent_ + wanted ? Stage::kHeldByPeer : Stage::kHeld;
}

/// What the byte at `at`, which cannot be sent yet, waits for.
Stage StreamState::supply(std::uint64_t at) const {
  if (!blocks_.empty() && blocks_.front().work.begin <= at) {
    // The host could be at work on more blocks if the walker found them faster.
    if (blocks_.size() == 1 && walking_) return Stage::kWalking;
    return blocks_.front().work.stage();
  }
  if (room_end_ > at) return Stage::kNoRoom;
  if (at >= taken_) {
    const bool pinned_by_nic = !posts_.empty() && posts_.front().work.pinning;
    return pinned_by_nic ? posts_.front().work.stage() : Stage::kUntaken;
  }
  return walking_ ? Stage::kWalking : Stage::kLimited;
}

/// Everything that was posted has been given to the MAC.
Stage StreamState::next_post() const {
  if (posting_ && post_wait_ == sim::PostWait::kRing) return Stage::kCopyRing;
  if (posting_ && post_wait_ == sim::PostWait::kPinBudget) return Stage::kPinning;
  if (posting_) {
    const HostWork& post = posts_.back().work;
    return post.pinning ? post.stage() : Stage::kServed;
  }
  if (una_ >= sent_) return Stage::kQuiet;
  return una_ < recover_ ? Stage::kFlightLoss : Stage::kFlight;
}

}  // namespace vctoe::scenario
