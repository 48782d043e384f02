// The root complex: joins PCIe links, the storage controller, the CPU and main memory.
#pragma once

#include <tlm_utils/multi_passthrough_initiator_socket.h>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <tlm>
#include <vector>

#include "models/host/address_map.h"
#include "models/host/bookings.h"
#include "models/host/iommu.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/event_queue.h"
#include "models/sim/params.h"
#include "models/sim/payload_pool.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

/// Which part of a host with two sockets is not on the CPU's.
enum class NumaPlacement : std::uint8_t {
  kLocal,        ///< none
  kRemoteNic,    ///< the NIC: its accesses of memory, and the CPU's of the NIC, cross over
  kRemoteMemory  ///< the memory: the NIC's, the storage controller's and the CPU's cross over
};

struct RootComplexParams {
  sim::Time read_latency = sim::Time::from_ns(255);
  sim::Time write_latency = sim::Time::from_ns(100);
  sim::Time numa_penalty = sim::Time::from_ns(107);
  NumaPlacement numa = NumaPlacement::kLocal;
  sim::BitRate numa_rate = sim::BitRate::gbps(153.6);
  void declare(sim::ParamList& list);
};

class RootComplex : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t dma_reads = 0;
    std::uint64_t dma_writes = 0;
    std::uint64_t dma_bytes_read = 0;
    std::uint64_t dma_bytes_written = 0;
    std::uint64_t dma_errors = 0;
    std::uint64_t storage_bytes = 0;
    std::uint64_t interrupts = 0;
    std::uint64_t mmio_writes = 0;
    std::uint64_t mmio_bytes_written = 0;
    std::uint64_t mmio_reads = 0;
    std::uint64_t config_requests = 0;
    std::uint64_t numa_bytes = 0;
    sim::Time numa_wait;  ///< of accesses, so it may overlap in time
    void declare(sim::StatList& list) const;
  };
  /// Called with the vector when the CPU takes the interrupt, from a method process.
  using InterruptHandler = std::function<void(unsigned vector)>;

  /// `msi_delivery` is the CPU's time from the message to the handler; `node` goes into the traces.
  RootComplex(const sc_core::sc_module_name& name, sim::Context& ctx,
              const RootComplexParams& params, sim::Time msi_delivery, std::uint8_t node = 0);

  /// From pcie::Link::host_mem, in the order of the devices (address_map.h). Memory protocol.
  tlm_utils::multi_passthrough_target_socket<RootComplex, 64> from_devices{"from_devices"};
  /// From StorageController::memory. Memory protocol; may stay unbound.
  tlm_utils::multi_passthrough_target_socket<RootComplex, 64, tlm::tlm_base_protocol_types, 0,
                                             sc_core::SC_ZERO_OR_MORE_BOUND>
      from_storage{"from_storage"};
  /// To Dram::socket.
  tlm_utils::simple_initiator_socket<RootComplex, 64> to_dram{"to_dram"};
  /// To pcie::Link::host_mmio, in the order of the devices; may stay unbound.
  tlm_utils::multi_passthrough_initiator_socket<RootComplex, 64, tlm::tlm_base_protocol_types, 0,
                                                sc_core::SC_ZERO_OR_MORE_BOUND>
      to_devices{"to_devices"};

  /// Devices' addresses are translated from now on; without, they are physical. MSI messages and
  /// the storage controller pass it by.
  void set_iommu(Iommu* iommu) { iommu_ = iommu; }
  /// For the vectors of one device (address_map.h); the handler is told which of them it was.
  void set_interrupt_handler(InterruptHandler handler, unsigned device = 0) {
    if (handlers_.size() <= device) handlers_.resize(device + 1);
    handlers_[device] = std::move(handler);
  }

  /// A posted store of the CPU to a device. Takes no simulated time: the caller charges the core's.
  /// `about` says what the bytes are; without it, a register access. The bytes are copied on the
  /// way.
  void mmio_write(std::uint64_t address, const void* data, std::uint64_t length);
  void mmio_write(std::uint64_t address, const void* data, std::uint64_t length,
                  const pcie::TlpExtension& about);
  /// A load of the CPU from a device: waits for the completion; only from an SC_THREAD. False, and
  /// all ones, when it fails.
  bool mmio_read(std::uint64_t address, void* data, std::uint64_t length);

  /// A configuration request of type 0 for a device of bus 0: 4 bytes at a multiple of four. Waits
  /// for its completion; only from an SC_THREAD. False, and all ones, where no device is.
  bool config_read(unsigned device, unsigned offset, std::uint32_t& value);
  bool config_write(unsigned device, unsigned offset, std::uint32_t value);
  /// Addresses that go to the device from now on, which are those of address_map.h before: what
  /// software writes into base and limit of the device's root port, taking no time here.
  void set_window(unsigned device, std::uint64_t base, std::uint64_t bytes);

  const Stats& stats() const { return stats_; }

 private:
  struct Window {
    std::uint64_t base = 0;
    std::uint64_t bytes = 0;
  };
  bool configure(tlm::tlm_command command, unsigned device, unsigned offset, std::uint32_t& value);

  void device_transport(int device, tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  void storage_transport(int id, tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  unsigned debug_transport(int id, tlm::tlm_generic_payload& gp);
  bool translate(int device, tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  void to_memory(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  sim::Time cross(bool to_memory, std::uint64_t bytes, sim::Time at);
  void message(tlm::tlm_generic_payload& gp, const sc_core::sc_time& delay);
  void trace(tlm::tlm_generic_payload& gp);
  int device_of(std::uint64_t address);

  sim::Context& ctx_;
  std::uint8_t node_;
  RootComplexParams params_;
  sc_core::sc_time read_latency_, write_latency_;
  Bookings to_socket_, from_socket_;  // the way between the sockets, seen from the NIC
  sim::Time msi_delivery_;
  Iommu* iommu_ = nullptr;
  std::vector<InterruptHandler> handlers_;  ///< by device
  std::vector<Window> windows_;             ///< of those that have one; by device
  Stats stats_;
  sim::PayloadPool pool_;
  sim::EventQueue<unsigned> interrupts_;
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::NumaPlacement> {
  static constexpr std::string_view kNames[] = {"local", "remote_nic", "remote_memory"};
};
