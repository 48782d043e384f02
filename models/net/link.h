// The network between two stations: in each direction an optional bottleneck with a drop-tail
// queue, a delay, and impairments. Network 118 of the specification.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <systemc>
#include <vector>

#include "models/net/drop_reason.h"
#include "models/net/frame.h"
#include "models/net/impairment.h"
#include "models/net/link_params.h"
#include "models/sim/event_queue.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::net {

/// A line slower than what feeds it. Computes when each frame will have been sent; no events.
class Bottleneck {
 public:
  Bottleneck(sim::BitRate rate, std::uint64_t queue_bytes) : rate_(rate), room_(queue_bytes) {}

  /// When the last bit of a frame that comes now has been sent; nothing if the queue has no room
  /// for it. The frame being sent does not count as waiting. Without a rate: now.
  std::optional<sim::Time> admit(std::uint32_t bytes, sim::Time now);
  /// Takes the frames that have begun to be sent by `now` out of `waiting`.
  void settle(sim::Time now);
  const sim::Level& waiting() const { return waiting_; }
  sim::Level& waiting() { return waiting_; }
  sim::Time busy() const { return busy_; }

 private:
  struct Waiting {
    sim::Time start;
    std::uint32_t bytes;
  };
  sim::BitRate rate_;
  std::uint64_t room_;
  sim::Time free_at_;
  sim::Time busy_;
  sim::Level waiting_;
  std::vector<Waiting> queue_;  ///< from head_ on, in the order of their start
  std::size_t head_ = 0;
};

/// One way of a link.
class LinkDirection : public sc_core::sc_module, public FrameSink {
 public:
  /// `node`: the sending side, for traces.
  LinkDirection(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                const LinkParams& params, bool impaired);

  struct Stats {
    std::uint64_t frames = 0;  ///< put in
    std::uint64_t bytes = 0;
    std::uint64_t delivered = 0;
    std::uint64_t lost = 0;
    std::uint64_t queue_drops = 0;
    std::uint64_t reordered = 0;
    std::uint64_t duplicated = 0;
    std::uint64_t corrupted = 0;
    sim::Level queue;  ///< waiting in front of the bottleneck
    sim::Time busy;    ///< bottleneck sending, booked ahead
    void declare(sim::StatList& list) const;
  };

  void connect(FrameSink& sink) { sink_ = &sink; }
  /// A frame whose last bit leaves the station now.
  void receive(FramePtr frame) override;
  const Stats& stats() const { return stats_; }
  void settle_stats();
  /// Frames on the way.
  std::size_t in_flight() const { return arrivals_.size(); }

 private:
  void forward(FramePtr frame, sim::Time departed, const Fate& fate);
  void drop(const Frame& frame, DropReason reason);

  sim::Context& context_;
  std::uint8_t node_;
  sim::Time delay_;
  Bottleneck bottleneck_;
  std::unique_ptr<Impairment> impairment_;  ///< null: none configured
  FrameSink* sink_ = nullptr;
  sim::Time last_in_order_;
  Stats stats_;
  sim::EventQueue<FramePtr> arrivals_;
};

/// Both ways. Side 0 sends forward, side 1 backward.
class Link : public sc_core::sc_module {
 public:
  Link(const sc_core::sc_module_name& name, sim::Context& context, const LinkParams& params);

  struct Stats {
    const LinkDirection::Stats& forward;
    const LinkDirection::Stats& backward;
    void declare(sim::StatList& list) const;
  };

  /// Where the station on `side` puts what it sends.
  FrameSink& input(unsigned side) { return side == 0 ? forward_ : backward_; }
  /// `station` receives on `side`.
  void attach(unsigned side, FrameSink& station) {
    (side == 0 ? backward_ : forward_).connect(station);
  }
  Stats stats() const { return {forward_.stats(), backward_.stats()}; }
  void settle_stats();
  /// Frames on the way, both directions.
  std::size_t in_flight() const { return forward_.in_flight() + backward_.in_flight(); }

 private:
  LinkDirection forward_;
  LinkDirection backward_;
};

}  // namespace vctoe::net
