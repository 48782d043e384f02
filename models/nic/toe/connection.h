// One connection: the state machine of RFC 9293 around a sender and a receiver. Builds headers.
#pragma once

#include <cstdint>
#include <optional>

#include "models/nic/toe/initial_sequence.h"
#include "models/nic/toe/receiver.h"
#include "models/nic/toe/reset_queue.h"
#include "models/nic/toe/sender.h"
#include "models/nic/toe/stack.h"

namespace vctoe::toe {

constexpr std::uint32_t kTimestampBytes = 12;  ///< with padding (RFC 7323 appendix A)
constexpr std::uint32_t kLeastMss = 48;        ///< leaves 8 bytes beside 40 of options

/// What all connections of a stack share.
struct Environment {
  const TcpParams& params;
  StackListener& listener;
  SipKey secret{};  ///< key of initial sequence numbers and timestamp offsets
  ResetQueue resets{};
};

class Connection {
 public:
  Connection(Environment& env, ConnectionId id, const FourTuple& tuple, sim::Time now);

  void connect();
  /// `syn` came to a listening port.
  void accept(const Segment& syn);
  void input(const Segment& s, sim::Time now);
  void icmp_error(const IcmpError& error, sim::Time now);

  /// After the peer's FIN there is nothing more that it could send: a window update then finds a
  /// peer that has forgotten the connection, and is answered with a reset.
  void set_receive_space(std::uint64_t offset) {
    if (!peer_fin_taken_) rx_.grow_space(kFirstByte + offset);
  }
  void post(std::uint64_t bytes);
  void set_available(std::uint64_t offset, bool flush);
  void cut_at(std::uint64_t offset) { tx_.cut_at(kFirstByte + offset); }
  /// What was received is acknowledged in a segment of its own.
  void owe_ack() { rx_.ack_each(); }
  void close();
  void release(std::uint64_t unread);
  void set_nagle(bool on) { tx_.set_nagle(on); }
  void set_keepalive(bool on, sim::Time now);
  void set_max_segment(std::uint32_t bytes);
  void set_diffserv(std::uint8_t code_point) { diffserv_ = code_point; }
  void set_retries(std::uint64_t retries) { tx_.set_data_retries(retries); }
  void set_urgent();
  void abort(sim::Time now);
  /// The connection ends here; further calls do nothing.
  void finish(CloseReason reason);

  // ---- sending
  bool control_due() const { return !gone_ && controls_due() > controls_out_; }
  bool data_due() const { return !gone_ && tx_.candidate().has_value(); }
  void plan_control() { ++controls_out_; }
  std::optional<Sender::Range> plan_data(std::uint64_t id, sim::Time now) {
    return tx_.plan(id, now);
  }
  std::optional<Segment> emit_control(sim::Time now);
  std::optional<Segment> emit_data(const Sender::Range& range, sim::Time now);
  void drop_control() { controls_out_ -= controls_out_ > 0 ? 1 : 0; }
  void drop_data(const Sender::Range& range) { tx_.drop(range); }

  // ---- time
  sim::Time deadline() const;
  void on_timer(sim::Time now);
  void settle(sim::Time now) { tx_.settle(now); }

  // ---- looking
  ConnectionId id() const { return id_; }
  const FourTuple& tuple() const { return tuple_; }
  bool gone() const { return gone_; }
  CloseReason reason() const { return reason_; }
  const Sender& sender() const { return tx_; }
  ConnectionView view() const;
  /// A new SYN that may replace a connection in TIME-WAIT (RFC 9293 MAY-2, RFC 6191).
  bool may_reopen(const Segment& s) const;

  int busy = 0;  ///< depth of calls into this connection; only at 0 may it be destroyed

 private:
  // Segment arrival, in the order of RFC 9293 3.10.7.
  void input_syn_sent(const Segment& s, sim::Time now);
  bool input_repeated_syn(const Segment& s, sim::Time now);
  bool input_timestamps(const Segment& s, std::int64_t at, sim::Time now);
  void input_unacceptable(const Segment& s, std::int64_t at, sim::Time now);
  void input_syn(sim::Time now);
  void input_reset(std::int64_t at, sim::Time now);
  void input_synchronised(const Segment& s, std::int64_t at, sim::Time now);
  bool input_ack(const Segment& s, sim::Time now);
  void input_text(const Segment& s, std::int64_t at, sim::Time now);
  void input_urgent(const Segment& s, std::int64_t at);
  void input_fin(sim::Time now);
  void fin_was_acked(sim::Time now);

  void negotiate(const Segment& syn);
  void establish(const Segment& s, sim::Time now);
  void set_state(State state);
  void enter_time_wait(sim::Time now);
  void challenge(sim::Time now);
  void note_ecn(const Segment& s);
  void too_big(const IcmpError& error, sim::Time now);
  void limit_segment(std::uint32_t bytes);
  void keepalive_due(sim::Time now);
  void lose_unread();

  std::uint32_t controls_due() const;
  Segment header(Pos seq, std::uint8_t flags, std::uint32_t length, sim::Time now);
  Segment make_syn(sim::Time now);
  void send_reset(Seq seq, std::uint8_t flags);
  std::uint32_t timestamp(sim::Time now) const;
  bool synchronised() const { return state_ >= State::kEstablished; }

  Environment& env_;
  ConnectionId id_;
  FourTuple tuple_;
  State state_ = State::kClosed;
  Sender tx_;
  Receiver rx_;

  bool passive_ = false;
  bool gone_ = false;
  CloseReason reason_ = CloseReason::kOrderly;
  bool close_requested_ = false;  ///< before the connection was established
  bool syn_due_ = false;
  bool probe_due_ = false;
  bool released_ = false;  ///< nobody reads what arrives any more
  std::uint32_t controls_out_ = 0;

  bool timestamps_ = false;
  bool sack_ = false;
  bool scaling_ = false;
  bool ecn_ = false;
  bool ecn_echo_ = false;  ///< congestion was marked, and the peer has not said that it heard so
  std::uint8_t send_shift_ = 0;
  std::uint8_t receive_shift_ = 0;
  std::uint32_t mss_ = 536;
  std::uint32_t mss_offer_ = 0;  ///< told to the peer
  std::uint32_t mss_limit_ = 0;  ///< by parameter, user and path
  Seq wl1_, wl2_;                ///< SND.WL1, SND.WL2

  std::uint32_t ts_offset_ = 0;
  std::uint32_t ts_recent_ = 0;
  sim::Time ts_recent_at_;
  Pos peer_urgent_ = 0;  ///< RCV.UP, one behind the last urgent byte; 0: none
  std::uint8_t diffserv_;
  Pos peer_fin_ = 0;  ///< position of the peer's FIN once seen; 0: not seen
  bool peer_fin_taken_ = false;
  sim::Time idle_until_ = sim::Time::never();  ///< end of TIME-WAIT; before: next look for silence
  bool keepalive_;
  sim::Time heard_at_;
  sim::Time probed_at_;            ///< last keep-alive probe
  std::uint64_t idle_probes_ = 0;  ///< keep-alive probes since the peer was heard
  sim::Time challenge_from_;
  std::uint64_t challenges_ = 0;
};

}  // namespace vctoe::toe
