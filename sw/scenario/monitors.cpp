#include "sw/scenario/monitors.h"

#include <fmt/format.h>

#include <utility>

#include "models/sim/error.h"

namespace vctoe::monitors {

using driver::OutstandingKind;

void MonitorParams::declare(sim::ParamList& list) {
  list.add("patience", patience, sim::time_range(sim::Time::from_us(1), sim::Time::from_s(1000)),
           "the watchdog ends a run in which nothing moves for so long while work is pending; "
           "above the longest retransmission timeout to be seen",
           "vctoe; RFC 6298 allows 60 s and more");
}

Monitors::Monitors(const sc_core::sc_module_name& name, sim::Context& context,
                   const MonitorParams& params)
    : sc_module(name),
      memory_(context),
      window_(context),
      posted_(context),
      watchdog_("watchdog", context, params.patience) {}

void Monitors::add_node(std::uint8_t node, const driver::NicDriver& driver,
                        std::function<std::uint64_t()> buffer_used) {
  nodes_.push_back({node, &driver, std::move(buffer_used)});
  posted_.add_node(
      node, [&driver](std::uint32_t connection) -> const auto& {
        return driver.posted(connection);
      });
  watchdog_.watch(
      fmt::format("driver {}", node), [&driver] { return driver.busy(); },
      [&driver] { return driver.describe(); });
}

void Monitors::finish() const {
  for (const Node& n : nodes_) {
    const auto& outstanding = n.driver->outstanding();
    const std::size_t held = outstanding.count(OutstandingKind::kNode);
    memory_.finish(n.node, held);
    if (outstanding.size() != held) {
      sim::check_failed(
          fmt::format("monitor memory: node {} is quiet at {:.6f} us but not done: {}", n.node,
                      sim::now().us(), n.driver->describe()));
    }
    const std::uint64_t used = n.buffer_used ? n.buffer_used() : 0;
    if (used != 0) {
      sim::check_failed(
          fmt::format("monitor memory: {} B of node {}'s packet buffer are in use at {:.6f} us "
                      "when all is quiet",
                      used, n.node, sim::now().us()));
    }
  }
}

}  // namespace vctoe::monitors
