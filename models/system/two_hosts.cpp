#include "models/system/two_hosts.h"

namespace vctoe::system {

void HostParams::declare(sim::ParamList& list) {
  list.group("dram", dram);
  list.group("mmu", mmu);
  list.group("iommu", iommu);
  list.group("cpu", cpu);
  list.group("disk", disk);
  list.group("storage", storage);
  list.group("root_complex", root_complex);
}

void SystemParams::declare(sim::ParamList& list) {
  list.group("host", host);
  list.group("pcie", pcie);
  list.add("nic.attach", attach, "the NIC is a card on PCIe, or sits on the processor's fabric",
           "specification [0068]");
  list.group("nic", nic);
  list.group("fabric", fabric);
  list.group("plain_mac", plain_mac);
  list.group("transport", transport);
  list.group("net", net);
}

void FabricParams::declare(sim::ParamList& list) {
  const sim::Range latency_range = sim::time_range(sim::Time::zero(), sim::Time::from_us(10));
  list.add("rate", rate, {1e9, 1e13},
           "nic.attach = integrated: rate each way between NIC and memory",
           "assumption: 32 B in each cycle of 1 GHz");
  list.add("latency", latency, latency_range, "the same: one way over the fabric",
           "calibration C5: half of the 42 cycles at 4 GHz to the shared cache");
  list.add("memory_path", memory_path, latency_range,
           "the same: from the fabric to DRAM and back, beside DRAM",
           "calibration C5 less R2, as a core's (host.mmu.memory_path)");
  list.add("register_read", register_read, latency_range,
           "the same: from the arrival of a register read at the NIC to its answer", "assumption");
}

pcie::LinkParams SystemParams::link() const {
  pcie::LinkParams p = pcie;
  if (attach == NicAttach::kPcie) return p;
  p.fabric_rate = fabric.rate;
  p.up_latency = p.down_latency = fabric.latency;
  p.propagation = sim::Time::zero();
  p.mmio_read_latency = fabric.register_read;
  p.tags = 0;
  p.host_credits = p.device_credits = {0, 0, 0, 0, 0, 0};
  return p;
}

host::RootComplexParams SystemParams::root_complex() const {
  host::RootComplexParams p = host.root_complex;
  if (attach == NicAttach::kPcie) return p;
  p.read_latency = fabric.memory_path;
  p.write_latency = fabric.memory_path / 2;  // a write is there when it has gone one way
  return p;
}

host::MmuParams SystemParams::mmu() const {
  host::MmuParams p = host.mmu;
  if (host.root_complex.numa == host::NumaPlacement::kRemoteMemory) {
    p.memory_path += host.root_complex.numa_penalty;
  }
  return p;
}

void TransportPlaces::declare(sim::ParamList& list) {
  list.add("sending", sending, "where TCP and the virtual contexts of the sending host are",
           "specification [0060]; [0023] has it in the adaptor");
  list.add("receiving", receiving, "where TCP of the receiving host is",
           "specification [0060], [0004]");
}

namespace {
/// Software copies at the processor's rate, which its driver charges, and has no engine before it.
nic::NicParams agent_params(nic::NicParams params, Place place) {
  if (place == Place::kAdaptor) return params;
  params.dma.issue_latency = sim::Time::zero();
  params.dma.drain_rate = {1e13};
  return params;
}
}  // namespace

Host::Host(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           std::uint32_t ip, const SystemParams& params, Place agent)
    : sc_module(name),
      dram("dram", context, params.host.dram),
      cpu("cpu", context, params.host.cpu),
      mmu("mmu", context, params.mmu(), cpu.cycle(), dram),
      root_complex("root_complex", context, params.root_complex(), params.host.cpu.msi_delivery,
                   node),
      pcie("pcie", context, node, params.link()),
      nic("nic", context, node, ip, agent_params(params.nic, agent),
          {agent == Place::kDriver ? 1u : 0u, agent == Place::kAdaptor}),
      node_(node),
      ip_(ip) {
  root_complex.to_dram.bind(dram.socket);
  pcie.host_mem.bind(root_complex.from_devices);
  root_complex.to_devices.bind(pcie.host_mmio);
  if (agent == Place::kAdaptor) {
    nic.dma().pcie.bind(pcie.dev_dma);
    pcie.dev_bar.bind(nic.bar);
  } else {
    plain_mac_ = std::make_unique<nic::PlainMac>("plain_mac", context, node, 0, params.plain_mac,
                                                 params.nic.dma, params.nic.mac);
    plain_mac_->dma().pcie.bind(pcie.dev_dma);
    pcie.dev_bar.bind(plain_mac_->bar);
  }
  if (params.host.iommu.enabled) {
    iommu_ = std::make_unique<host::Iommu>(params.host.iommu, cpu.cycle(), dram);
    root_complex.set_iommu(iommu_.get());
  }
  if (params.host.disk.kind == host::DiskKind::kNone) return;
  disk_ = std::make_unique<host::Disk>("disk", context, params.host.disk);
  storage_ = std::make_unique<host::StorageController>("storage", context, params.host.storage,
                                                       params.host.cpu.msi_delivery, *disk_);
  storage_->memory.bind(root_complex.from_storage);
}

void Host::declare_stats(sim::StatList& list) const {
  list.group("dram", dram.stats());
  list.group("cpu", cpu.stats());
  list.group("mmu", mmu.stats());
  if (iommu_) list.group("iommu", iommu_->stats());
  list.group("root_complex", root_complex.stats());
  if (disk_) list.group("disk", disk_->stats());
  if (storage_) list.group("storage", storage_->stats());
  list.group("pcie", pcie.stats());
  list.nested("nic", [&] { nic.declare_stats(list); });
  if (plain_mac_) list.nested("plain_mac", [&] { plain_mac_->declare_stats(list); });
}

void Host::settle_stats() {
  cpu.settle();
  if (disk_) disk_->settle();
  pcie.settle_stats();
  nic.settle_stats();
  if (plain_mac_) plain_mac_->settle_stats();
}

TwoHosts::TwoHosts(const sc_core::sc_module_name& name, sim::Context& context,
                   const SystemParams& params)
    : sc_module(name),
      network("network", context, params.net),
      first_("sender", context, 0, kIp[0], params, params.transport.sending),
      second_("receiver", context, 1, kIp[1], params, params.transport.receiving) {
  first_.mac().connect(network.input(0));
  second_.mac().connect(network.input(1));
  network.attach(0, first_.mac());
  network.attach(1, second_.mac());
}

void TwoHosts::declare_stats(sim::StatList& list) const {
  list.nested("sender", [&] { first_.declare_stats(list); });
  list.nested("receiver", [&] { second_.declare_stats(list); });
  list.group("net", network.stats());
}

void TwoHosts::settle_stats() {
  first_.settle_stats();
  second_.settle_stats();
  network.settle_stats();
}

}  // namespace vctoe::system
