#include "models/nic/toe/connection.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::toe {

namespace {
constexpr std::uint32_t kDefaultMss = 536;  // MUST-15
constexpr std::uint8_t kMaxScale = 14;
}  // namespace

Connection::Connection(Environment& env, ConnectionId id, const FourTuple& tuple, sim::Time now)
    : env_(env),
      id_(id),
      tuple_(tuple),
      tx_(env.params),
      rx_(env.params),
      mss_offer_(static_cast<std::uint32_t>(env.params.mss)),
      mss_limit_(mss_offer_),
      diffserv_(static_cast<std::uint8_t>(env.params.diffserv)),
      keepalive_(env.params.keepalive) {
  tx_.begin(initial_sequence(env.params, tuple, env.secret, now));
  ts_offset_ = timestamp_offset(tuple, env.secret);
}

void Connection::set_state(State state) {
  state_ = state;
  env_.listener.state_changed(id_, state);
}

// ---- commands -----------------------------------------------------------------------------------

void Connection::connect() {
  syn_due_ = true;
  set_state(State::kSynSent);
}

void Connection::accept(const Segment& syn) {
  passive_ = true;
  rx_.begin(syn.seq);
  negotiate(syn);
  syn_due_ = true;
  env_.listener.accepted(id_, tuple_);
  if (!gone_) set_state(State::kSynReceived);
}

void Connection::post(std::uint64_t bytes) {
  const bool closed = close_requested_ || state_ > State::kCloseWait ||
                      state_ == State::kFinWait1 || state_ == State::kFinWait2;
  sim::ensure(!closed, "TCP: post after close");
  tx_.post(bytes);
}

void Connection::set_available(std::uint64_t offset, bool flush) {
  tx_.make_available(kFirstByte + offset, flush);
}

void Connection::close() {
  switch (state_) {
    case State::kSynSent:
      finish(CloseReason::kOrderly);
      break;
    case State::kSynReceived:
      close_requested_ = true;
      break;
    case State::kEstablished:
      tx_.queue_fin();
      set_state(State::kFinWait1);
      break;
    case State::kCloseWait:
      tx_.queue_fin();
      set_state(State::kLastAck);
      break;
    default:
      break;  // closing already
  }
}

void Connection::abort(sim::Time /*now*/) {
  const bool silent = state_ == State::kSynSent || state_ == State::kClosing ||
                      state_ == State::kLastAck || state_ == State::kTimeWait;
  if (!silent) send_reset(wrap(tx_.iss(), tx_.nxt()), kRst | kAck);
  finish(CloseReason::kAborted);
}

void Connection::finish(CloseReason reason) {
  if (gone_) return;
  gone_ = true;
  reason_ = reason;
  set_state(State::kClosed);
}

void Connection::send_reset(Seq seq, std::uint8_t flags) {
  Segment reset;
  reset.tuple = tuple_;
  reset.seq = seq;
  reset.flags = flags;
  reset.ttl = static_cast<std::uint8_t>(env_.params.ttl);
  reset.diffserv = diffserv_;
  if (reset.has(kAck)) reset.ack = rx_.nxt_seq();
  env_.resets.push(reset);
}

// ---- options ------------------------------------------------------------------------------------

void Connection::negotiate(const Segment& syn) {
  const TcpParams& p = env_.params;
  timestamps_ = p.timestamps && syn.has_timestamps;
  ts_recent_ = syn.ts_value;
  sack_ = p.sack && syn.sack_permitted;
  scaling_ = p.window_scaling && syn.has_window_scale;
  send_shift_ = scaling_ ? std::min(syn.window_scale, kMaxScale) : std::uint8_t{0};
  receive_shift_ = scaling_ ? p.offered_window_scale() : std::uint8_t{0};
  const std::uint32_t peer = syn.has_mss ? syn.mss : kDefaultMss;
  mss_ = std::max(std::min(peer, mss_limit_), kLeastMss);
  if (timestamps_) mss_ -= kTimestampBytes;
  // RFC 3168 6.1.1: a SYN asks with both flags, its answer has only one.
  const std::uint8_t setup = syn.flags & (kEce | kCwr);
  ecn_ = p.ecn && setup == (syn.has(kAck) ? kEce : kEce | kCwr);
  rx_.establish(sack_, receive_shift_, mss_);
}

