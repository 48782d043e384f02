// The monitors: rules of the system that are checked in every run, from outside, on trace events.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <systemc>
#include <utility>

#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"
#include "sw/scenario/monitors_pins.h"
#include "sw/scenario/monitors_posted.h"
#include "sw/scenario/monitors_watchdog.h"
#include "sw/scenario/monitors_window.h"

namespace vctoe::scenario {

struct MonitorParams {
  sim::Time watchdog = sim::Time::from_s(30);
  void declare(sim::ParamList& list);
};

/// Subscribes to the trace bus when constructed and must outlive whoever emits. A broken rule
/// raises sim::check_failed out of the emit() that broke it, so the model's state is still there to
/// see. Events of other nodes than 0 and 1 are a model error.
class Monitors : public sc_core::sc_module {
 public:
  /// How many events each monitor has looked at: a run whose counters are zero was not monitored.
  struct Stats {
    std::uint64_t pinned_frames = 0;
    std::uint64_t dma_reads = 0;
    std::uint64_t window = 0;
    std::uint64_t balance = 0;
    std::uint64_t posted = 0;
    std::uint64_t watchdog = 0;
    void declare(sim::StatList& list) const;
  };
  /// Calls the sink with address and length of each virtual range of the post that a kPost tells
  /// of.
  using RangeSink = std::function<void(std::uint64_t address, std::uint64_t length)>;
  using RangesOfPost = std::function<void(const sim::TraceEvent& post, const RangeSink& sink)>;

  Monitors(const sc_core::sc_module_name& name, sim::Context& context, const MonitorParams& params);

  /// Tells the watchdog of a block that can wait. What the functions use must outlive the run.
  void add_waiter(Waiter waiter) { watchdog_.add(std::move(waiter)); }
  /// For a node whose kPost events name the list and not the bytes: where its ranges are read,
  /// once, at the moment of the post. Without it each kPost of the node is itself one range.
  void set_ranges_of_post(std::uint8_t node, RangesOfPost ranges) {
    ranges_of_post_.at(node) = std::move(ranges);
  }
  /// For reads by virtual address; see PinMonitor.
  void set_mapped(std::uint8_t node, PinMonitor::Mapped mapped) {
    pins_.set_mapped(node, std::move(mapped));
  }
  /// When all is quiet: nobody waits, pins equal unpins, and the packet buffers hold nothing.
  /// `packet_buffer_bytes`: what is in use on each node. `node_pages_held`: context pages that a
  /// walker rightly keeps translated. Raises sim::check_failed.
  void finish(const std::array<std::uint64_t, kMonitoredNodes>& packet_buffer_bytes,
              const std::array<std::uint64_t, kMonitoredNodes>& node_pages_held = {});

  const Stats& checked() const { return stats_; }
  const PinMonitor& pins() const { return pins_; }

 private:
  void see(const sim::TraceEvent& event);
  void post(const sim::TraceEvent& event);
  void connection_state(const sim::TraceEvent& event);

  Stats stats_;
  PinMonitor pins_;
  WindowMonitor window_;
  PostedMonitor posted_;
  std::array<RangesOfPost, kMonitoredNodes> ranges_of_post_;
  Watchdog watchdog_;
};

}  // namespace vctoe::scenario
