#include "models/system/two_hosts.h"

#include <string>

namespace vctoe::system {

void HostParams::declare(sim::ParamList& list) {
  list.add(
      "nics", nics, {1, 4},
      "network adaptors of each host, each on a link and a network of its own; streams are spread "
      "over them",
      "specification [0067], FIG. 13: network card 508");
  list.group("dram", dram);
  list.group("mmu", mmu);
  list.group("iommu", iommu);
  list.group("cpu", cpu);
  list.group("disk", disk);
  list.group("storage", storage);
  list.group("root_complex", root_complex);
  list.group("video", video);
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

namespace {
std::vector<std::unique_ptr<Card>> make_cards(sim::Context& context, std::uint8_t node,
                                              const SystemParams& params, Place agent,
                                              host::RootComplex& root_complex) {
  const auto n = static_cast<unsigned>(params.host.nics);
  CardParams built = params;
  built.pcie = params.link();
  std::vector<std::unique_ptr<Card>> cards;
  for (unsigned i = 0; i < params.host.data_cards(); ++i) {
    const std::uint32_t ip = params.ip != 0 ? params.ip : station_ip(node, i);
    cards.push_back(std::make_unique<Card>(("card" + std::to_string(i)).c_str(), context, node,
                                           CardSlot{i, n}, ip, built, agent, root_complex));
  }
  return cards;
}
}  // namespace

Host::Host(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           const SystemParams& params, Place agent)
    : sc_module(name),
      dram("dram", context, params.host.dram),
      cpu("cpu", context, params.host.cpu),
      mmu("mmu", context, params.mmu(), cpu.cycle(), dram),
      root_complex("root_complex", context, params.root_complex(), params.host.cpu.msi_delivery,
                   node),
      node_(node),
      cards_(make_cards(context, node, params, agent, root_complex)),
      pcie(cards_[0]->pcie),
      nic(cards_[0]->nic) {
  root_complex.to_dram.bind(dram.socket);
  if (params.host.iommu.enabled) {
    iommu_ = std::make_unique<host::Iommu>(params.host.iommu, cpu.cycle(), dram);
    root_complex.set_iommu(iommu_.get());
  }
  if (params.host.swap_through_card()) {
    const host::DiskParams& disk = params.host.disk;
    CardParams built = params;
    built.pcie = params.link();
    storage_network_ = std::make_unique<StorageNetwork>(
        "storage_network", context, node, static_cast<unsigned>(params.host.nics - 1), built,
        params.net, disk.network.server, disk.capacity.n, root_complex);
  }
  if (params.host.video.rate.bps > 0) {
    video_ = std::make_unique<VideoController>("video", context, node, params.host.video,
                                               params.pcie, root_complex);
  }
  if (params.host.disk.kind == host::DiskKind::kNone || storage_network_) return;
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
  if (video_) list.group("video", video_->stats());
  if (storage_network_) {
    list.nested("storage_network", [&] { storage_network_->declare_stats(list); });
  }
  if (disk_) list.group("disk", disk_->stats());
  if (storage_) list.group("storage", storage_->stats());
  cards_[0]->declare_stats(list);
  for (std::size_t i = 1; i < cards_.size(); ++i) {
    list.nested("card" + std::to_string(i), [&] { cards_[i]->declare_stats(list); });
  }
}

void Host::settle_stats() {
  cpu.settle();
  if (storage_network_) storage_network_->settle_stats();
  if (disk_) disk_->settle();
  for (auto& card : cards_) card->settle_stats();
}

TwoHosts::TwoHosts(const sc_core::sc_module_name& name, sim::Context& context,
                   const SystemParams& params)
    : sc_module(name),
      network("network", context, params.net),
      first_("sender", context, 0, params, params.transport.sending),
      second_("receiver", context, 1, params, params.transport.receiving) {
  for (std::size_t i = 0; i < first_.cards(); ++i) {
    if (i > 0) {
      const std::string link = "network" + std::to_string(i);
      more_networks_.push_back(std::make_unique<net::Link>(link.c_str(), context, params.net));
    }
    net::Link& between = i == 0 ? network : *more_networks_.back();
    for (const unsigned side : {0u, 1u}) {
      nic::Mac& mac = host(side).card(i).mac();
      mac.connect(between.input(side));
      between.attach(side, mac);
    }
  }
}

void TwoHosts::declare_stats(sim::StatList& list) const {
  list.nested("sender", [&] { first_.declare_stats(list); });
  list.nested("receiver", [&] { second_.declare_stats(list); });
  list.group("net", network.stats());
  for (std::size_t i = 0; i < more_networks_.size(); ++i) {
    list.group("net" + std::to_string(i + 1), more_networks_[i]->stats());
  }
}

void TwoHosts::settle_stats() {
  first_.settle_stats();
  second_.settle_stats();
  network.settle_stats();
  for (auto& more : more_networks_) more->settle_stats();
}

}  // namespace vctoe::system
