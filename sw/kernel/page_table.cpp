#include "sw/kernel/page_table.h"

#include <algorithm>
#include <cstring>

#include "models/sim/error.h"

namespace vctoe::kernel {

namespace {
/// Pages below one entry of a table at `level` (host::kPageLevels is the root).
constexpr std::uint64_t span(unsigned level) {
  return host::level_span(level) >> kPageShift;
}

/// End of the part of [first, last) that lies below the same entry as `first`.
constexpr std::uint64_t part_end(std::uint64_t first, std::uint64_t last, unsigned level) {
  return std::min(last, (first / span(level) + 1) * span(level));
}

std::uint64_t entry_at(std::uint64_t table, std::uint64_t vpn, unsigned level) {
  return host::entry_address(table, vpn << kPageShift, level);
}

/// Tables of `level` and below that [first, last) lies in.
std::size_t tables_of(unsigned level, std::uint64_t first, std::uint64_t last) {
  std::size_t n = 0;
  for (unsigned l = level + 1; l > 1; --l) n += (last - 1) / span(l) - first / span(l) + 1;
  return n;
}
}  // namespace

std::size_t tables_for(const std::vector<PageRange>& ranges) {
  std::size_t n = 1;
  for (unsigned level = host::kPageLevels; level > 1; --level) {
    std::uint64_t next = 0;  // first table of this level that has not been counted
    for (const PageRange& r : ranges) {
      if (r.first >= r.last) continue;
      const std::uint64_t end = (r.last - 1) / span(level) + 1;
      const std::uint64_t begin = std::max(next, r.first / span(level));
      n += end - std::min(begin, end);
      next = std::max(next, end);
    }
  }
  return n;
}

PageTable::PageTable(host::Dram& dram, FrameNumber root)
    : dram_(dram), root_(root), frames_{root} {}

std::uint64_t PageTable::entry(std::uint64_t vpn, unsigned level) const {
  if (level == 1 && !aside_.empty()) {
    const auto aside = aside_.find(vpn / kLargePages);
    if (aside != aside_.end()) return entry_at(aside->second, vpn, 1);
  }
  std::uint64_t table = root();
  for (unsigned l = host::kPageLevels; l > level; --l) {
    const std::uint64_t pte = dram_.read64(entry_at(table, vpn, l));
    if (!host::is_present(pte)) return 0;
    table = host::pte_physical(pte);
  }
  return entry_at(table, vpn, level);
}

std::size_t PageTable::missing(std::uint64_t first, std::uint64_t last) const {
  return missing_below(root(), host::kPageLevels, first, last);
}

std::size_t PageTable::missing_below(std::uint64_t table, unsigned level, std::uint64_t first,
                                     std::uint64_t last) const {
  if (level == 1) return 0;
  std::size_t n = 0;
  while (first < last) {
    const std::uint64_t end = part_end(first, last, level);
    const std::uint64_t pte = dram_.read64(entry_at(table, first, level));
    n += host::is_present(pte) ? missing_below(host::pte_physical(pte), level - 1, first, end)
                               : tables_of(level - 1, first, end);
    first = end;
  }
  return n;
}

void PageTable::build(std::uint64_t first, std::uint64_t last, const TakeFrame& take,
                      unsigned lowest) {
  build_level(root(), host::kPageLevels, {first, last}, take, lowest);
}

void PageTable::build_level(std::uint64_t table, unsigned level, PageRange range,
                            const TakeFrame& take, unsigned lowest) {
  if (level == lowest) return;
  while (range.first < range.last) {
    const std::uint64_t end = part_end(range.first, range.last, level);
    const std::uint64_t at = entry_at(table, range.first, level);
    std::uint64_t pte = dram_.read64(at);
    if (!host::is_present(pte)) {
      const FrameNumber f = take();
      frames_.push_back(f);
      std::memset(dram_.page(frame_address(f)), 0, kPageBytes);
      pte = host::make_pte(frame_address(f), host::kPteWritable | host::kPteUser);
      dram_.write64(at, pte);
    }
    build_level(host::pte_physical(pte), level - 1, {range.first, end}, take, lowest);
    range.first = end;
  }
}

void PageTable::make_large(std::uint64_t vpn) {
  const std::uint64_t at = entry(vpn, 2);
  const std::uint64_t table = host::pte_physical(dram_.read64(at));
  const std::uint64_t first = dram_.read64(table);
  sim::ensure(!is_large(vpn) && host::is_present(first) &&
                  host::pte_physical(first) % host::kLargePageSize == 0,
              "kernel: a large page that is none");
  aside_.emplace(vpn / kLargePages, table);
  const std::uint64_t flags = first & (host::kPteWritable | host::kPteUser | host::kPteAccessed);
  dram_.write64(at, host::make_pte(host::pte_physical(first), flags | host::kPteLarge));
}

void PageTable::split(std::uint64_t vpn) {
  const auto aside = aside_.find(vpn / kLargePages);
  sim::ensure(aside != aside_.end(), "kernel: a page is split that is not large");
  const std::uint64_t table = aside->second;
  const std::uint64_t at = entry(vpn, 2);
  spread(table, dram_.read64(at) & (host::kPteAccessed | host::kPteDirty));
  dram_.write64(at, host::make_pte(table, host::kPteWritable | host::kPteUser));
  aside_.erase(aside);
}

bool PageTable::spread_accessed(std::uint64_t vpn) {
  const std::uint64_t at = entry(vpn, 2);
  const std::uint64_t pte = dram_.read64(at);
  if ((pte & host::kPteAccessed) == 0) return false;
  spread(aside_.at(vpn / kLargePages), host::kPteAccessed);
  dram_.write64(at, pte & ~host::kPteAccessed);
  return true;
}

void PageTable::spread(std::uint64_t table, std::uint64_t bits) {
  for (std::uint64_t i = 0; bits != 0 && i < kLargePages; ++i) {
    const std::uint64_t pte = dram_.read64(table + 8 * i);
    if (host::is_present(pte)) dram_.write64(table + 8 * i, pte | bits);
  }
}

}  // namespace vctoe::kernel