std::uint32_t Connection::timestamp(sim::Time now) const {
  return static_cast<std::uint32_t>(now.ps / env_.params.timestamp_tick.ps) + ts_offset_;
}

// ---- sending ------------------------------------------------------------------------------------

std::uint32_t Connection::controls_due() const {
  if (syn_due_) return 1;
  if (state_ < State::kSynReceived) return 0;
  const std::uint32_t others = probe_due_ || tx_.fin_due() ? 1 : 0;
  return std::max(rx_.acks_due(), others);
}

std::optional<Segment> Connection::emit_control(sim::Time now) {
  drop_control();
  if (syn_due_) return make_syn(now);
  if (state_ < State::kSynReceived) return std::nullopt;
  if (probe_due_) {
    // One position back: the peer has it and must answer with its window. Needs no byte of the
    // stream, which the host may not have resolved.
    probe_due_ = false;
    return header(tx_.una() - 1, kAck, 0, now);
  }
  if (tx_.fin_due()) {
    tx_.fin_left(now);
    return header(tx_.end(), kFin | kAck, 0, now);
  }
  if (rx_.acks_due() == 0) return std::nullopt;
  return header(std::min(tx_.nxt(), tx_.una() + std::max<Pos>(tx_.window(), 1)), kAck, 0, now);
}

std::optional<Segment> Connection::emit_data(const Sender::Range& range, sim::Time now) {
  bool fin = false;
  if (gone_ || !tx_.left(range, fin, now)) return std::nullopt;
  const std::uint8_t flags = kAck | (tx_.pushes(range.end) ? kPsh : 0) | (fin ? kFin : 0);
  Segment s = header(range.begin, flags, static_cast<std::uint32_t>(range.end - range.begin), now);
  if (ecn_ && !range.retransmit) {  // RFC 3168 6.1.5: nothing that is sent again
    s.ecn = Ecn::kCapable0;
    if (tx_.take_reduced()) s.flags |= kCwr;
  }
  return s;
}

Segment Connection::make_syn(sim::Time now) {
  const TcpParams& p = env_.params;
  const bool reply = state_ == State::kSynReceived;
  syn_due_ = false;
  tx_.syn_left(now);
  Segment s = header(0, reply ? kSyn | kAck : kSyn, 0, now);
  // RFC 3168 6.1.1.1: the offer may be what kept the first SYN from arriving.
  const bool ask = p.ecn && !reply && tx_.retries() == 0;
  s.flags |= ask ? kEce | kCwr : reply && ecn_ ? kEce : 0;
  s.has_mss = true;
  s.mss = static_cast<std::uint16_t>(mss_offer_);
  s.has_window_scale = reply ? scaling_ : p.window_scaling;
  s.window_scale = s.has_window_scale ? p.offered_window_scale() : std::uint8_t{0};
  s.sack_permitted = reply ? sack_ : p.sack;
  if (!reply && p.timestamps) {
    s.has_timestamps = true;
    s.ts_value = timestamp(now);
  }
  return s;
}

