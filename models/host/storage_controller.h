// The storage controller: takes requests from the kernel's disk driver, has the disk serve them,
// and moves the bytes between the disk and main memory by its own DMA.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <systemc>
#include <vector>

#include "models/host/disk.h"
#include "models/sim/event_queue.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

/// A piece of main memory.
struct MemorySegment {
  std::uint64_t physical = 0;
  std::uint64_t length = 0;
};

/// One transfer between a contiguous part of the disk and segments of memory, in their order. The
/// lengths of the segments add up to the transfer's.
struct StorageRequest {
  std::uint64_t offset = 0;  ///< bytes from the start of the swap area
  bool write = false;        ///< true: memory to disk
  std::vector<MemorySegment> segments;
  /// The completion interrupt's handler; runs in a method process and may not wait. The bytes are
  /// in place. The segments belong to the controller until then.
  std::function<void()> done;
};

struct StorageParams {
  sim::Time command = sim::Time::from_us(2);
  void declare(sim::ParamList& list);
};

class StorageController : public sc_core::sc_module {
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

  /// Hands a request over (the driver's doorbell). Callable from any process. A segment outside
  /// main memory, or a place outside the disk, is a model error.
  void submit(StorageRequest request);

  Disk& disk() { return disk_; }
  const Stats& stats() const { return stats_; }

 private:
  void start(std::size_t slot);
  void move_bytes(std::size_t slot);
  static std::uint64_t length_of(const StorageRequest& request);

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
