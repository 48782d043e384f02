// An address space: what is mapped where, and the page table behind it.
#pragma once

#include <cstdint>
#include <map>

#include "sw/kernel/page_table.h"
#include "sw/kernel/readahead.h"

namespace vctoe::kernel {

enum class Permission : std::uint8_t { kRead, kReadWrite };

/// One mapping, in virtual page numbers [first, last).
struct Mapping {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  Permission permission = Permission::kReadWrite;
  Readahead readahead;

  bool writable() const { return permission == Permission::kReadWrite; }
};

/// Mappings do not overlap. Plain bookkeeping; pages are the kernel's business.
class AddressSpace {
 public:
  AddressSpace(Asid asid, host::Dram& dram, FrameNumber root) : table(dram, root), asid_(asid) {}

  Asid asid() const { return asid_; }
  /// Mapping that holds the page; nullptr if none does.
  Mapping* find(std::uint64_t vpn);
  /// Adds a mapping; false if it would overlap another.
  bool add(std::uint64_t first, std::uint64_t last, Permission permission);
  /// Removes [first, last), splitting what sticks out.
  void remove(std::uint64_t first, std::uint64_t last);
  /// The whole range is mapped.
  bool covers(std::uint64_t first, std::uint64_t last);
  /// The whole range is mapped for writing.
  bool covers_writable(std::uint64_t first, std::uint64_t last);
  const std::map<std::uint64_t, Mapping>& mappings() const { return mappings_; }

  PageTable table;
  bool alive = true;

 private:
  template <class Predicate>
  bool all_of(std::uint64_t first, std::uint64_t last, Predicate predicate);

  Asid asid_;
  std::map<std::uint64_t, Mapping> mappings_;  // by first page
  Mapping* latest_ = nullptr;                  // looked up last
};

}  // namespace vctoe::kernel
