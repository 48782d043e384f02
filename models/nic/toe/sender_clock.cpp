// Acknowledgements, loss recovery and the clocks of the sender.
#include <algorithm>

#include "models/nic/toe/sender.h"

namespace vctoe::toe {

std::uint64_t Sender::on_sack(const Segment& segment, Pos ack) {
  if (!sack_) return 0;
  std::uint64_t news = 0;
  for (std::size_t i = 0; i < segment.sack_count; ++i) {
    const std::int64_t left = unwrap(iss_, segment.sack[i].left, una_);
    const std::int64_t right = unwrap(iss_, segment.sack[i].right, una_);
    const auto floor = static_cast<std::int64_t>(std::max(una_, ack));
    // At or below the acknowledgement: a duplicate that the peer reports (RFC 2883).
    if (left >= right || left < floor || right > static_cast<std::int64_t>(nxt_)) continue;
    news += board_.mark(static_cast<Pos>(left), static_cast<Pos>(right));
  }
  return news;
}

bool Sender::on_ack(const Ack& ack, std::uint64_t newly_sacked, sim::Time now) {
  const bool moved = ack.ack > una_;
  const std::uint64_t flight = nxt_ - una_;
  const bool same_window = ack.window == window_;
  if (ack.update_window) {
    window_ = ack.window;
    max_window_ = std::max(max_window_, window_);
  }
  if (window_ == 0) clocks_.retries = 0;  // a shut peer that answers is alive, for ever
  if (moved) {
    const std::uint64_t acked = ack.ack - una_;
    una_ = ack.ack;
    take_sample(ack, now);
    clocks_.retries = 0;
    force_ = false;
    cuts_.pop_until(una_);
    bounds_.pop_until(una_);
    board_.advance(una_);
    on_progress(ack, acked, flight, now);
  } else if (flight > 0 && ack.ack == una_) {
    // RFC 6675 section 2 counts news; without SACK, RFC 5681 section 2 counts repetitions.
    if (sack_ ? newly_sacked > 0 : ack.may_repeat && same_window) on_repeat();
  }
  if (board_.any()) board_.find_lost(cw_.mss, params_.dupack_threshold);
  const bool lost = board_.any() && board_.lost_edge() > una_;
  if (recovery_.mode == RecoveryMode::kNone && lost) enter_fast_recovery();
  if (ack.echo) on_echo(flight);
  return moved;
}

void Sender::take_sample(const Ack& ack, sim::Time now) {
  if (clocks_.timed_end != 0 && una_ >= clocks_.timed_end) {
    rtt_.sample(now - clocks_.timed_at);
    clocks_.timed_end = 0;
  } else if (clocks_.timed_end == 0 && ack.ts_rtt > sim::Time::zero() &&
             (clocks_.retries > 0 || recovery_.mode != RecoveryMode::kNone)) {
    rtt_.sample(ack.ts_rtt);  // only the echo tells which transmission is acknowledged
  }
}

void Sender::on_progress(const Ack& ack, std::uint64_t acked, std::uint64_t flight, sim::Time now) {
  bool restart = true;
  if (recovery_.mode == RecoveryMode::kFast) {
    if (una_ >= recovery_.recover) {
      leave_fast_recovery();
    } else if (!sack_) {
      restart = !recovery_.partial_seen;  // the impatient variant of RFC 6582 section 4
      on_partial_ack(acked);
    }
  } else {
    recovery_.dupacks = 0;
    // A window that the sender does not fill proves nothing about the path (RFC 7661).
    const bool used = 2 * flight >= cw_.cwnd && !ack.echo;
    if (used || recovery_.mode == RecoveryMode::kTimeout) {
      policy_->grow(cw_, acked, rtt_.srtt(), now);
    }
    if (recovery_.mode == RecoveryMode::kTimeout && una_ >= recovery_.recover) {
      recovery_.mode = RecoveryMode::kNone;
      board_.end_recovery(una_);
    }
  }
  if (una_ == nxt_) {
    clocks_.rto_at = sim::Time::never();
  } else if (restart) {
    restart_rto(now);
  }
}

void Sender::on_repeat() {
  ++counters_.duplicate_acks;
  if (recovery_.mode == RecoveryMode::kFast && !sack_) cw_.cwnd += cw_.mss;
  if (recovery_.mode != RecoveryMode::kNone) return;
  if (++recovery_.dupacks == 1) recovery_.flight_at_first_dupack = nxt_ - una_;
  if (recovery_.dupacks < params_.dupack_threshold) return;
  // Without SACK the duplicates may come from what was sent again before `recover` (RFC 6582 3.2).
  if (sack_ || una_ > recovery_.recover) enter_fast_recovery();
}

void Sender::enter_fast_recovery() {
  ++counters_.fast_retransmits;
  std::uint64_t flight = nxt_ - una_;
  if (recovery_.dupacks > 0) {
    flight = std::min(flight, recovery_.flight_at_first_dupack);  // not limited transmit's
  }
  cw_.ssthresh = policy_->reduce(cw_, flight);
  cw_.cwnd = cw_.ssthresh + (sack_ ? 0 : params_.dupack_threshold * cw_.mss);
  recovery_.mode = RecoveryMode::kFast;
  recovery_.recover = nxt_;
  recovery_.rescue = 0;
  recovery_.start = una_;
  recovery_.partial_seen = false;
  marks_ = {nxt_, false};
  board_.start_recovery(una_);
  force_ = resend_at(una_) == nullptr;
}

/// RFC 3168 6.1.2: as if a segment was lost, but nothing is sent again; once for a window of data.
void Sender::on_echo(std::uint64_t flight) {
  if (recovery_.mode != RecoveryMode::kNone || una_ <= marks_.reduced_until) return;
  cw_.cwnd = cw_.ssthresh = std::min(cw_.cwnd, policy_->reduce(cw_, flight));
  marks_.reduced_until = nxt_;
  marks_.told = false;
  ++counters_.ecn_reductions;
}

void Sender::leave_fast_recovery() {
  const std::uint64_t flight = nxt_ - una_;
  cw_.cwnd = sack_ ? cw_.ssthresh
                   : std::min(cw_.ssthresh, std::max<std::uint64_t>(flight, cw_.mss) + cw_.mss);
  recovery_.mode = RecoveryMode::kNone;
  recovery_.dupacks = 0;
  board_.end_recovery(una_);
}

/// RFC 6582 section 3.2 step 3: the next hole is at the acknowledgement.
void Sender::on_partial_ack(std::uint64_t acked) {
  recovery_.partial_seen = true;
  cw_.cwnd -= std::min(acked, cw_.cwnd);
  if (acked >= cw_.mss) cw_.cwnd += cw_.mss;
  cw_.cwnd = std::max<std::uint64_t>(cw_.cwnd, cw_.mss);
  board_.start_recovery(una_);
  force_ = resend_at(una_) == nullptr;
}

void Sender::restart_rto(sim::Time now) {
  clocks_.rto_at = now + rtt_.rto();
}

TimerResult Sender::on_timer(sim::Time now) {
  if (clocks_.rto_at <= now) return on_rto(now);
  if (clocks_.persist_at <= now) return on_persist(now);
  return TimerResult::kNothing;
}

TimerResult Sender::on_rto(sim::Time now) {
  // The resend has not even left: nothing was learnt about the path, and its clock starts when it
  // does.
  if (una_ > 0 && resend_at(una_) != nullptr) {
    restart_rto(now);
    return TimerResult::kNothing;
  }
  if (clocks_.retries >= (una_ == 0 ? params_.syn_retries : data_retries_)) {
    return TimerResult::kGiveUp;
  }
  ++counters_.timeouts;
  const bool first = clocks_.retries++ == 0;
  rtt_.back_off();
  restart_rto(now);
  if (una_ == 0) return TimerResult::kTimeout;
  // RFC 5681 equation 4, once for each loss; RFC 6582 section 4 for recover.
  if (first) cw_.ssthresh = policy_->reduce(cw_, nxt_ - una_);
  policy_->restart();
  cw_.cwnd = cw_.mss;
  marks_ = {nxt_, false};
  lose_all();
  return TimerResult::kTimeout;
}

void Sender::lose_all() {
  recovery_.mode = RecoveryMode::kTimeout;
  recovery_.recover = nxt_;
  recovery_.dupacks = 0;
  clocks_.timed_end = 0;
  board_.lose_all(una_, nxt_);
  force_ = resend_at(una_) == nullptr;
}

void Sender::send_again(sim::Time now) {
  if (nxt_ == una_) return;
  lose_all();
  restart_rto(now);
}

void Sender::limit_segment(std::uint32_t mss) {
  if (cw_.mss == 0 || mss >= cw_.mss) return;
  cw_.mss = mss;
}

/// RFC 9293 3.8.6.1, and the override clock of 3.8.6.2.1.
TimerResult Sender::on_persist(sim::Time now) {
  if (una_ + window_ > nxt_) {
    override_ = true;
    clocks_.persist_at = sim::Time::never();
    return TimerResult::kNothing;
  }
  clocks_.persist_interval = sim::min(clocks_.persist_interval * 2, params_.rto_max);
  clocks_.persist_at = now + clocks_.persist_interval;
  return TimerResult::kProbe;
}

bool Sender::blocked_by_window() const {
  if (!open_ || planned_end() != una_ || una_ > end_) return false;
  if (una_ == end_ && !fin_queued_) return false;
  const Pos edge = una_ + window_;
  if (edge <= una_) return true;
  const Pos limit = std::min(end_, available_);
  return edge < std::min(limit, una_ + cw_.mss) && !may_be_short(edge);
}

/// A short rest waits for the bytes that would fill its segment. They may not come before the rest
/// has gone: its pages stay pinned until then, and the host may be short of memory.
bool Sender::blocked_by_rest() const {
  if (!open_ || planned_end() != una_) return false;
  const Pos limit = std::min({end_, available_, una_ + window_});
  return plan_nxt_ < limit && limit - plan_nxt_ < cw_.mss && !may_be_short(limit);
}

void Sender::settle(sim::Time now) {
  if (!blocked_by_window() && !blocked_by_rest()) {
    clocks_.persist_at = sim::Time::never();
  } else if (clocks_.persist_at == sim::Time::never()) {
    clocks_.persist_interval = rtt_.rto();
    clocks_.persist_at = now + clocks_.persist_interval;
  }
}

}  // namespace vctoe::toe
