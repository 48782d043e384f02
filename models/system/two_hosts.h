// The hardware of a run: hosts with their NICs, and the network between two of them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/host/cpu.h"
#include "models/host/disk.h"
#include "models/host/dram.h"
#include "models/host/iommu.h"
#include "models/host/mmu.h"
#include "models/host/root_complex.h"
#include "models/host/storage_controller.h"
#include "models/net/link.h"
#include "models/system/card.h"
#include "models/system/storage_network.h"
#include "models/system/video.h"

namespace vctoe::system {

struct HostParams {
  std::uint64_t nics = 1;
  host::DramParams dram;
  host::MmuParams mmu;
  host::IommuParams iommu;
  host::CpuParams cpu;
  host::DiskParams disk;
  host::StorageParams storage;
  host::RootComplexParams root_complex;
  VideoParams video;
  void declare(sim::ParamList& list);
  bool swap_through_card() const {
    return disk.kind == host::DiskKind::kNetwork && disk.network.path == host::StoragePath::kCard;
  }
  /// Cards that streams use: all, but for one that swap goes through.
  std::uint64_t data_cards() const { return nics - (swap_through_card() ? 1 : 0); }
};

/// Where the NIC sits (specification [0068]).
enum class NicAttach : std::uint8_t {
  kPcie,       ///< a card
  kIntegrated  ///< on the processor's fabric
};

/// What stands in for the PCIe link and the root complex's part of it when the NIC is integrated:
/// same registers, rings and interrupts; no headers, framing, credits or tags.
struct FabricParams {
  sim::BitRate rate = sim::BitRate::gbps(256);
  sim::Time latency = sim::Time::from_ps(5250);
  sim::Time memory_path = sim::Time::from_ps(31'500);
  sim::Time register_read = sim::Time::from_ns(10);
  void declare(sim::ParamList& list);
};

/// Both hosts are built alike.
struct SystemParams : CardParams {
  HostParams host;
  TransportPlaces transport;
  net::LinkParams net;
  NicAttach attach = NicAttach::kPcie;
  FabricParams fabric;
  void declare(sim::ParamList& list);
  /// What is built: the parameters, or the fabric's in their place.
  pcie::LinkParams link() const;
  host::RootComplexParams root_complex() const;
  /// The MMU's way to memory is longer when that is on the other socket.
  host::MmuParams mmu() const;
};

/// Computer 102 of FIG. 5: processor, memory, storage behind its controller, and network adaptors
/// on PCIe (FIG. 13: network card 508, possibly several).
class Host : public sc_core::sc_module {
 public:
  Host(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
       const SystemParams& params, Place agent);

  std::uint8_t node() const { return node_; }
  std::size_t cards() const { return cards_.size(); }
  Card& card(std::size_t i) { return *cards_[i]; }
  /// Null unless host.iommu.enabled.
  host::Iommu* iommu() { return iommu_.get(); }
  /// Null when host.video.rate is 0.
  VideoController* video() { return video_.get(); }
  /// Null unless swap goes through a network card.
  StorageNetwork* storage_network() { return storage_network_.get(); }
  /// Null when host.disk.kind is none, or swap goes through a network card.
  host::StorageController* swap_device() { return storage_.get(); }
  void declare_stats(sim::StatList& list) const;
  /// Brings every level and stall account up to the present; before statistics are printed.
  void settle_stats();

  host::Dram dram;
  host::Cpu cpu;
  host::Mmu mmu;
  host::RootComplex root_complex;

 private:
  std::uint8_t node_;
  std::vector<std::unique_ptr<Card>> cards_;

 public:
  // Of the first card.
  pcie::Link& pcie;
  nic::Nic& nic;

 private:
  std::unique_ptr<host::Iommu> iommu_;
  std::unique_ptr<VideoController> video_;
  std::unique_ptr<StorageNetwork> storage_network_;
  std::unique_ptr<host::Disk> disk_;
  std::unique_ptr<host::StorageController> storage_;
};

/// 10.0.n.1 and 10.0.n.2: each card has a network of its own with its counterpart.
constexpr std::uint32_t station_ip(unsigned host, std::size_t card) {
  return 0x0a000001 + host + (static_cast<std::uint32_t>(card) << 8);
}
/// The card whose network a station is on.
constexpr std::size_t card_of(std::uint32_t ip) {
  return ip >> 8 & 0xff;
}

/// Host 0 sends, host 1 receives, in the default workload; the hardware knows no difference.
class TwoHosts : public sc_core::sc_module {
 public:
  TwoHosts(const sc_core::sc_module_name& name, sim::Context& context, const SystemParams& params);

  Host& host(unsigned i) { return i == 0 ? first_ : second_; }
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  net::Link network;

 private:
  std::vector<std::unique_ptr<net::Link>> more_networks_;  ///< of further cards
  Host first_;
  Host second_;
};

}  // namespace vctoe::system

template <>
struct vctoe::sim::EnumNames<vctoe::system::NicAttach> {
  static constexpr std::string_view kNames[] = {"pcie", "integrated"};
};
