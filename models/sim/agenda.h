// What is due when: everything in the models that runs at a time has one entry here, and one
// sc_event stands for all of them. A SystemC event whose notification is moved leaves the old one
// behind in the kernel's queue until its time comes; retransmission timers and flow control move
// theirs with every segment, and the queue then costs more than the work. An entry is moved.
#pragma once

#include <cstdint>
#include <systemc>
#include <vector>

#include "models/sim/kernel.h"

namespace vctoe::sim {

class Agenda;

/// Something that wants to run at a time. Made before the simulation starts; not destroyed by its
/// own wake().
class Appointment {
 public:
  Appointment(const Appointment&) = delete;
  Appointment& operator=(const Appointment&) = delete;

 protected:
  Appointment();
  ~Appointment();
  /// wake() runs once at `at`, now or later; replaces an earlier setting. never(): not at all.
  void set_time(Time at);
  /// When wake() runs next; never() while it does.
  Time time() const { return at_; }
  virtual void wake() = 0;

 private:
  friend class Agenda;
  Agenda& agenda_;
  Time at_ = Time::never();
};

/// One for the kernel, as long as the kernel lives. Entries of one time run in the order in which
/// they were set. Blocks, not items, have entries: there are a few dozen, most of them idle and the
/// busy ones soon due, so a sorted row beats a heap.
///
/// To move the kernel's clock costs more than most entries. In sim::run() the agenda therefore runs
/// entries ahead of it, up to the first time at which the kernel itself has something to do.
/// Processes see the same times in the same order, but for those that become ready at one
/// picosecond, whose order SystemC leaves open. When an entry wakes a thread, the agenda stops
/// there, lets the clock catch up, and notifies then. The temporal decoupling of TLM-2.0, without a
/// quantum to choose.
class Agenda : public sc_core::sc_module {
 public:
  static Agenda& instance();
  void set(Appointment& entry, Time at);
  /// Entries before `end` may run ahead.
  void allow_ahead(Time end) { ahead_until_ = end; }

  struct Notification {
    sc_core::sc_event* event;
    bool immediately;
    Time delay;  ///< from now()
  };
  /// While the agenda is ahead of the kernel's clock: notifies when that has caught up.
  void defer(const Notification& notification) { deferred_.push_back(notification); }

 private:
  struct Slot {
    Time at;
    Appointment* entry;
  };

  SC_HAS_PROCESS(Agenda);
  explicit Agenda(const sc_core::sc_module_name& name);
  void on_event();
  void run_due(Time at);
  void run_ahead();
  void arm();

  sc_core::sc_event event_{"event"};
  Time armed_ = Time::never();
  bool running_ = false;   ///< entries are being run: the event is armed when that is done
  std::vector<Slot> row_;  ///< the next at the back
  Time ahead_until_;
  std::vector<Notification> deferred_;  ///< to be notified at g_ahead
};

}  // namespace vctoe::sim
