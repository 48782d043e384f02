// Arrival of a segment (RFC 9293 section 3.10.7, with RFC 5961 and RFC 7323).
#include <algorithm>

#include "models/nic/toe/connection.h"

namespace vctoe::toe {

namespace {
constexpr sim::Time kTimestampLife = sim::Time::from_s(24ull * 24 * 3600);  // RFC 7323 5.5

bool older(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) < 0;
}
}  // namespace

void Connection::input(const Segment& s, sim::Time now) {
  if (gone_) return;
  heard_at_ = now;
  if (state_ == State::kSynSent) return input_syn_sent(s, now);
  if (state_ == State::kSynReceived && s.has(kSyn) && s.seq == rx_.irs()) {
    if (!input_repeated_syn(s, now)) return;
    Segment rest = s;  // a simultaneous open: the SYN is known, its acknowledgement is not
    rest.seq = s.seq + 1;
    rest.flags &= static_cast<std::uint8_t>(~kSyn);
    return input_synchronised(rest, rx_.position(rest.seq), now);
  }
  const std::int64_t at = rx_.position(s.seq);
  if (!input_timestamps(s, at, now)) return;
  if (!rx_.acceptable(at, s.sequence_length())) return input_unacceptable(s, at, now);
  if (s.has(kRst)) return input_reset(at, now);
  if (s.has(kSyn)) return input_syn(now);
  input_synchronised(s, at, now);
}

void Connection::input_synchronised(const Segment& s, std::int64_t at, sim::Time now) {
  if (ecn_) note_ecn(s);
  if (!s.has(kAck) || !input_ack(s, now) || gone_) return;
  if (state_ != State::kEstablished && state_ != State::kFinWait1 && state_ != State::kFinWait2) {
    return;
  }
  if (s.has(kUrg)) input_urgent(s, at);
  if (s.has(kFin)) peer_fin_ = static_cast<Pos>(at + s.length);
  if (s.length > 0) {
    input_text(s, at, now);
  } else if (s.has(kFin) && peer_fin_ > rx_.nxt()) {
    rx_.ack_each();
  }
  if (!gone_ && peer_fin_ != 0 && rx_.nxt() == peer_fin_) input_fin(now);
}

// ---- opening ------------------------------------------------------------------------------------

void Connection::input_syn_sent(const Segment& s, sim::Time now) {
  const bool acks_syn = s.has(kAck) && tx_.nxt() > 0 && s.ack == tx_.iss() + 1;
  if (s.has(kAck) && !acks_syn) {
    if (!s.has(kRst)) send_reset(s.ack, kRst);
    return;
  }
  if (s.has(kRst)) {
    if (acks_syn) finish(CloseReason::kRefused);
    return;
  }
  if (!s.has(kSyn)) return;
  rx_.begin(s.seq);
  negotiate(s);
  ts_recent_at_ = now;
  if (!acks_syn) {
    syn_due_ = true;
    return set_state(State::kSynReceived);
  }
  rx_.ack_at_once();
  establish(s, now);
}

/// The peer's SYN again in SYN-RECEIVED. True if the rest of the segment is worth reading.
bool Connection::input_repeated_syn(const Segment& s, sim::Time now) {
  if (s.has(kRst)) return false;
  ts_recent_at_ = now;
  if (s.has(kAck)) {
    if (s.ack == tx_.iss() + 1) rx_.ack_at_once();
    return true;
  }
  ecn_ = ecn_ && s.has(kEce) && s.has(kCwr);  // it asks no more (RFC 3168 6.1.1)
  syn_due_ = true;
  return false;
}

