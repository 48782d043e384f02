// The bits of an x86-64 page-table entry and pure helpers to make and read one.
// Source: Intel SDM volume 3A, 4.5 (4-level paging), tables 4-15 to 4-20.
#pragma once

#include <cstdint>

#include "models/host/address_map.h"

namespace vctoe::host {

constexpr std::uint64_t kPtePresent = 1u << 0;   ///< P; without it all other bits are the kernel's
constexpr std::uint64_t kPteWritable = 1u << 1;  ///< R/W; must be set on every level
constexpr std::uint64_t kPteUser = 1u << 2;      ///< U/S; must be set on every level
constexpr std::uint64_t kPteAccessed = 1u << 5;  ///< A; set by the walker on every level it uses
constexpr std::uint64_t kPteDirty = 1u << 6;     ///< D; set by the walker in the leaf by a write
constexpr std::uint64_t kPteLarge = 1u << 7;     ///< PS; on level 2: maps 2 MiB
constexpr std::uint64_t kPteAddress = 0x000f'ffff'ffff'f000;
constexpr std::uint64_t kLargePageSize = std::uint64_t{1} << 21;

constexpr unsigned kPageLevels = 4;         ///< level 4 is the root, level 1 holds 4 KiB leaves
constexpr unsigned kEntriesPerTable = 512;  ///< of 8 bytes

/// Bits of a virtual address below the index into the table of `level`: 12, 21, 30, 39.
constexpr unsigned level_shift(unsigned level) {
  return 12 + 9 * (level - 1);
}
/// Bytes mapped by one entry of `level`.
constexpr std::uint64_t level_span(unsigned level) {
  return std::uint64_t{1} << level_shift(level);
}
/// Index of `va` in the table of `level`.
constexpr unsigned table_index(std::uint64_t va, unsigned level) {
  return static_cast<unsigned>((va >> level_shift(level)) & (kEntriesPerTable - 1));
}
/// Physical address of the entry for `va` in the table at `table_pa`.
constexpr std::uint64_t entry_address(std::uint64_t table_pa, std::uint64_t va, unsigned level) {
  return table_pa + std::uint64_t{8} * table_index(va, level);
}
/// A present entry. `physical` is aligned to the page or table that it names.
constexpr std::uint64_t make_pte(std::uint64_t physical, std::uint64_t flags) {
  return (physical & kPteAddress) | flags | kPtePresent;
}
constexpr bool is_present(std::uint64_t pte) {
  return (pte & kPtePresent) != 0;
}
/// Frame or table named by a present entry.
constexpr std::uint64_t pte_physical(std::uint64_t pte) {
  return pte & kPteAddress;
}
/// Frame named by a present 2 MiB entry (bit 12 is the PAT bit there).
constexpr std::uint64_t large_pte_physical(std::uint64_t pte) {
  return pte & kPteAddress & ~(kLargePageSize - 1);
}
/// True when bits 63:48 repeat bit 47, as 4-level paging demands.
constexpr bool is_canonical(std::uint64_t va) {
  const std::uint64_t top = va >> 47;
  return top == 0 || top == 0x1ffff;
}

}  // namespace vctoe::host
