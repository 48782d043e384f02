#include "models/system/card.h"

namespace vctoe::system {

void TransportPlaces::declare(sim::ParamList& list) {
  list.add("sending", sending, "where TCP and the virtual contexts of the sending host are",
           "specification [0060]; [0023] has it in the adaptor");
  list.add("receiving", receiving, "where TCP of the receiving host is",
           "specification [0060], [0004]");
}

namespace {
/// A vendor that nobody is.
constexpr std::uint16_t kVendor = 0xfffe;
constexpr std::uint16_t kOffloadDevice = 0x0121, kPlainDevice = 0x0112;
constexpr std::uint32_t kEthernetController = 0x02'00'00;
constexpr std::uint64_t kRegisterBar = 16 << 10;
constexpr std::uint64_t kMsixPlace = 8 << 10;

}  // namespace

/// BAR 0: registers, and from kMsixPlace on the MSI-X table. BAR 2 of an adaptor with the agent:
/// the window onto its packet buffer.
pcie::FunctionLayout function_layout(const CardParams& params, Place agent) {
  pcie::FunctionLayout f;
  const bool offload = agent == Place::kAdaptor;
  f.vendor = kVendor;
  f.device = offload ? kOffloadDevice : kPlainDevice;
  f.class_code = kEthernetController;
  f.bars[0] = {kRegisterBar, 0, false};
  std::uint64_t window = host::kPageSize;
  while (window < params.nic.packet_buffer.size.n) window *= 2;
  if (offload) f.bars[1] = {window, host::offset_in_device(host::kNicBar2), true};
  f.vectors = host::kVectorsPerDevice;
  f.msix_place = kMsixPlace;
  f.integrated = params.pcie.fabric_rate.bps > 0;
  f.generation = params.pcie.gen;
  f.lanes = params.pcie.lanes;
  f.max_payload = params.pcie.mps.n;
  f.max_read_request = params.pcie.mrrs.n;
  return f;
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
      function("function", function_layout(params, agent)),
      nic("nic", context, node, ip, agent_params(params.nic, slot, agent), site(slot, agent)),
      slot_(slot),
      ip_(ip) {
  pcie.host_mem.bind(root_complex.from_devices);
  root_complex.to_devices.bind(pcie.host_mmio);
  pcie.dev_bar.bind(function.from_link);
  function.to_link.bind(pcie.dev_dma);
  if (agent == Place::kAdaptor) {
    nic.dma().pcie.bind(function.dma);
    function.registers.bind(nic.bar);
    return;
  }
  plain_mac_ = std::make_unique<nic::PlainMac>("plain_mac", context, node, slot.index,
                                               params.plain_mac, params.nic.dma, params.nic.mac);
  plain_mac_->dma().pcie.bind(function.dma);
  function.registers.bind(plain_mac_->bar);
}

void Card::declare_stats(sim::StatList& list) const {
  list.group("pcie", pcie.stats());
  list.group("function", function.stats());
  list.nested("nic", [&] { nic.declare_stats(list); });
  if (plain_mac_) list.nested("plain_mac", [&] { plain_mac_->declare_stats(list); });
}

void Card::settle_stats() {
  pcie.settle_stats();
  nic.settle_stats();
  if (plain_mac_) plain_mac_->settle_stats();
}

}  // namespace vctoe::system
