// Sending half of a connection: what may be sent, what must be sent again, and the clocks for it.
// It plans ranges and learns when they left; it never sees bytes. Positions: its own sequence
// space.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "models/nic/toe/congestion.h"
#include "models/nic/toe/cut_ring.h"
#include "models/nic/toe/rtt_estimator.h"
#include "models/nic/toe/scoreboard.h"
#include "models/nic/toe/segment.h"
#include "models/nic/toe/sender_types.h"

namespace vctoe::toe {

class Sender {
 public:
  using Range = SendRange;
  using Ack = SenderAck;

  explicit Sender(const TcpParams& params);
  void set_nagle(bool on) { nagle_ = on; }

  // ---- set-up: the SYN is position 0
  void begin(Seq iss) { iss_ = iss; }
  void syn_left(sim::Time now);
  /// The SYN is acknowledged; `mss`: payload of a full segment, options deducted.
  void establish(std::uint32_t mss, bool sack, std::uint64_t window, sim::Time now);

  // ---- commands
  void post(std::uint64_t bytes) { end_ += bytes; }
  void make_available(Pos pos, bool flush);
  /// No segment carries bytes on both sides of `pos`; positions ascend.
  void cut_at(Pos pos) { bounds_.push(pos); }
  void queue_fin() { fin_queued_ = true; }
  void mark_urgent() { urgent_end_ = end_; }  ///< SND.UP
  void set_data_retries(std::uint64_t retries) { data_retries_ = retries; }

  // ---- sending
  std::optional<Range> candidate() const;  ///< the next range to send; not yet planned
  /// candidate() as a plan that is out until left() or drop().
  std::optional<Range> plan(std::uint64_t id, sim::Time now);
  /// The plan's segment leaves. False: void. `fin`: the FIN rides along.
  bool left(const Range& range, bool& fin, sim::Time now);
  void drop(const Range& range);
  bool fin_due() const;  ///< by itself, for the first time or again
  void fin_left(sim::Time now);
  void limit_segment(std::uint32_t mss);  ///< payload of a full one from here on; only falls
  /// All that is outstanding counts as lost, although nothing says that the path is congested.
  void send_again(sim::Time now);
  /// True once after the window was reduced: the next segment tells (CWR).
  bool take_reduced() { return !std::exchange(marks_.told, true); }
  /// Last byte of a post or of a flushed part.
  bool pushes(Pos end) const { return end == end_ || end == flushed_ || cuts_.contains(end); }

  // ---- acknowledgements
  /// Marks what the blocks say and returns how many bytes of it are news; to be called before
  /// on_ack().
  std::uint64_t on_sack(const Segment& segment, Pos ack);
  /// True if SND.UNA moved.
  bool on_ack(const Ack& ack, std::uint64_t newly_sacked, sim::Time now);

  // ---- clocks
  sim::Time deadline() const { return sim::min(clocks_.rto_at, clocks_.persist_at); }
  TimerResult on_timer(sim::Time now);
  /// Starts or stops the persist clock; after every event.
  void settle(sim::Time now);

  // ---- looking
  Seq iss() const { return iss_; }
  Pos una() const { return una_; }
  Pos nxt() const { return nxt_; }  ///< after the highest that left
  Pos end() const { return end_; }  ///< after the last posted byte, where the FIN goes
  Pos urgent_end() const { return urgent_end_; }  ///< one behind the last urgent byte; 0: none
  bool fin_acked() const { return fin_left_ && una_ > end_; }
  std::uint64_t window() const { return window_; }
  std::uint64_t max_window() const { return max_window_; }
  Pos window_end() const { return std::min(una_ + window_, end_); }
  Pos send_limit() const;
  const CongestionWindow& congestion() const { return cw_; }
  const RttEstimator& rtt() const { return rtt_; }
  const SenderCounters& counters() const { return counters_; }
  std::size_t remembered() const {
    return board_.runs() + cuts_.size() + bounds_.size() + resends_.size() + first_plans_.size();
  }
  std::uint64_t retries() const { return clocks_.retries; }  ///< timeouts since SND.UNA moved
  RecoveryMode mode() const { return recovery_.mode; }

 private:
  std::optional<Range> lost() const;
  std::optional<Range> fresh() const;
  std::optional<Range> speculative() const;
  std::optional<Range> rescue() const;
  Range again(Interval hole) const;
  bool may_be_short(Pos end) const;
  bool fits(std::uint64_t length) const;
  std::uint64_t pipe() const;
  const Range* resend_at(Pos pos) const;
  Pos planned_end() const { return std::max(plan_nxt_, nxt_); }
  bool blocked_by_window() const;
  bool blocked_by_rest() const;

  void note_plan(const Range& range);
  void restart_after_idle(sim::Time now);
  bool carries_fin(const Range& range);
  bool first_left(const Range& range, sim::Time now);
  bool again_left(const Range& range, sim::Time now);
  void take_sample(const Ack& ack, sim::Time now);
  void on_progress(const Ack& ack, std::uint64_t acked, std::uint64_t flight, sim::Time now);
  void on_echo(std::uint64_t flight);
  void on_partial_ack(std::uint64_t acked);
  void on_repeat();
  void leave_fast_recovery();
  void enter_fast_recovery();
  void restart_rto(sim::Time now);
  void lose_all();
  TimerResult on_rto(sim::Time now);
  TimerResult on_persist(sim::Time now);

  const TcpParams& params_;
  std::unique_ptr<Congestion> policy_;
  CongestionWindow cw_;
  RttEstimator rtt_;
  Scoreboard board_;

  Seq iss_;
  Pos una_ = 0;
  Pos nxt_ = 0;
  Pos plan_nxt_ = kFirstByte;  ///< first transmissions are planned before
  Pos end_ = kFirstByte;
  Pos available_ = kFirstByte;
  Pos urgent_end_ = 0;
  Pos flushed_ = 0;  ///< value of available_ that may end a short segment; 0: none
  std::uint64_t window_ = 0;
  std::uint64_t max_window_ = 0;
  Pos small_end_ = 0;  ///< end of the last short segment (Minshall)
  CutRing cuts_;       ///< ends of short segments, so that they are sent again as they were
  CutRing bounds_;     ///< places that no segment crosses
  std::vector<Range> resends_;  ///< plans for sending again that are out
  CutRing first_plans_;  ///< ids of the plans for first transmissions that are out, ascending

  bool open_ = false;
  bool sack_ = false;
  bool nagle_;
  std::uint64_t data_retries_;
  bool fin_queued_ = false;
  bool fin_left_ = false;
  bool override_ = false;  ///< a short segment may go: the override clock ran out
  bool force_ = false;     ///< the next lost range goes whatever the window says
  SenderRecovery recovery_;
  SenderMarks marks_;
  SenderClocks clocks_;
  SenderCounters counters_;
};

}  // namespace vctoe::toe
