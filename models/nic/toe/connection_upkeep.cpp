// What happens to a connection besides segments: options of the user, silence, congestion marks and
// ICMP errors.
#include <algorithm>

#include "models/nic/toe/connection.h"

namespace vctoe::toe {

namespace {
// RFC 792 types and codes.
constexpr std::uint8_t kDestinationUnreachable = 3;
constexpr std::uint8_t kTimeExceeded = 11;
constexpr std::uint8_t kParameterProblem = 12;
constexpr std::uint8_t kProtocolUnreachable = 2;
constexpr std::uint8_t kPortUnreachable = 3;
constexpr std::uint8_t kTooBig = 4;

constexpr std::uint32_t kHeaderBytes = 40;  // IPv4 and TCP, without options
constexpr std::uint32_t kSilentMtu = 576;   // RFC 1191 section 5, when the router gives no MTU
}  // namespace

// ---- options of the user ------------------------------------------------------------------------

void Connection::set_keepalive(bool on, sim::Time now) {
  keepalive_ = on;
  if (state_ < State::kEstablished || state_ == State::kTimeWait) return;
  idle_until_ = on ? now + env_.params.keepalive_idle : sim::Time::never();
}

void Connection::set_max_segment(std::uint32_t bytes) {
  mss_offer_ = std::max(std::min(mss_offer_, bytes), kLeastMss);
  limit_segment(mss_offer_);
}

void Connection::set_urgent() {
  tx_.mark_urgent();
  if (synchronised() && state_ != State::kTimeWait) rx_.ack_each();  // tells, also of a shut window
}

/// `bytes`: payload and options.
void Connection::limit_segment(std::uint32_t bytes) {
  mss_limit_ = std::max(std::min(mss_limit_, bytes), kLeastMss);
  // Before the peer's SYN nothing is settled: negotiate() sees the limit.
  mss_ = std::min(mss_, mss_limit_ - (timestamps_ ? kTimestampBytes : 0));
  tx_.limit_segment(mss_);
}

/// RFC 9293 3.6.1: what was received and is not read is lost, and the peer has to hear so.
void Connection::release(std::uint64_t unread) {
  if (state_ == State::kTimeWait || released_) return;
  if (unread > 0) return lose_unread();
  released_ = true;
  close();
}

void Connection::lose_unread() {
  send_reset(wrap(tx_.iss(), tx_.nxt()), kRst | kAck);
  finish(CloseReason::kAborted);
}

// ---- silence ------------------------------------------------------------------------------------

/// RFC 9293 3.8.4. The clock does not follow every segment; it looks when it runs out.
void Connection::keepalive_due(sim::Time now) {
  const TcpParams& p = env_.params;
  if (heard_at_ > probed_at_) idle_probes_ = 0;
  const sim::Time due = heard_at_ + p.keepalive_idle;
  // What is outstanding has clocks of its own, and so has a shut window.
  const bool other = tx_.nxt() != tx_.una() || tx_.deadline() != sim::Time::never();
  if (other) idle_probes_ = 0;
  if (idle_probes_ == 0 && (due > now || other)) {
    idle_until_ = due > now ? due : now + p.keepalive_idle;
    return;
  }
  if (idle_probes_ >= p.keepalive_probes) {
    send_reset(wrap(tx_.iss(), tx_.nxt()), kRst | kAck);
    return finish(CloseReason::kTimedOut);
  }
  ++idle_probes_;
  probe_due_ = true;  // without data (SHLD-12), one below SND.UNA
  probed_at_ = now;
  idle_until_ = now + p.keepalive_interval;
}

// ---- congestion marks ---------------------------------------------------------------------------

/// RFC 3168 6.1.3: echoed until the peer says that it has reduced its window.
void Connection::note_ecn(const Segment& s) {
  if (s.has(kCwr)) ecn_echo_ = false;
  if (s.ecn == Ecn::kExperienced) ecn_echo_ = true;
}

// ---- ICMP ---------------------------------------------------------------------------------------

void Connection::icmp_error(const IcmpError& error, sim::Time now) {
  // RFC 5927 4.1: only about something that is outstanding.
  const std::int64_t at = unwrap(tx_.iss(), error.seq, tx_.una());
  const auto una = static_cast<std::int64_t>(tx_.una());
  if (gone_ || at < una || at >= static_cast<std::int64_t>(tx_.nxt())) return;
  switch (error.type) {
    case kDestinationUnreachable:
      if (error.code == kTooBig) return too_big(error, now);
      // Hard errors end what is not a connection yet; later they are advice (RFC 5461 4.1, RFC
      // 5927 5.2).
      if ((error.code == kProtocolUnreachable || error.code == kPortUnreachable) &&
          !synchronised()) {
        return finish(CloseReason::kUnreachable);
      }
      return env_.listener.advice(id_, Advice::kUnreachable);
    case kTimeExceeded:
      return env_.listener.advice(id_, Advice::kTimeExceeded);
    case kParameterProblem:
      return env_.listener.advice(id_, Advice::kParameterProblem);
    default:
      return;  // source quench among them (MUST-55)
  }
}

/// RFC 1191 section 6.3: smaller segments from here on, and what was too big once more at once. It
/// was no congestion.
void Connection::too_big(const IcmpError& error, sim::Time now) {
  const std::uint32_t mtu = error.next_hop_mtu != 0 ? error.next_hop_mtu : kSilentMtu;
  const std::uint32_t before = mss_limit_;
  limit_segment(std::max(mtu, kHeaderBytes + kLeastMss) - kHeaderBytes);
  if (mss_limit_ < before && synchronised()) tx_.send_again(now);
}

}  // namespace vctoe::toe
