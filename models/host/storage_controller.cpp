#include "models/host/storage_controller.h"

#include <utility>

#include "models/sim/payload_pool.h"

namespace vctoe::host {

void StorageParams::declare(sim::ParamList& list) {
  list.add("command", command, sim::time_range(sim::Time::zero(), sim::Time::from_ms(10)),
           "from the driver's doorbell until the disk sees the command",
           "own choice: two PCIe crossings and the fetch of a command");
}

void StorageController::Stats::declare(sim::StatList& list) const {
  list.add("requests", requests, "1", "requests taken");
  list.add("bytes_to_memory", bytes_to_memory, "B", "bytes moved from the disk to main memory");
  list.add("bytes_from_memory", bytes_from_memory, "B", "bytes moved from main memory to the disk");
  list.add("interrupts", interrupts, "1", "completion interrupts");
}

StorageController::StorageController(const sc_core::sc_module_name& name, sim::Context& /*ctx*/,
                                     const StorageParams& params, sim::Time msi_delivery,
                                     Disk& disk)
    : sc_module(name),
      disk_(disk),
      params_(params),
      msi_delivery_(msi_delivery),
      commands_([this](std::size_t& slot) { start(slot); }),
      interrupts_([this](std::size_t& slot) {
        ++stats_.interrupts;
        const auto done = std::move(slots_[slot].done);
        free_slots_.push_back(slot);
        if (done) done();
      }) {}

void StorageController::submit(StorageRequest request) {
  ++stats_.requests;
  disk_.bytes(request.offset, request.length());  // a place outside the disk fails here
  if (free_slots_.empty()) {
    free_slots_.push_back(slots_.size());
    slots_.emplace_back();
  }
  const std::size_t slot = free_slots_.back();
  free_slots_.pop_back();
  slots_[slot] = std::move(request);
  commands_.push(sim::now() + params_.command, slot);
}

void StorageController::start(std::size_t slot) {
  const StorageRequest& request = slots_[slot];
  const DiskAccess access{request.offset, request.length(), request.write};
  disk_.submit(access, [this, slot] { move_bytes(slot); });
}

// All bytes move at the end of the disk's time: a frame or slot that somebody reuses while the
// transfer is under way shows up as wrong data.
void StorageController::move_bytes(std::size_t slot) {
  const StorageRequest& request = slots_[slot];
  sc_core::sc_time delay;
  std::uint64_t offset = request.offset;
  for (const MemorySegment& s : request.segments) {
    tlm::tlm_generic_payload gp;
    sim::set_access(gp, request.write ? tlm::TLM_READ_COMMAND : tlm::TLM_WRITE_COMMAND, s.physical,
                    disk_.bytes(offset, s.length), s.length);
    memory->b_transport(gp, delay);
    sim::ensure(gp.is_response_ok(), "storage controller: a segment lies outside main memory");
    (request.write ? stats_.bytes_from_memory : stats_.bytes_to_memory) += s.length;
    offset += s.length;
  }
  interrupts_.push(sim::now() + sim::from_sc(delay) + msi_delivery_, slot);
}

}  // namespace vctoe::host
