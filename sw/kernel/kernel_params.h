// Parameters of the modelled operating system's memory management.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::kernel {

/// How victims are chosen.
enum class ReclaimKind : std::uint8_t { kClock, kTwoList };

/// What devices may reach when there is an IOMMU.
enum class DmaMap : std::uint8_t {
  kPinned,  ///< frames while they are pinned for a device, in 4 KiB pages
  kStatic   ///< all of DRAM for good, in 2 MiB pages
};

struct KernelParams {
  ReclaimKind reclaim = ReclaimKind::kTwoList;
  double watermark_min = 0.016;
  double watermark_low = 0.020;
  double watermark_high = 0.024;
  std::uint64_t reclaim_batch = 32;
  std::uint64_t page_cluster = 3;
  std::uint64_t max_io_pages = 32;
  double pin_limit = 0.5;
  sim::Bytes pin_limit_bytes{0};
  std::uint64_t reserve_frames = 32;
  bool shuffle_frames = true;
  bool huge_pages = false;
  sim::Time pin_large_page = sim::Time::from_ns(3500);
  bool share_tables = false;
  DmaMap dma_map = DmaMap::kPinned;
  sim::Time dma_map_cost = sim::Time::from_ns(60);
  sim::Time guard_cost = sim::Time::from_ns(100);
  sim::Time scan_cost = sim::Time::from_ns(50);
  sim::Time evict_cost = sim::Time::from_ns(350);
  sim::Time swap_fault_cost = sim::Time::from_ns(1500);

  void declare(sim::ParamList& list);
};

}  // namespace vctoe::kernel

namespace vctoe::sim {
template <>
struct EnumNames<kernel::ReclaimKind> {
  static constexpr std::string_view kNames[] = {"clock", "two_list"};
};
template <>
struct EnumNames<kernel::DmaMap> {
  static constexpr std::string_view kNames[] = {"pinned", "static"};
};
}  // namespace vctoe::sim
