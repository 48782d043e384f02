#include "sw/kernel/readahead.h"

#include <algorithm>

namespace vctoe::kernel {

std::uint64_t Readahead::window_size(std::uint64_t vpn, std::uint64_t max_pages) const {
  std::uint64_t pages = 1;
  if (hits_ > 0) {
    pages = 4;
    while (pages < hits_ + 2) pages *= 2;
  } else if (vpn == latest_ + 1 || vpn + 1 == latest_) {
    pages = 2;
  }
  return std::max(std::min(pages, max_pages), std::min(last_window_ / 2, max_pages));
}

PageWindow Readahead::on_fault(std::uint64_t vpn, std::uint64_t low, std::uint64_t high,
                               std::uint64_t max_pages) {
  const std::uint64_t size = window_size(vpn, max_pages);
  std::uint64_t before = (size - 1) / 2;
  if (vpn == latest_ + 1) before = 0;
  if (vpn + 1 == latest_) before = size - 1;
  latest_ = vpn;
  last_window_ = size;
  hits_ = 0;
  const std::uint64_t first = vpn - std::min(before, vpn - low);
  return {first, std::min(vpn - before + size, high)};
}

}  // namespace vctoe::kernel
