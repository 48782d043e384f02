// Solid-state disks: a SATA one by its figures, an NVMe one by its channels, units and write
// buffer.
#pragma once

#include <deque>
#include <string_view>
#include <vector>

#include "models/host/bookings.h"
#include "models/host/disk_model.h"
#include "models/sim/random.h"

namespace vctoe::host {

/// A fixed latency, a few accesses at once, and one link.
class SataSsd : public DiskModel {
 public:
  explicit SataSsd(const SataParams& params) : params_(params), units_(params.parallel) {}
  std::size_t depth() const override { return params_.queue_depth; }
  sim::Time serve(const DiskAccess& access, sim::Time at) override;

 private:
  SataParams params_;
  std::vector<sim::Time> units_;  // when each is free
  Bookings link_;
};

/// Pages lie on the units in turn. A read is firmware, the page's unit, its channel, the link. A
/// write is done when it is in the buffer, which empties by programs that keep units busy.
class NvmeSsd : public DiskModel {
 public:
  NvmeSsd(const NvmeParams& params, std::uint64_t seed, std::string_view name);
  std::size_t depth() const override { return params_.queue_depth; }
  sim::Time serve(const DiskAccess& access, sim::Time at) override;

 private:
  struct Program {
    sim::Time done;
    std::uint64_t bytes;
  };
  sim::Time read(const DiskAccess& access, sim::Time at);
  sim::Time read_page(std::uint64_t page, std::uint64_t bytes, sim::Time at);
  sim::Time write(const DiskAccess& access, sim::Time at);
  sim::Time room_for(std::uint64_t bytes, sim::Time at);
  void start_programs(sim::Time at);
  sim::Time nand_time();

  NvmeParams params_;
  sim::Rng rng_;
  std::vector<Bookings> units_;
  std::vector<Bookings> channels_;
  Bookings link_;
  std::deque<Program> programs_;  // by the order of their end
  std::uint64_t buffered_ = 0;    // bytes in the buffer, those being programmed included
  std::uint64_t unprogrammed_ = 0;
  std::uint64_t next_unit_ = 0;
};

}  // namespace vctoe::host
