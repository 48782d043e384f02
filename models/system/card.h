// A network adaptor in its slot: the PCIe link, and what is at its end.
#pragma once

#include <cstdint>
#include <memory>

#include "models/host/root_complex.h"
#include "models/nic/nic.h"
#include "models/nic/plain_mac.h"
#include "models/pcie/endpoint.h"
#include "models/pcie/link.h"
#include "models/system/placement.h"

namespace vctoe::system {

/// Declared by SystemParams.
struct CardParams {
  pcie::LinkParams pcie;
  nic::NicParams nic;
  nic::PlainMacParams plain_mac;
  std::uint32_t ip = 0;  ///< no parameter, both hosts have theirs: 0 is station_ip()
};

/// What a card says of itself on the bus: with the agent, or a plain one.
pcie::FunctionLayout function_layout(const CardParams& params, Place agent);

/// Which of how many on its host.
struct CardSlot {
  unsigned index = 0;
  unsigned cards = 1;
};

/// With Place::kDriver the adaptor is a plain MAC, and `nic` is the agent's state machine, whose
/// sockets bar and dma().pcie, and whose frames, the driver's software binds.
class Card : public sc_core::sc_module {
 public:
  /// `ip`: the station's address. Cards are built in the order of their index: it is their device
  /// number.
  Card(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
       const CardSlot& slot, std::uint32_t ip, const CardParams& params, Place agent,
       host::RootComplex& root_complex);

  std::uint32_t ip() const { return ip_; }
  Place place() const { return plain_mac_ ? Place::kDriver : Place::kAdaptor; }
  /// Device number under which the driver finds the agent's registers: agents in the driver come
  /// after all cards.
  unsigned agent_device() const { return plain_mac_ ? slot_.cards + slot_.index : slot_.index; }
  unsigned index() const { return slot_.index; }
  unsigned cards() const { return slot_.cards; }
  /// The Ethernet MAC, whatever the card is.
  nic::Mac& mac() { return plain_mac_ ? plain_mac_->mac() : nic.mac(); }
  bool busy() const { return nic.busy() || (plain_mac_ && plain_mac_->busy()); }
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  pcie::Link pcie;
  pcie::Endpoint function;  ///< of the adaptor, between link and device
  nic::Nic nic;

 private:
  CardSlot slot_;
  std::uint32_t ip_;
  std::unique_ptr<nic::PlainMac> plain_mac_;
};

}  // namespace vctoe::system
