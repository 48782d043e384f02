// Finds simulations that stand still.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <systemc>
#include <vector>

#include "models/sim/event_queue.h"
#include "models/sim/trace.h"

namespace vctoe::scenario {

/// A block that can wait. `describe` says for whom or what, on one line.
struct Waiter {
  std::string name;
  std::function<bool()> pending;
  std::function<std::string()> describe;
};

/// Raises sim::check_failed, with who waits for whom, when nothing has moved for `period` while
/// some waiter has work pending: at exactly `period` after the last progress, provided that the
/// work was pending half a period earlier too, so that work which has just come up is not blamed
/// for the quiet before it.
///
/// One alarm looks every half period, and only while work is pending: a simulation that has become
/// idle sees one last look, at most a period later, and no more.
class Watchdog : public sc_core::sc_module {
 public:
  Watchdog(const sc_core::sc_module_name& name, sim::Time period);

  void add(Waiter waiter) { waiters_.push_back(std::move(waiter)); }
  /// Something has moved. Keeps what the text needs: copying the whole record, just written, costs
  /// as much as all monitors together.
  void progressed(const sim::TraceEvent& event) {
    last_.at = event.at;
    last_.kind = event.kind;
    last_.node = event.node;
    last_.connection = event.connection;
    last_.txn = event.txn;
    if (alarm_.at() == sim::Time::never()) start();
  }
  /// Turns the alarm off; raises sim::check_failed if work is pending although the simulation is
  /// over: an event simulation that is stuck runs dry sooner than it runs into its watchdog.
  void finish();

 private:
  void start();
  void look();
  bool anyone_pending() const;
  [[noreturn]] void fail(const std::string& what) const;

  sim::Time period_;
  std::vector<Waiter> waiters_;
  sim::TraceEvent last_;
  sim::Alarm alarm_;
};

}  // namespace vctoe::scenario
