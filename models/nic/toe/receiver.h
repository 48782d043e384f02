// Receiving half of a connection: reassembly as intervals, the advertised window, and when and what
// to acknowledge. Positions are those of the peer's sequence space.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/nic/toe/interval_set.h"
#include "models/nic/toe/position.h"
#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

class Receiver {
 public:
  explicit Receiver(const TcpParams& params) : params_(params) { fresh_.reserve(16); }

  /// The peer's SYN arrived.
  void begin(Seq irs);
  /// Options are settled. `shift`: of the windows that this side sends.
  void establish(bool sack, std::uint8_t shift, std::uint32_t mss);

  Seq irs() const { return irs_; }
  Pos nxt() const { return nxt_; }
  Seq nxt_seq() const { return wrap(irs_, nxt_); }
  std::uint64_t window() const { return adv_ > nxt_ ? adv_ - nxt_ : 0; }
  std::int64_t position(Seq seq) const { return unwrap(irs_, seq, nxt_); }
  /// RFC 9293 3.10.7.4 first; a segment without length may also lie on the right edge, where a peer
  /// that has filled the window acknowledges from.
  bool acceptable(std::int64_t begin, std::uint32_t length) const;
  bool has_gap() const { return !pending_.empty(); }
  std::size_t remembered() const { return pending_.size(); }

  // ---- text
  /// Payload [begin, begin + length) arrived: the parts of it that are new and fit the window, in
  /// order, valid until the next call. Moves nxt() and decides on the acknowledgement.
  const std::vector<Interval>& take(std::int64_t begin, std::uint32_t length, sim::Time now);
  /// The FIN behind the last byte is in order now.
  void take_fin() { ++nxt_, ack_at_once(); }

  // ---- window
  /// Bytes before position `edge` may be sent by the peer. May make a window update due.
  void grow_space(Pos edge);
  Pos space() const { return space_; }
  /// Value for the header of a segment that leaves now; the right edge moves to what it says.
  std::uint16_t advertise(bool syn);

  // ---- acknowledgements
  void ack_at_once() { at_once_ = true; }
  /// Every call makes one acknowledgement due: duplicates are counted by the peer.
  void ack_each();
  std::uint32_t acks_due() const { return repeats_ + (at_once_ && repeats_ == 0 ? 1u : 0u); }
  /// When the delayed acknowledgement must leave; never() if none waits.
  sim::Time ack_deadline() const { return delayed_until_; }
  void delay_over() { delayed_until_ = sim::Time::never(), at_once_ = true; }
  /// A segment with ACK leaves. `pure`: without payload, which the peer may count as a duplicate.
  void ack_sent(bool pure);
  /// Last.ACK.sent (RFC 7323 4.3).
  Pos last_ack() const { return last_ack_; }
  /// Writes at most `room` blocks: the duplicate of RFC 2883, then by age (RFC 2018 section 4).
  void fill_sack(Segment& segment, std::size_t room);
  bool has_sack_news() const { return sack_ && (duplicate_.length() > 0 || !pending_.empty()); }

 private:
  void in_order(Pos end, std::uint32_t length, bool filled_gap, sim::Time now);
  void remember(Pos pos);
  void report_duplicate(Pos begin, Pos end);
  Pos wanted_edge() const;
  std::uint64_t opening_step() const;
  std::uint64_t largest_offer(unsigned shift) const;

  const TcpParams& params_;
  bool sack_ = false;
  std::uint8_t shift_ = 0;
  std::uint32_t mss_ = 536;  ///< largest payload seen, for counting full segments
  Seq irs_;
  Pos nxt_ = 0;
  Pos space_ = kFirstByte;  ///< end of the room that the user gave
  Pos adv_ = kFirstByte;    ///< right edge that was ever advertised; never moves back
  std::uint64_t largest_window_ = 0;
  bool clipped_ = false;  ///< there was more space than the last offer could say
  IntervalSet pending_;   ///< arrived out of order
  std::vector<Interval> fresh_;
  std::array<Pos, 8> recent_{};  ///< a byte in each of the runs that grew last, newest first
  std::size_t recent_count_ = 0;
  Interval duplicate_{};  ///< to be reported as D-SACK

  bool at_once_ = false;
  std::uint32_t repeats_ = 0;  ///< immediate acknowledgements that must each be sent
  std::uint64_t unacked_ = 0;  ///< bytes in order since the last acknowledgement
  sim::Time delayed_until_ = sim::Time::never();
  Pos last_ack_ = 0;
};

}  // namespace vctoe::toe
