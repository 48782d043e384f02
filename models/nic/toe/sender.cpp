#include "models/nic/toe/sender.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::toe {

Sender::Sender(const TcpParams& params)
    : params_(params),
      policy_(make_congestion(params.congestion)),
      rtt_(params),
      nagle_(params.nagle),
      data_retries_(params.data_retries) {
  resends_.reserve(64);
}

void Sender::syn_left(sim::Time now) {
  clocks_.timed_end = nxt_ == 0 ? kFirstByte : 0;  // Karn: a SYN sent twice is not timed
  clocks_.timed_at = now;
  nxt_ = kFirstByte;
  restart_rto(now);
}

void Sender::establish(std::uint32_t mss, bool sack, std::uint64_t window, sim::Time now) {
  una_ = kFirstByte;
  board_.reset(una_);
  recovery_.recover = 0;
  cw_.mss = mss;
  // RFC 6928 section 2; one segment if the SYN was lost (RFC 5681 3.1).
  cw_.cwnd =
      std::min<std::uint64_t>(params_.initial_window * mss,
                              std::max<std::uint64_t>(2ull * mss, params_.initial_window * 1460));
  if (clocks_.timed_end != 0) {
    rtt_.sample(now - clocks_.timed_at);
  } else if (clocks_.retries > 0) {
    cw_.cwnd = mss;
    rtt_.raise(sim::Time::from_s(3));
  }
  clocks_.timed_end = 0;
  clocks_.retries = 0;
  sack_ = sack;
  window_ = max_window_ = window;
  clocks_.rto_at = sim::Time::never();
  clocks_.last_sent = now;
  open_ = true;
}

void Sender::make_available(Pos pos, bool flush) {
  if (pos < available_) return;
  if (pos > available_ || flush) flushed_ = flush ? pos : 0;
  available_ = pos;
}

// ---- what to send -------------------------------------------------------------------------------

std::optional<Sender::Range> Sender::candidate() const {
  if (!open_) return std::nullopt;
  if (recovery_.mode == RecoveryMode::kNone) return fresh();
  if (auto range = lost()) return range;
  if (auto range = fresh()) return range;
  return speculative();
}

/// NextSeg() rule 1: the first range that is lost, not sent again and not about to be.
std::optional<Sender::Range> Sender::lost() const {
  if (window_ == 0 && !force_) return std::nullopt;
  Pos from = std::max(una_, board_.high_rxt());
  while (from < board_.lost_edge()) {
    const auto hole = board_.hole(from, std::min(nxt_, end_));
    if (!hole || hole->begin >= board_.lost_edge()) return std::nullopt;
    if (const Range* out = resend_at(hole->begin)) {
      from = out->end;
      continue;
    }
    const Range range = again(*hole);
    if (!force_ && !fits(range.end - range.begin)) return std::nullopt;
    return range;
  }
  return std::nullopt;
}

/// NextSeg() rules 3 and 4: no loss is known and nothing new may go, but there is room.
std::optional<Sender::Range> Sender::speculative() const {
  if (recovery_.mode != RecoveryMode::kFast || !sack_ || window_ == 0) return std::nullopt;
  const Pos from = std::max(una_, board_.high_rxt());
  const auto hole = board_.hole(from, std::min(board_.highest(), end_));
  if (!hole) return rescue();
  if (resend_at(hole->begin) != nullptr) return std::nullopt;
  const Range range = again(*hole);
  if (!fits(range.end - range.begin)) return std::nullopt;
  return range;
}

