// The four-level page table of one address space, in frames of modelled DRAM.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "models/host/dram.h"
#include "models/host/pte.h"
#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

/// An entry that is not present and not zero holds a swap slot: bit 1 marks it, bits 12.. are the
/// slot. Zero is a page that has never been touched.
constexpr std::uint64_t kSwapMark = 2;
constexpr std::uint64_t swap_entry(SwapSlot slot) {
  return static_cast<std::uint64_t>(slot) << kPageShift | kSwapMark;
}
constexpr bool is_swap_entry(std::uint64_t pte) {
  return !host::is_present(pte) && (pte & kSwapMark) != 0;
}
constexpr SwapSlot slot_of(std::uint64_t pte) {
  return static_cast<SwapSlot>(pte >> kPageShift);
}

/// Small pages of a large one.
constexpr std::uint64_t kLargePages = host::kLargePageSize / kPageBytes;

/// Virtual page numbers [first, last).
struct PageRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
};
/// Tables of an address space that maps `ranges`, which do not overlap and ascend; with the root.
std::size_t tables_for(const std::vector<PageRange>& ranges);

/// Tables are built when a range is mapped, not when it is touched: a fault then never needs a
/// frame that cannot be swapped out.
class PageTable {
 public:
  using TakeFrame = std::function<FrameNumber()>;

  /// `root` is a zeroed frame.
  PageTable(host::Dram& dram, FrameNumber root);

  std::uint64_t root() const { return frame_address(root_); }
  /// Physical address of the entry of a page, at `level` (2: the one of its 2 MiB); 0 if its table
  /// has not been built.
  std::uint64_t entry(std::uint64_t vpn, unsigned level = 1) const;
  /// Tables that [first, last) still needs (virtual page numbers).
  std::size_t missing(std::uint64_t first, std::uint64_t last) const;
  /// Builds them, down to those of `lowest`; `take` gives a frame for each.
  void build(std::uint64_t first, std::uint64_t last, const TakeFrame& take, unsigned lowest = 1);
  // Pages of 2 MiB. The table of the 512 entries is kept aside (Linux calls it deposited): it stays
  // what entry() finds, so that only the MMU knows the difference.
  /// Maps the 2 MiB of `vpn` by one entry. Its 512 entries are present and neighbours in DRAM.
  void make_large(std::uint64_t vpn);
  /// Maps them by the table again, which inherits accessed and dirty.
  void split(std::uint64_t vpn);
  /// Moves the accessed bit of the large entry to all 512; false if it was clear.
  bool spread_accessed(std::uint64_t vpn);
  bool is_large(std::uint64_t vpn) const { return aside_.count(vpn / kLargePages) != 0; }

  /// Frames of all tables, the root first.
  const std::vector<FrameNumber>& frames() const { return frames_; }

 private:
  void build_level(std::uint64_t table, unsigned level, PageRange range, const TakeFrame& take,
                   unsigned lowest);
  std::size_t missing_below(std::uint64_t table, unsigned level, std::uint64_t first,
                            std::uint64_t last) const;

  host::Dram& dram_;
  FrameNumber root_;
  void spread(std::uint64_t table, std::uint64_t bits);

  std::vector<FrameNumber> frames_;
  std::map<std::uint64_t, std::uint64_t> aside_;  // number of the 2 MiB -> its table
};

}  // namespace vctoe::kernel