void Connection::establish(const Segment& s, sim::Time now) {
  // The window in a SYN is not scaled (RFC 7323 2.2).
  const std::uint64_t offered = std::uint64_t{s.window} << (s.has(kSyn) ? 0 : send_shift_);
  const std::uint64_t window = std::min(offered, env_.params.send_buffer.n);
  syn_due_ = false;
  tx_.establish(mss_, sack_, window, now);
  wl1_ = s.seq;
  wl2_ = s.ack;
  set_state(State::kEstablished);
  if (gone_) return;
  if (keepalive_) idle_until_ = now + env_.params.keepalive_idle;
  env_.listener.established(id_, tx_.iss() + 1);
  if (!gone_ && close_requested_) close();
}

// ---- checks -------------------------------------------------------------------------------------

/// PAWS, and TS.Recent (RFC 7323 sections 4.3 and 5). False: drop.
bool Connection::input_timestamps(const Segment& s, std::int64_t at, sim::Time now) {
  if (!timestamps_ || s.has(kRst)) return true;
  if (!s.has_timestamps) return false;  // section 3.2
  if (older(s.ts_value, ts_recent_)) {
    if (now - ts_recent_at_ < kTimestampLife) {
      s.length > 0 ? rx_.ack_each() : challenge(now);
      return false;
    }
    ts_recent_ = s.ts_value;
  }
  if (at <= static_cast<std::int64_t>(rx_.last_ack())) {
    ts_recent_ = s.ts_value;
    ts_recent_at_ = now;
  }
  return true;
}

void Connection::input_unacceptable(const Segment& s, std::int64_t at, sim::Time now) {
  if (s.has(kRst)) return;
  const auto next = static_cast<std::int64_t>(rx_.nxt());
  if (at < next && s.length > 0) {
    rx_.take(at, s.length, now);  // nothing new: reports the duplicate
  } else if (s.sequence_length() > 0 || at == next - 1) {
    rx_.ack_each();
  } else {
    challenge(now);
  }
  if (state_ == State::kTimeWait && s.has(kFin)) idle_until_ = now + env_.params.msl * 2;
  // A shut window does not keep acknowledgements and the urgent pointer out (MUST-66).
  const bool shut = at == next && rx_.window() == 0;
  if (!shut || !s.has(kAck) || s.has(kSyn) || !input_ack(s, now) || gone_) return;
  if (s.has(kUrg)) input_urgent(s, at);
}

/// RFC 5961 section 4.2, or RFC 793.
void Connection::input_syn(sim::Time now) {
  if (env_.params.challenge_ack) return challenge(now);
  send_reset(wrap(tx_.iss(), tx_.nxt()), kRst | kAck);
  finish(CloseReason::kReset);
}

/// RFC 5961 section 3.2; in RFC 793 a reset anywhere in the window is believed.
void Connection::input_reset(std::int64_t at, sim::Time now) {
  const bool exact = at == static_cast<std::int64_t>(rx_.nxt());
  if (!exact && env_.params.challenge_ack) return challenge(now);
  if (state_ == State::kTimeWait) return finish(CloseReason::kOrderly);
  const bool refused = state_ == State::kSynReceived && !passive_;
  finish(refused ? CloseReason::kRefused : CloseReason::kReset);
}

bool Connection::may_reopen(const Segment& s) const {
  if (state_ != State::kTimeWait || !s.has(kSyn) || s.has(kAck) || s.has(kRst)) return false;
  if (timestamps_ && s.has_timestamps && older(ts_recent_, s.ts_value)) return true;
  return rx_.position(s.seq) > static_cast<std::int64_t>(rx_.nxt());
}

// ---- acknowledgement, text, FIN -----------------------------------------------------------------

