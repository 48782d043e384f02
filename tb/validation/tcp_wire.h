// Two TCP cores and a plain wire between them, for long runs: constant delay, a rate without a
// queue's end, and loss of the sender's payload by a rule. No SystemC, no payload, no allocation on
// the way.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "models/nic/toe/stack.h"

namespace vctoe::validation {

struct WireParams {
  sim::Time round_trip = sim::Time::from_ms(10);
  double gbps = 0;  ///< of the sender's line; 0: no limit
  /// Says whether the next segment with payload is lost; they are counted from 1.
  std::function<bool(std::uint64_t)> lost = [](std::uint64_t) { return false; };
  /// The law that is held against halves the window at the moment of the loss and knows no
  /// recovery. So what is sent between a loss and its discovery is neither counted nor lost, since
  /// all of it is acknowledged in recovery, where no window grows; nor is what is sent again. New
  /// segments of the recovery are counted: they are the first window after the halving.
  bool recovery_apart = false;
};

class TcpWire {
 public:
  TcpWire(const toe::TcpParams& params, const WireParams& wire);
  TcpWire(const TcpWire&) = delete;
  TcpWire& operator=(const TcpWire&) = delete;

  /// Opens the connection; the sender then has `bytes` to send, from now on.
  void begin(std::uint64_t bytes);
  /// Until so many bytes have arrived in order.
  void run_until_received(std::uint64_t bytes);
  /// Until so many segments with payload have been lost.
  void run_until_lost(std::uint64_t losses);

  sim::Time now() const { return now_; }
  sim::Time first_sent() const { return first_sent_; }
  std::uint64_t received() const { return ends_[1].arrived; }
  std::uint64_t losses() const { return losses_; }
  std::uint64_t payload_segments() const { return sent_; }
  /// Integral of the congestion window over the time outside recovery, in bytes times seconds, and
  /// that time in seconds.
  double window_integral() const { return integral_; }
  double window_time() const { return open_time_; }
  toe::ConnectionView sender() const { return stacks_[0].view(0).value(); }

 private:
  struct End : toe::StackListener {
    void accepted(toe::ConnectionId, const toe::FourTuple&) override {}
    void established(toe::ConnectionId, toe::Seq) override { up = true; }
    void state_changed(toe::ConnectionId, toe::State) override {}
    void acknowledged(toe::ConnectionId, std::uint64_t) override {}
    void place(toe::ConnectionId, std::uint64_t, std::uint32_t, std::uint32_t) override {}
    void received(toe::ConnectionId, std::uint64_t offset) override { arrived = offset; }
    void peer_closed(toe::ConnectionId) override {}
    void rto_expired(toe::ConnectionId, toe::Seq) override {}
    void closed(toe::ConnectionId, toe::CloseReason) override;
    bool up = false;
    std::uint64_t arrived = 0;
  };
  struct Flying {
    sim::Time arrives;
    toe::Segment segment;
  };

  void step();
  void watch_recovery();
  bool counts(const toe::Segment& segment);
  void pump(unsigned side);
  void send(unsigned side, toe::Segment segment);

  WireParams wire_;
  End ends_[2];
  toe::Stack stacks_[2];
  std::deque<Flying> flying_[2];  ///< towards the other side of [i], in the order of arrival
  sim::Time now_ = sim::Time::from_us(1);
  sim::Time line_free_;
  sim::Time first_sent_ = sim::Time::never();
  std::uint64_t sent_ = 0;
  std::uint64_t losses_ = 0;
  toe::Seq sent_end_;       ///< behind the highest payload sent
  bool unnoticed_ = false;  ///< a segment is lost and the sender does not know yet
  bool recovering_ = false;
  toe::Seq recover_;  ///< end of the recovery
  std::uint64_t recoveries_ = 0;
  std::uint64_t cwnd_ = 0;
  sim::Time since_;
  double integral_ = 0;
  double open_time_ = 0;
};

}  // namespace vctoe::validation
