// The software of a host: one kernel, and a driver and sockets for each network card.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/system/two_hosts.h"
#include "sw/driver/model_host.h"
#include "sw/driver/network_swap.h"
#include "sw/driver/nic_driver.h"
#include "sw/driver/soft_agent.h"
#include "sw/kernel/pin_account.h"
#include "sw/scenario/params.h"
#include "sw/socket/spread_transport.h"
#include "sw/socket/toe_transport.h"

namespace vctoe::scenario {

/// What belongs to one card: its agent where that is in the driver, driver, sockets, and its
/// account of pinned memory.
struct CardSoftware {
  CardSoftware(const std::string& name, sim::Context& context, system::Host& host,
               system::Card& card, kernel::Kernel& kernel, kernel::PciBus& bus,
               const ScenarioParams& params);
  void declare_stats(sim::StatList& list) const;
  void settle_stats();
  bool busy() const;

  driver::ModelHost card_port;               ///< to the adaptor
  std::unique_ptr<driver::SoftAgent> agent;  ///< null with Place::kAdaptor
  driver::ModelHost port;                    ///< to the agent, wherever it is
  kernel::PinAccount account;
  driver::NicDriver driver;
  socket::ToeTransport transport;
};

struct Software {
  Software(const std::string& name, sim::Context& context, system::Host& host,
           const ScenarioParams& params);
  void declare_stats(sim::StatList& list) const;
  void settle_stats();
  bool busy() const;
  /// The driver of a connection: each has a range of ids.
  const driver::NicDriver& driver_of(driver::ConnectionId id) const;
  /// Context pages that the walkers of all cards rightly keep translated.
  std::uint64_t node_pages() const;

  /// Null when swap does not go through a network card.
  std::unique_ptr<driver::NetworkSwap> network_swap;
  host::SwapDevice* swap;  ///< null without
  kernel::Kernel kernel;
  kernel::PciBus pci;
  std::vector<std::unique_ptr<CardSoftware>> cards;
  socket::SpreadTransport transport;

 private:
  std::unique_ptr<driver::ModelHost> swap_port_;
  std::uint64_t ids_;  ///< of each card
};

}  // namespace vctoe::scenario
