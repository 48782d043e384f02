// What devices may reach: the tables by which the IOMMU translates their DMA.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/host/iommu.h"
#include "sw/kernel/kernel_params.h"
#include "sw/kernel/page_table.h"

namespace vctoe::kernel {

/// One domain for the host's devices. An I/O virtual address is the physical address of the same
/// number (identity), so rings and scatter lists look the same with the IOMMU on or off. With
/// DmaMap::kPinned a frame is mapped, as a 4 KiB page, exactly while somebody pins it for a device,
/// and 2 MiB whose frames are all mapped become one page; with kStatic all of DRAM is mapped in 2
/// MiB pages for good. Takes no time: the kernel charges.
class IoDomain {
 public:
  struct Stats {
    std::uint64_t mapped = 0;
    std::uint64_t unmapped = 0;
    std::uint64_t large = 0;
    void declare(sim::StatList& list) const;
  };

  /// Without an IOMMU nothing of this does anything. `take` gives frames for the tables.
  IoDomain(host::Iommu* iommu, host::Dram& dram, const KernelParams& params,
           const PageTable::TakeFrame& take);
  /// Frames that the tables of so much DRAM take.
  static std::size_t tables(DmaMap how, std::uint64_t frames);

  /// One use more of the frame.
  void map(FrameNumber f);
  /// One use less; after the last no device reaches it.
  void unmap(FrameNumber f);
  /// Requests with this PASID go by the process's tables (SVA), unless they are not shared.
  void attach_process(std::uint32_t pasid, std::uint64_t root);
  void detach_process(std::uint32_t pasid);
  /// The process's page is no longer what the IOTLB may know of it.
  void invalidate_process(std::uint64_t root, std::uint64_t va);
  /// What the CPU waits when pages of a process have been taken away; nothing unless shared.
  sim::Time shoot_down_cost() const;

  /// CPU time to map so many frames.
  sim::Time map_cost(std::size_t frames) const;
  /// CPU time to unmap them: one invalidation for all whose last use it is.
  sim::Time unmap_cost(const std::vector<FrameNumber>& frames) const;

  bool is_mapped(FrameNumber f) const { return !uses_.empty() && uses_[f] != 0; }
  const Stats& stats() const { return stats_; }

 private:
  bool strict() const { return !uses_.empty(); }

  host::Iommu* iommu_;
  host::Dram& dram_;
  sim::Time map_cost_;
  bool share_tables_;
  std::optional<PageTable> table_;
  std::vector<std::uint16_t> whole_;  // frames mapped, by 2 MiB of DRAM
  std::vector<std::uint32_t> uses_;   // by frame; empty unless frames are mapped one by one
  Stats stats_;
};

}  // namespace vctoe::kernel
