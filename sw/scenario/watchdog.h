// Nobody moves and work is pending: says who waits for whom.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <systemc>
#include <vector>

#include "models/sim/trace.h"

namespace vctoe::monitors {

/// Progress is any event of the trace that moves data, memory or a connection. The alarm is set
/// only while work is pending, so an idle simulation runs out of events.
class Watchdog : public sc_core::sc_module {
 public:
  using Pending = std::function<bool()>;
  using Describe = std::function<std::string()>;

  /// Fires, by sim::check_failed, between one and two `patience` after the last movement.
  Watchdog(const sc_core::sc_module_name& name, sim::Context& context, sim::Time patience);

  /// A block that may have work pending, and what it says of itself then.
  void watch(std::string who, Pending pending, Describe describe);
  /// No more alarms: the run is over.
  void stop();
  /// What every watched block says.
  std::string describe() const;

 private:
  struct Watched {
    std::string who;
    Pending pending;
    Describe describe;
  };

  void move();
  void look();
  bool pending() const;

  sim::Time patience_;
  std::vector<Watched> watched_;
  sc_core::sc_event alarm_{"alarm"};
  bool set_ = false;
  bool stopped_ = false;
  bool moved_ = false;
};

}  // namespace vctoe::monitors