/// Once a recovery: the last segment, whose loss no later data can show, unless sent again already.
std::optional<Sender::Range> Sender::rescue() const {
  // Not before a round trip of the recovery is over: until then the tail may be on its way.
  if (una_ <= std::max(recovery_.rescue, recovery_.start)) return std::nullopt;
  const auto hole = board_.last_hole(std::max(una_, board_.high_rxt()), std::min(nxt_, end_));
  if (!hole) return std::nullopt;
  const Pos base = std::min(cuts_.previous(hole->end, una_), hole->end - 1);
  const std::uint64_t length = (hole->end - base - 1) % cw_.mss + 1;
  Range range{std::max(hole->begin, hole->end - length), hole->end, true, true, 0};
  if (resend_at(range.begin) != nullptr || !fits(range.end - range.begin)) return std::nullopt;
  return range;
}

/// The first segment of a hole, cut where it was cut before.
Sender::Range Sender::again(Interval hole) const {
  Pos end = std::min(hole.end, cuts_.next(hole.begin, hole.begin + cw_.mss));
  for (const Range& out : resends_) {
    if (out.begin > hole.begin) end = std::min(end, out.begin);
  }
  return {hole.begin, end, true, false, 0};
}

std::optional<Sender::Range> Sender::fresh() const {
  const Pos limit = std::min({end_, available_, una_ + window_});
  if (plan_nxt_ >= limit) return std::nullopt;
  const Pos end = bounds_.next(plan_nxt_, std::min(limit, plan_nxt_ + cw_.mss));
  const bool is_short = end - plan_nxt_ < cw_.mss && !bounds_.contains(end);
  if (is_short && !may_be_short(end)) return std::nullopt;
  if (!fits(end - plan_nxt_)) return std::nullopt;
  return Range{plan_nxt_, end, false, false, 0};
}

/// Sender's side of silly window avoidance and Nagle (RFC 9293 3.8.6.2.1), for a segment up to
/// `end`.
bool Sender::may_be_short(Pos end) const {
  if (end == end_) {
    return fin_queued_ || !nagle_ || small_end_ <= una_;
  }
  if (end == una_ + window_ && end < available_) {
    return override_ || 2 * (end - plan_nxt_) >= max_window_;
  }
  return end == flushed_ || override_;
}

bool Sender::fits(std::uint64_t length) const {
  std::uint64_t room = cw_.cwnd;
  if (recovery_.mode == RecoveryMode::kNone && !sack_ && params_.limited_transmit) {
    room += std::min<std::uint64_t>(recovery_.dupacks, 2) * cw_.mss;  // RFC 3042
  }
  const std::uint64_t in_network = pipe();
  return in_network == 0 || in_network + length <= room;
}

std::uint64_t Sender::pipe() const {
  const std::uint64_t flight = planned_end() - una_;
  if (recovery_.mode == RecoveryMode::kNone && (!board_.any() || !params_.limited_transmit)) {
    return flight;
  }
  if (recovery_.mode == RecoveryMode::kFast && !sack_) {
    return flight;  // the window is inflated instead
  }
  return board_.pipe(una_, planned_end());
}

/// The plan for sending again that is out and holds `pos`; nullptr if none.
const Sender::Range* Sender::resend_at(Pos pos) const {
  for (const Range& out : resends_) {
    if (out.begin <= pos && pos < out.end) return &out;
  }
  return nullptr;
}

Pos Sender::send_limit() const {
  const std::uint64_t used = pipe();
  const std::uint64_t room = cw_.cwnd > used ? cw_.cwnd - used : 0;
  return std::min(window_end(), plan_nxt_ + room);
}

// ---- plans --------------------------------------------------------------------------------------

std::optional<Sender::Range> Sender::plan(std::uint64_t id, sim::Time now) {
  restart_after_idle(now);
  auto range = candidate();
  if (!range) return range;
  range->id = id;
  note_plan(*range);
  return range;
}

/// RFC 5681 4.1.
void Sender::restart_after_idle(sim::Time now) {
  if (planned_end() != una_ || now - clocks_.last_sent <= rtt_.rto()) return;
  const std::uint64_t restart = params_.initial_window * cw_.mss;
  if (cw_.cwnd <= restart) return;
  cw_.cwnd = restart;
  policy_->restart();
}