Segment Connection::header(Pos seq, std::uint8_t flags, std::uint32_t length, sim::Time now) {
  Segment s;
  s.tuple = tuple_;
  s.seq = wrap(tx_.iss(), seq);
  s.flags = flags;
  s.length = length;
  s.ttl = static_cast<std::uint8_t>(env_.params.ttl);
  s.diffserv = diffserv_;
  const bool syn = s.has(kSyn);
  s.window = rx_.advertise(syn);
  if (!s.has(kAck)) return s;
  s.ack = rx_.nxt_seq();
  if (ecn_echo_ && !syn) s.flags |= kEce;
  if (tx_.urgent_end() > std::max(seq, tx_.una()) && !syn) {
    s.flags |= kUrg;
    s.urgent = static_cast<std::uint16_t>(std::min<Pos>(tx_.urgent_end() - seq, 0xffff));
  }
  if (timestamps_) {
    s.has_timestamps = true;
    s.ts_value = timestamp(now);
    s.ts_echo = ts_recent_;
  }
  if (!syn && rx_.has_sack_news()) {
    // The option takes 4 bytes with padding and 8 a block, of 40 or of what the payload leaves.
    const std::uint32_t most = timestamps_ ? 3 : 4;
    const std::uint32_t left = mss_ > length ? mss_ - length : 0;
    const std::uint32_t room = length == 0 ? most : left < 12 ? 0 : (left - 4) / 8;
    rx_.fill_sack(s, std::min(room, most));
  }
  rx_.ack_sent(length == 0);
  return s;
}

// ---- time ---------------------------------------------------------------------------------------

sim::Time Connection::deadline() const {
  return sim::min(sim::min(tx_.deadline(), rx_.ack_deadline()), idle_until_);
}

void Connection::enter_time_wait(sim::Time now) {
  idle_until_ = now + env_.params.msl * 2;
  set_state(State::kTimeWait);
}

void Connection::on_timer(sim::Time now) {
  if (idle_until_ <= now) {
    if (state_ == State::kTimeWait) return finish(CloseReason::kOrderly);
    keepalive_due(now);
    if (gone_) return;
  }
  if (rx_.ack_deadline() <= now) rx_.delay_over();
  if (tx_.deadline() > now) return;
  const Seq una = wrap(tx_.iss(), tx_.una());
  switch (tx_.on_timer(now)) {
    case TimerResult::kNothing:
      break;
    case TimerResult::kProbe:
      probe_due_ = true;
      break;
    case TimerResult::kTimeout:
      if (tx_.una() == 0) {
        syn_due_ = true;
      } else {
        env_.listener.rto_expired(id_, una);
      }
      if (!gone_ && tx_.retries() == env_.params.report_retries) {
        env_.listener.advice(id_, Advice::kRetransmissions);
      }
      break;
    case TimerResult::kGiveUp:
      finish(CloseReason::kTimedOut);
      break;
  }
}

/// RFC 5961 section 7: an answer that an attacker could ask for is rationed.
void Connection::challenge(sim::Time now) {
  if (challenges_ == 0 || now - challenge_from_ >= env_.params.challenge_ack_interval) {
    challenge_from_ = now;
    challenges_ = 0;
  }
  if (challenges_++ < env_.params.challenge_ack_limit) rx_.ack_each();
}

ConnectionView Connection::view() const {
  ConnectionView v;
  v.state = state_;
  v.iss = tx_.iss();
  v.snd_una = wrap(tx_.iss(), tx_.una());
  v.snd_nxt = wrap(tx_.iss(), tx_.nxt());
  v.snd_wnd = tx_.window();
  v.rcv_nxt = rx_.nxt_seq();
  v.rcv_wnd = rx_.window();
  v.cwnd = tx_.congestion().cwnd;
  v.ssthresh = tx_.congestion().ssthresh;
  v.srtt = tx_.rtt().srtt();
  v.rttvar = tx_.rtt().rttvar();
  v.rto = tx_.rtt().rto();
  v.mss = mss_;
  v.retransmits = tx_.counters().retransmits;
  v.duplicate_acks = tx_.counters().duplicate_acks;
  v.timeouts = tx_.counters().timeouts;
  v.fast_retransmits = tx_.counters().fast_retransmits;
  v.remembered = tx_.remembered() + rx_.remembered();
  v.ecn = ecn_;
  v.ecn_reductions = tx_.counters().ecn_reductions;
  return v;
}

}  // namespace vctoe::toe
