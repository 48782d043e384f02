// One direction of the link: who sends when. Service is worked out late: at a wake-up everything
// that must have happened since the last one is computed, slice by slice. What has been put in by
// now decides all that starts before now, so the result does not depend on when it is computed, and
// a train costs one wake-up, however many TLPs, slices and waits for credit it takes.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/pcie/credits.h"
#include "models/pcie/link_params.h"
#include "models/pcie/link_stats.h"
#include "models/pcie/pool.h"
#include "models/pcie/tlp_tap.h"
#include "models/pcie/train.h"
#include "models/sim/event_queue.h"

namespace vctoe::pcie {

struct ChannelConfig {
  sim::BitRate rate;         ///< for TLPs
  sim::Time latency;         ///< from the last bit sent to the TLP's arrival
  sim::Time credit_latency;  ///< from a receive buffer's draining to the sender's knowing it
  std::uint32_t interleave = 4;
  CreditParams credits;  ///< advertised by the receiver
};

/// Ordering (base specification 5.0, 2.4.1, table 2-40): nothing passes an earlier posted write
/// unless Train::may_pass() says so; posted writes pass read requests and completions, which pass
/// each other; read requests, and the segments of one train, keep their order. Among trains that
/// may go, turns of `interleave` TLPs are taken in the order of arrival.
class Channel {
 public:
  Channel(const ChannelConfig& config, ChannelStats& stats);

  /// The first segment is ready now or later. A later one that is ready before it waits for it.
  void push(Train& train);
  /// Whether none of the train has been considered for sending yet: more may be added to it.
  static bool untouched(const Train& train) { return train.order == 0; }
  /// Adds `tlps` to the first segment of an untouched train of read requests.
  static void extend(Train& train, std::uint32_t tlps);
  /// Adds a segment to an untouched train.
  void extend(Train& train, sim::Time ready, const Cut& cut);
  /// The receiver told how long it keeps its buffer for TLPs of this kind; used from now on.
  void set_drain(TlpKind kind, sim::Time delay) { drain_[index(kind)] = delay; }
  /// Requests wait for tags outside: says what an idle channel waits for.
  void set_waiting_for_tags(bool waiting);
  /// Whether segments are told in time. Turning it on takes back those that are overdue.
  void watch_segments(bool on);
  /// The tap is told of every TLP, possibly late; call before the simulation starts.
  void add_tap(TlpTap& tap) { taps_.push_back(&tap); }
  /// Brings the statistics up to `at` (now); call before they are read.
  void settle(sim::Time at);

 private:
  static constexpr std::size_t kClasses = kTlpKinds;
  static constexpr std::uint64_t kFixedOne = 1 << 20;
  static std::size_t index(TlpKind kind) { return static_cast<std::size_t>(kind); }
  struct Blocked {
    bool is = false;
    CreditType type{};
    sim::Time since;
  };

  void wake();
  void rearm();
  sim::Time next_awaited_arrival() const;
  sim::Time first_finish() const;
  sim::Time first_pending_finish(sim::Time from) const;
  sim::Time first_completion_finish(sim::Time from) const;
  std::uint64_t least_turn(const Train& x) const;
  sim::Time finish_of(const Train& x, sim::Time from, std::uint64_t ahead = 0) const;
  sim::Time start_of(TlpKind kind, sim::Time from) const;

  void advance(sim::Time until);
  void admit(sim::Time at);
  Train* pick(sim::Time at);
  Train* candidate(TlpKind kind) const;
  Train* loose_write() const;
  bool held_back(const Train& x) const;
  bool has_credit(const Train& x, sim::Time at);
  std::uint32_t turn_of(const Train& x, sim::Time until) const;
  void send(Train& x, std::uint32_t turn);
  std::uint32_t send_run(Train& x, std::uint32_t limit);
  void show(const Train& x, std::uint32_t tlps, std::uint32_t payload, sim::Time from) const {
    const Segment& s = x.now_sending();
    const std::uint64_t address = s.address + s.cut.end_of(x.sent);
    for (TlpTap* tap : taps_) {
      tap->tlps_sent({x.kind, x.purpose, x.txn, address, tlps, payload, from, cursor_});
    }
  }
  void count(const Train& x, std::uint32_t tlps, std::uint32_t payload, std::uint64_t wire);
  void requeue(Train& x);
  void end_turn();
  void move_to_back(Train& x);
  void settle_blocked(Blocked& blocked, sim::Time at);
  ChannelState gap_reason() const;

  TrainList& list(TlpKind kind) { return waiting_[index(kind)]; }
  const TrainList& list(TlpKind kind) const { return waiting_[index(kind)]; }
  sim::Time duration(std::uint64_t bytes) const { return {bytes * ps_per_byte_ / kFixedOne}; }
  /// The end of `bytes` sent from `from` on. Rounding is carried along while the channel is busy,
  /// so that a train takes as long whole as in slices.
  sim::Time after(sim::Time from, std::uint64_t bytes) const {
    const std::uint64_t carried = from == cursor_ ? fraction_ : 0;
    return from + sim::Time{(carried + bytes * ps_per_byte_) / kFixedOne};
  }
  bool awaited(const Arrival& a) const { return a.awaited || watch_segments_; }
  bool awaited(const Train& x, std::uint32_t i) const {
    return x.segment[i].awaited || i + 1 == x.segments || watch_segments_;
  }

  const ChannelConfig config_;
  const std::uint64_t ps_per_byte_;  ///< in units of 1 / kFixedOne
  ChannelStats& stats_;
  std::vector<TlpTap*> taps_;

  TrainList pending_;                        ///< not ready yet, by time
  std::array<TrainList, kClasses> waiting_;  ///< ready or partly sent, by kind
  std::size_t waiting_count_ = 0;
  std::size_t loose_count_ = 0;  ///< of those waiting: may pass writes
  Train* paused_ = nullptr;      ///< its turn has ended at cursor_
  std::array<Credits, kClasses> credits_;
  std::array<Blocked, kClasses> blocked_;
  std::array<sim::Time, kClasses> drain_{};
  sim::Time credit_back_;  ///< first return that could help a blocked class, of the last pick()
  sim::Time cursor_;       ///< everything that starts before this has been decided
  std::uint64_t fraction_ = 0;  ///< of a picosecond, to be added to the cursor
  std::uint64_t last_order_ = 0;
  std::uint64_t last_turn_ = 0;
  bool waiting_for_tags_ = false;
  bool watch_segments_ = false;
  bool waking_ = false;
  Fifo<Arrival> in_flight_;
  sim::Alarm alarm_;
};

}  // namespace vctoe::pcie
