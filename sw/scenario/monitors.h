// All monitors of a run (docs/monitors.md): they watch the trace and a few queries, and raise
// sim::check_failed with time, transaction and connection in the text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "models/sim/params.h"
#include "sw/driver/nic_driver.h"
#include "sw/scenario/monitors_memory.h"
#include "sw/scenario/monitors_wire.h"
#include "sw/scenario/watchdog.h"

namespace vctoe::monitors {

struct MonitorParams {
  sim::Time patience = sim::Time::from_s(10);
  void declare(sim::ParamList& list);
};

/// Always on. Construct it before drivers and applications, so that it sees every pin.
class Monitors : public sc_core::sc_module {
 public:
  Monitors(const sc_core::sc_module_name& name, sim::Context& context, const MonitorParams& params);

  /// A host: its driver, and how many bytes of its NIC's packet buffer are in use.
  void add_node(std::uint8_t node, const driver::NicDriver& driver,
                std::function<std::uint64_t()> buffer_used);
  /// Anybody else who may have work pending.
  void watch(std::string who, Watchdog::Pending pending, Watchdog::Describe describe) {
    watchdog_.watch(std::move(who), std::move(pending), std::move(describe));
  }
  /// Turns the watchdog off: the work is done.
  void stop() { watchdog_.stop(); }
  /// Call when all is quiet: pins equal unpins, the packet buffers and the tables of outstanding
  /// requests are empty.
  void finish() const;
  /// Who waits for whom, at present.
  std::string describe() const { return watchdog_.describe(); }

 private:
  struct Node {
    std::uint8_t node;
    const driver::NicDriver* driver;
    std::function<std::uint64_t()> buffer_used;
  };

  MemoryMonitor memory_;
  WindowMonitor window_;
  PostedMonitor posted_;
  Watchdog watchdog_;
  std::vector<Node> nodes_;
};

}  // namespace vctoe::monitors
