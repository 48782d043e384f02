// The storage controller: takes requests from the kernel's disk driver, has the disk serve them,
// and moves the bytes between the disk and main memory by its own DMA.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <systemc>
#include <vector>

#include "models/host/disk.h"
#include "models/host/swap_device.h"
#include "models/sim/event_queue.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

struct StorageParams {
  sim::Time command = sim::Time::from_us(2);
  void declare(sim::ParamList& list);
};

class StorageController : public sc_core::sc_module, public SwapDevice {
 public:
  struct Stats {
    std::uint64_t requests = 0;
    std::uint64_t bytes_to_memory = 0;
    std::uint64_t bytes_from_memory = 0;
    std::uint64_t interrupts = 0;
    void declare(sim::StatList& list) const;
  };

  /// `msi_delivery` is the CPU's time from an interrupt message to its handler.
  StorageController(const sc_core::sc_module_name& name, sim::Context& ctx,
                    const StorageParams& params, sim::Time msi_delivery, Disk& disk);

  /// DMA; to RootComplex::from_storage.
  tlm_utils::simple_initiator_socket<StorageController, 64> memory{"memory"};

  /// The driver's doorbell. A segment outside main memory, or a place outside the disk, is a model
  /// error. The completion is the interrupt's handler, in a method process.
  void submit(StorageRequest request) override;
  std::uint64_t capacity() const override { return disk_.capacity(); }
  void write_dbg(std::uint64_t offset, const void* data, std::uint64_t length) override {
    disk_.write_dbg(offset, data, length);
  }
  void read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const override {
    disk_.read_dbg(offset, data, length);
  }
  std::uint64_t bytes_read() const override { return disk_.stats().bytes_read; }
  std::uint64_t bytes_written() const override { return disk_.stats().bytes_written; }

  Disk& disk() { return disk_; }
  const Stats& stats() const { return stats_; }

 private:
  void start(std::size_t slot);
  void move_bytes(std::size_t slot);

  Disk& disk_;
  StorageParams params_;
  sim::Time msi_delivery_;
  Stats stats_;
  std::vector<StorageRequest> slots_;
  std::vector<std::size_t> free_slots_;
  sim::EventQueue<std::size_t> commands_;
  sim::EventQueue<std::size_t> interrupts_;
};

}  // namespace vctoe::host
