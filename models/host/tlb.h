// A set-associative, least-recently-used cache of translations; used for both TLB levels and, with
// one set, for the page-structure caches.
#pragma once

#include <cstdint>
#include <vector>

namespace vctoe::host {

struct TlbEntry {
  std::uint64_t number = 0;    ///< virtual page number in units of the page's own size
  std::uint64_t physical = 0;  ///< of the page, or of the next table
  std::uint64_t used = 0;      ///< 0: the entry is empty
  std::uint16_t asid = 0;
  std::uint8_t shift = 0;  ///< log2 of the page size; part of the tag
  bool writable = false;
  bool user = false;
  bool dirty = false;  ///< the leaf's D bit was set when the entry was made
};

class Tlb {
 public:
  /// `entries` is a multiple of `ways`. Sets need not be a power of two.
  Tlb(std::uint64_t entries, std::uint64_t ways) : ways_(ways), entries_(entries) {}

  /// The entry for the page of `va` of size 2^shift, marked as used; nullptr on a miss.
  TlbEntry* find(std::uint16_t asid, std::uint64_t va, unsigned shift) {
    const std::uint64_t number = va >> shift;
    TlbEntry* set = set_of(number);
    for (std::uint64_t w = 0; w < ways_; ++w) {
      TlbEntry& e = set[w];
      if (e.number == number && e.asid == asid && e.shift == shift && e.used != 0) {
        e.used = ++clock_;
        return &e;
      }
    }
    return nullptr;
  }
  /// Puts the entry in, over its old self or over the least recently used one of its set.
  void insert(TlbEntry entry) {
    TlbEntry* set = set_of(entry.number);
    TlbEntry* victim = set;
    for (TlbEntry* e = set; e < set + ways_; ++e) {
      if (e->number == entry.number && e->asid == entry.asid && e->shift == entry.shift) {
        victim = e;
        break;
      }
      if (e->used < victim->used) victim = e;
    }
    entry.used = ++clock_;
    *victim = entry;
  }
  /// Drops the entry of one page, if there is one.
  void drop(std::uint16_t asid, std::uint64_t va, unsigned shift) {
    if (TlbEntry* e = find(asid, va, shift)) e->used = 0;
  }
  /// Drops every entry of an address space.
  void drop_all(std::uint16_t asid) {
    for (TlbEntry& e : entries_) {
      if (e.asid == asid) e.used = 0;
    }
  }

 private:
  TlbEntry* set_of(std::uint64_t number) {
    return &entries_[(number % (entries_.size() / ways_)) * ways_];
  }

  std::uint64_t ways_;
  std::vector<TlbEntry> entries_;
  std::uint64_t clock_ = 0;
};

}  // namespace vctoe::host
