// What the kernel counts.
#pragma once

#include <cstdint>

#include "models/sim/stats.h"

namespace vctoe::kernel {

/// Faults, copies and pin requests; the statistics of pages, pins and background reclaim are listed
/// under it from where they are kept (Kernel::declare_stats()).
struct KernelStats {
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t coalesced_faults = 0;
  std::uint64_t direct_reclaims = 0;
  std::uint64_t frame_waits = 0;
  std::uint64_t bytes_copied = 0;
  std::uint64_t pin_requests = 0;
  std::uint64_t pin_refused = 0;
  std::uint64_t pin_waits = 0;
  std::uint64_t pin_pages = 0;
  std::uint64_t pin_pages_missing = 0;
  std::uint64_t guard_copies = 0;
  std::uint64_t guard_waits = 0;
  sim::Histogram major_fault_ns;
  sim::Histogram resolve_ns;
  sim::Histogram pin_wait_ns;
  sim::Level table_bytes;
  void declare(sim::StatList& list) const;
};

}  // namespace vctoe::kernel