/// False: drop the segment.
bool Connection::input_ack(const Segment& s, sim::Time now) {
  if (state_ == State::kSynReceived) {
    if (tx_.nxt() == 0 || s.ack != tx_.iss() + 1) {
      send_reset(s.ack, kRst);
      return false;
    }
    establish(s, now);
    return !gone_;
  }
  const std::int64_t ack = unwrap(tx_.iss(), s.ack, tx_.una());
  const auto una = static_cast<std::int64_t>(tx_.una());
  const bool sent = ack <= static_cast<std::int64_t>(tx_.nxt());
  const bool ancient = ack < una - static_cast<std::int64_t>(tx_.max_window());
  if (!sent || (ancient && env_.params.challenge_ack)) {
    challenge(now);  // RFC 9293 3.10.7.4 fifth; RFC 5961 section 5.2
    return false;
  }
  if (ack < una) return true;

  Sender::Ack a;
  a.ack = static_cast<Pos>(ack);
  a.window = std::min(std::uint64_t{s.window} << send_shift_, env_.params.send_buffer.n);
  a.echo = ecn_ && s.has(kEce);
  a.update_window = wl1_ < s.seq || (wl1_ == s.seq && wl2_ <= s.ack);
  a.may_repeat = s.length == 0 && !s.has(kFin);
  if (timestamps_ && tx_.mode() != RecoveryMode::kNone) {
    const std::uint32_t ticks = timestamp(now) - s.ts_echo;
    if (ticks < 0x80000000u) a.ts_rtt = env_.params.timestamp_tick * std::max(ticks, 1u);
  }
  if (a.update_window) {
    wl1_ = s.seq;
    wl2_ = s.ack;
  }
  const std::uint64_t window_before = tx_.window();
  const bool moved = tx_.on_ack(a, s.sack_count > 0 ? tx_.on_sack(s, a.ack) : 0, now);
  if (moved || tx_.window() != window_before) {
    env_.listener.acknowledged(id_, std::min(tx_.una(), tx_.end()) - kFirstByte);
    if (moved && !gone_ && tx_.fin_acked()) fin_was_acked(now);
  }
  return true;
}

void Connection::fin_was_acked(sim::Time now) {
  switch (state_) {
    case State::kFinWait1:
      return set_state(State::kFinWait2);
    case State::kClosing:
      return enter_time_wait(now);
    case State::kLastAck:
      return finish(CloseReason::kOrderly);
    default:
      return;
  }
}

void Connection::input_text(const Segment& s, std::int64_t at, sim::Time now) {
  const Pos before = rx_.nxt();
  if (released_ && at + s.length > static_cast<std::int64_t>(before)) return lose_unread();
  for (const Interval& part : rx_.take(at, s.length, now)) {
    const auto skip = static_cast<std::uint32_t>(static_cast<std::int64_t>(part.begin) - at);
    env_.listener.place(id_, part.begin - kFirstByte, skip,
                        static_cast<std::uint32_t>(part.length()));
  }
  if (rx_.nxt() == before) return;
  if (s.has(kPsh) && env_.params.ack_pushed) rx_.ack_at_once();
  if (!gone_) env_.listener.received(id_, rx_.nxt() - kFirstByte);
}

/// RFC 9293 3.10.7.4 sixth; the pointer stands behind the last urgent byte (MUST-62).
void Connection::input_urgent(const Segment& s, std::int64_t at) {
  const bool open =
      state_ == State::kEstablished || state_ == State::kFinWait1 || state_ == State::kFinWait2;
  const std::int64_t end = at + s.urgent;
  if (!open || end <= static_cast<std::int64_t>(std::max(peer_urgent_, kFirstByte))) return;
  peer_urgent_ = static_cast<Pos>(end);
  env_.listener.urgent(id_, peer_urgent_ - kFirstByte);
}

void Connection::input_fin(sim::Time now) {
  if (peer_fin_taken_) return;
  peer_fin_taken_ = true;
  rx_.take_fin();
  switch (state_) {
    case State::kEstablished:
      set_state(State::kCloseWait);
      break;
    case State::kFinWait1:
      set_state(State::kClosing);
      break;
    case State::kFinWait2:
      enter_time_wait(now);
      break;
    default:
      break;
  }
  if (!gone_) env_.listener.peer_closed(id_);
}

}  // namespace vctoe::toe
