// The hardware of a run: hosts with their NICs, and the network between two of them.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "models/host/cpu.h"
#include "models/host/disk.h"
#include "models/host/dram.h"
#include "models/host/iommu.h"
#include "models/host/mmu.h"
#include "models/host/root_complex.h"
#include "models/host/storage_controller.h"
#include "models/net/link.h"
#include "models/nic/nic.h"
#include "models/nic/plain_mac.h"
#include "models/pcie/link.h"
#include "models/system/placement.h"

namespace vctoe::system {

struct HostParams {
  host::DramParams dram;
  host::MmuParams mmu;
  host::IommuParams iommu;
  host::CpuParams cpu;
  host::DiskParams disk;
  host::StorageParams storage;
  host::RootComplexParams root_complex;
  void declare(sim::ParamList& list);
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
struct SystemParams {
  HostParams host;
  pcie::LinkParams pcie;
  nic::NicParams nic;
  nic::PlainMacParams plain_mac;
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

/// Computer 102 of FIG. 5: processor, memory, storage behind its controller, and a network adaptor
/// on PCIe. With Place::kDriver the adaptor is a plain MAC, and `nic` is the agent's state machine,
/// whose sockets bar, dma().pcie and frames the driver's software binds.
class Host : public sc_core::sc_module {
 public:
  Host(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
       std::uint32_t ip, const SystemParams& params, Place agent);

  std::uint8_t node() const { return node_; }
  std::uint32_t ip() const { return ip_; }
  /// Null unless host.iommu.enabled.
  host::Iommu* iommu() { return iommu_.get(); }
  /// Where the agent is, and the device number under which the driver finds its registers.
  Place place() const { return plain_mac_ ? Place::kDriver : Place::kAdaptor; }
  unsigned agent_device() const { return plain_mac_ ? 1 : 0; }
  /// The Ethernet MAC, whatever card it is on.
  nic::Mac& mac() { return plain_mac_ ? plain_mac_->mac() : nic.mac(); }
  /// Null with Place::kAdaptor.
  nic::PlainMac* plain_mac() { return plain_mac_.get(); }
  /// Null when host.disk.kind is none.
  host::StorageController* swap_device() { return storage_.get(); }
  void declare_stats(sim::StatList& list) const;
  /// Brings every level and stall account up to the present; before statistics are printed.
  void settle_stats();

  host::Dram dram;
  host::Cpu cpu;
  host::Mmu mmu;
  host::RootComplex root_complex;
  pcie::Link pcie;
  nic::Nic nic;

 private:
  std::uint8_t node_;
  std::uint32_t ip_;
  std::unique_ptr<host::Iommu> iommu_;
  std::unique_ptr<nic::PlainMac> plain_mac_;
  std::unique_ptr<host::Disk> disk_;
  std::unique_ptr<host::StorageController> storage_;
};

/// Host 0 sends, host 1 receives, in the default workload; the hardware knows no difference.
class TwoHosts : public sc_core::sc_module {
 public:
  TwoHosts(const sc_core::sc_module_name& name, sim::Context& context, const SystemParams& params);

  /// 10.0.0.1 and 10.0.0.2.
  static constexpr std::uint32_t kIp[2] = {0x0a000001, 0x0a000002};

  Host& host(unsigned i) { return i == 0 ? first_ : second_; }
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  net::Link network;

 private:
  Host first_;
  Host second_;
};

}  // namespace vctoe::system

template <>
struct vctoe::sim::EnumNames<vctoe::system::NicAttach> {
  static constexpr std::string_view kNames[] = {"pcie", "integrated"};
};
