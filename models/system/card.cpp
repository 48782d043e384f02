#include "models/system/card.h"

namespace vctoe::system {

void TransportPlaces::declare(sim::ParamList& list) {
  list.add("sending", sending, "where TCP and the virtual contexts of the sending host are",
           "specification [0060]; [0023] has it in the adaptor");
  list.add("receiving", receiving, "where TCP of the receiving host is",
           "specification [0060], [0004]");
}

namespace {
/// Connection ids are the host's, so each of its agents has a table of all. Software copies at the
/// processor's rate, which its driver charges, and has no engine before it.
nic::NicParams agent_params(nic::NicParams params, const CardSlot& slot, Place place) {
  params.core.connections *= slot.cards;
  if (place == Place::kAdaptor) return params;
  params.dma.issue_latency = sim::Time::zero();
  params.dma.drain_rate = {1e13};
  return params;
}

nic::NicSite site(const CardSlot& slot, Place place) {
  const bool adaptor = place == Place::kAdaptor;
  return {adaptor ? slot.index : slot.cards + slot.index, adaptor};
}
}  // namespace

Card::Card(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           const CardSlot& slot, std::uint32_t ip, const CardParams& params, Place agent,
           host::RootComplex& root_complex)
    : sc_module(name),
      pcie("pcie", context, node, params.pcie),
      nic("nic", context, node, ip, agent_params(params.nic, slot, agent), site(slot, agent)),
      slot_(slot),
      ip_(ip) {
  pcie.host_mem.bind(root_complex.from_devices);
  root_complex.to_devices.bind(pcie.host_mmio);
  if (agent == Place::kAdaptor) {
    nic.dma().pcie.bind(pcie.dev_dma);
    pcie.dev_bar.bind(nic.bar);
    return;
  }
  plain_mac_ = std::make_unique<nic::PlainMac>("plain_mac", context, node, slot.index,
                                               params.plain_mac, params.nic.dma, params.nic.mac);
  plain_mac_->dma().pcie.bind(pcie.dev_dma);
  pcie.dev_bar.bind(plain_mac_->bar);
}

void Card::declare_stats(sim::StatList& list) const {
  list.group("pcie", pcie.stats());
  list.nested("nic", [&] { nic.declare_stats(list); });
  if (plain_mac_) list.nested("plain_mac", [&] { plain_mac_->declare_stats(list); });
}

void Card::settle_stats() {
  pcie.settle_stats();
  nic.settle_stats();
  if (plain_mac_) plain_mac_->settle_stats();
}

}  // namespace vctoe::system