void Sender::note_plan(const Range& range) {
  if (range.retransmit) {
    if (range.rescue) {
      recovery_.rescue = recovery_.recover;
    } else {
      board_.resent(range.end);
    }
    force_ = false;
    resends_.push_back(range);
    return;
  }
  if (range.end - range.begin < cw_.mss) {
    cuts_.push(range.end);
    if (range.end == end_) small_end_ = range.end;
  }
  plan_nxt_ = range.end;
  override_ = false;
  first_plans_.push(range.id);
}

bool Sender::left(const Range& range, bool& fin, sim::Time now) {
  fin = false;
  if (!(range.retransmit ? again_left(range, now) : first_left(range, now))) return false;
  clocks_.last_sent = now;
  fin = carries_fin(range);
  if (clocks_.rto_at == sim::Time::never() || range.begin <= una_) restart_rto(now);
  return true;
}

bool Sender::first_left(const Range& range, sim::Time now) {
  if (!first_plans_.contains(range.id)) return false;
  sim::ensure(range.begin == nxt_, "TCP: first transmissions must leave in order");
  first_plans_.pop_until(range.id);
  nxt_ = range.end;
  if (clocks_.timed_end == 0) {
    clocks_.timed_end = range.end;
    clocks_.timed_at = now;
  }
  return true;
}

bool Sender::again_left(const Range& range, sim::Time /*now*/) {
  const auto same = [&](const Range& out) { return out.id == range.id; };
  const auto found = std::find_if(resends_.begin(), resends_.end(), same);
  if (found == resends_.end()) return false;
  resends_.erase(found);
  if (range.end <= una_ || board_.sacked(std::max(range.begin, una_), range.end)) return false;
  ++counters_.retransmits;
  clocks_.timed_end = 0;
  return true;
}

bool Sender::carries_fin(const Range& range) {
  if (!fin_queued_ || range.end != end_ || nxt_ < end_) return false;
  if (!fin_left_) {
    if (una_ + window_ <= end_) return false;
    fin_left_ = true;
    nxt_ = plan_nxt_ = end_ + 1;
  }
  if (range.retransmit && board_.high_rxt() == end_) board_.resent(end_ + 1);
  return true;
}

void Sender::drop(const Range& range) {
  if (!range.retransmit) {
    if (!first_plans_.contains(range.id)) return;
    first_plans_.truncate(range.id - 1);  // what was planned behind it cannot leave before it
    plan_nxt_ = range.begin;
    cuts_.truncate(plan_nxt_);
    small_end_ = std::min(small_end_, plan_nxt_);
    return;
  }
  const auto same = [&](const Range& out) { return out.id == range.id; };
  resends_.erase(std::remove_if(resends_.begin(), resends_.end(), same), resends_.end());
  if (recovery_.mode == RecoveryMode::kNone || range.end <= una_ || range.rescue) return;
  board_.unsend(std::max(range.begin, una_));
  if (range.begin <= una_) force_ = true;
}

bool Sender::fin_due() const {
  if (!open_ || !fin_queued_) return false;
  if (!fin_left_) return nxt_ == end_ && plan_nxt_ == end_ && una_ + window_ > end_;
  if (una_ > end_ || recovery_.mode == RecoveryMode::kNone || board_.lost_edge() <= end_) {
    return false;
  }
  const Pos from = std::max(una_, board_.high_rxt());
  return from <= end_ && !board_.hole(from, end_) && !board_.sacked(end_, end_ + 1);
}

void Sender::fin_left(sim::Time now) {
  if (fin_left_) {
    ++counters_.retransmits;
    clocks_.timed_end = 0;
    force_ = false;
    board_.resent(end_ + 1);
  }
  fin_left_ = true;
  nxt_ = plan_nxt_ = end_ + 1;
  if (clocks_.rto_at == sim::Time::never() || una_ == end_) restart_rto(now);
}

}  // namespace vctoe::toe
