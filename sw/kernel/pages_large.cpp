// Pages of 2 MiB: made whole, and split when part of one has to go.
#include "sw/kernel/pages.h"

namespace vctoe::kernel {

bool Pages::map_large(PageTable& table, Asid asid, const PageRange& mapping, std::uint64_t vpn,
                      bool writable) {
  if (!huge_pages_) return false;
  const std::uint64_t first = vpn / kLargePages * kLargePages;
  if (first < mapping.first || first + kLargePages > mapping.last) return false;
  for (std::uint64_t i = 0; i < kLargePages; ++i) {
    if (entry(table.entry(first + i)) != 0) return false;
  }
  const FrameNumber run = pool.take_large();
  if (run == kNoFrame) return false;
  for (std::uint64_t i = 0; i < kLargePages; ++i) {
    const auto f = static_cast<FrameNumber>(run + i);
    map_zero(f, asid, first + i, table.entry(first + i), writable);
  }
  table.make_large(first);
  large_.emplace(frame_of(frame(run).pte), &table);
  ++stats_.large_mapped;
  return true;
}

void Pages::split(FrameNumber f) {
  const Frame& page = frame(f);
  const auto large = large_.find(frame_of(page.pte));
  large->second->split(page.vpn);
  large_.erase(large);
  invalidate(page.asid, page.vpn);
  ++stats_.large_split;
}

}  // namespace vctoe::kernel
