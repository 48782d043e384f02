#include "models/host/mmu.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

namespace vctoe::host {
namespace {

using sim::Time;

constexpr std::uint64_t kRw = kPteWritable | kPteUser;
constexpr Time kCycle = Time::from_ps(250);

/// Builds tables in DRAM as a kernel would; frames for tables come from 0x1000 upwards.
class Tables {
 public:
  explicit Tables(Dram& dram) : dram_(dram), root_(take()) {}

  std::uint64_t root() const { return root_; }
  /// Address of the entry of `level` for `va`; makes the tables above it.
  std::uint64_t entry(std::uint64_t va, unsigned level = 1) {
    std::uint64_t table = root_;
    for (unsigned l = kPageLevels; l > level; --l) {
      const std::uint64_t at = entry_address(table, va, l);
      if (!is_present(dram_.read64(at))) dram_.write64(at, make_pte(take(), kRw));
      table = pte_physical(dram_.read64(at));
    }
    return entry_address(table, va, level);
  }
  void map(std::uint64_t va, std::uint64_t pa, std::uint64_t flags = kRw) {
    dram_.write64(entry(va), make_pte(pa, flags));
  }
  static void reset() { next_table = 0x1000; }

 private:
  std::uint64_t take() {
    const std::uint64_t frame = next_table;
    next_table += kPageSize;
    return frame;
  }
  Dram& dram_;
  static inline std::uint64_t next_table = 0x1000;
  std::uint64_t root_;
};

struct Bench {
  explicit Bench(const MmuParams& params = {})
      : dram("dram", ctx, DramParams{}), mmu("mmu", ctx, params, kCycle, dram), tables(dram) {}
  Translation read(std::uint64_t va) { return mmu.translate(tables.root(), 1, va, false); }
  Translation write(std::uint64_t va) { return mmu.translate(tables.root(), 1, va, true); }
  std::uint64_t pte(std::uint64_t va) { return dram.read64(tables.entry(va)); }

  sim::Context ctx;
  Dram dram;
  Mmu mmu;
  Tables tables;
};

// req: I-F02-50abc, I-P0010
TEST(Mmu, ColdWalkReadsFourEntriesOneAfterTheOther) {
  Bench b;
  b.tables.map(0x7f00'1234'5000, 0x80'0000);
  const Translation t = b.read(0x7f00'1234'5678);
  EXPECT_EQ(t.status, TranslateStatus::kOk);
  EXPECT_EQ(t.physical, 0x80'0678u);
  EXPECT_EQ(t.page_size, kPageSize);
  EXPECT_EQ(t.level, 1u);
  EXPECT_EQ(b.mmu.stats().walk_reads, 4u);
  // 17 cycles, and four reads of 31.5 ns path + DRAM (row open at best, conflict at worst, and a
  // row of tables that the A-bit writes keep busy for up to 18 + 4 more clocks).
  EXPECT_GE(t.cost, Time::from_ns_f(4.25 + 4 * (31.5 + 16.6)));
  EXPECT_LE(t.cost, Time::from_ns_f(4.25 + 4 * (31.5 + 43.4 + 18.4)));
}

TEST(Mmu, SecondTouchHitsTheFirstLevelAtNoCost) {
  Bench b;
  b.tables.map(0x5000, 0x80'0000);
  b.read(0x5000);
  EXPECT_EQ(b.read(0x5008).cost, Time::zero());
  EXPECT_EQ(b.mmu.stats().dtlb_hits, 1u);
  EXPECT_EQ(b.mmu.stats().walks, 1u);
}

TEST(Mmu, PageBeyondTheFirstLevelHitsTheSecondForNineCycles) {
  Bench b;
  // 64 sets apart in nothing but the way: five pages that fall into one set of 16.
  for (std::uint64_t i = 0; i < 5; ++i) {
    b.tables.map(0x10'0000 + i * 16 * kPageSize, 0x80'0000 + i * kPageSize);
    b.read(0x10'0000 + i * 16 * kPageSize);
  }
  const Translation t = b.read(0x10'0000);
  EXPECT_EQ(t.cost, kCycle * 9);
  EXPECT_EQ(t.physical, 0x80'0000u);
  EXPECT_EQ(b.mmu.stats().stlb_hits, 1u);
  EXPECT_EQ(b.read(0x10'0000).cost, Time::zero());
}

TEST(Mmu, StructureCacheLeavesOneReadForANeighbouringPage) {
  MmuParams params;
  params.cached_lines = 0;
  Bench b(params);
  b.tables.map(0x5000, 0x80'0000);
  b.tables.map(0x6000, 0x80'1000);
  b.read(0x5000);
  b.read(0x6000);
  EXPECT_EQ(b.mmu.stats().walk_reads, 5u);
}

TEST(Mmu, WalkWithCachedEntriesTakesSeventeenCycles) {
  Bench b;
  b.tables.map(0x5000, 0x80'0000);
  b.tables.map(0x6000, 0x80'1000);
  b.read(0x5000);
  EXPECT_EQ(b.read(0x6000).cost, kCycle * 17);  // its entry lies in the line just read
}

TEST(Mmu, ReadSetsAccessedOnEveryLevelAndWriteSetsDirtyInTheLeaf) {
  Bench b;
  b.tables.map(0x5000, 0x80'0000);
  b.read(0x5000);
  EXPECT_EQ(b.pte(0x5000) & (kPteAccessed | kPteDirty), kPteAccessed);
  for (unsigned level = 2; level <= 4; ++level) {
    EXPECT_NE(b.dram.read64(b.tables.entry(0x5000, level)) & kPteAccessed, 0u);
  }
  // A TLB entry made by a read has no dirty bit: the write walks.
  b.write(0x5000);
  EXPECT_NE(b.pte(0x5000) & kPteDirty, 0u);
  EXPECT_EQ(b.mmu.stats().walks, 2u);
  b.write(0x5000);
  EXPECT_EQ(b.mmu.stats().walks, 2u);
}

TEST(Mmu, ClearedAccessedBitComesBackOnlyAfterAnInvalidate) {
  Bench b;
  b.tables.map(0x5000, 0x80'0000);
  b.read(0x5000);
  const std::uint64_t at = b.tables.entry(0x5000);
  b.dram.write64(at, b.dram.read64(at) & ~kPteAccessed);
  b.read(0x5000);  // served by the TLB, which never looks at the table
  EXPECT_EQ(b.pte(0x5000) & kPteAccessed, 0u);
  b.mmu.invalidate(1, 0x5000);
  b.read(0x5000);
  EXPECT_NE(b.pte(0x5000) & kPteAccessed, 0u);
}

TEST(Mmu, AbsentPageReportsTheEntryAndItsSoftwareBits) {
  Bench b;
  const std::uint64_t swapped = 0x1234'5678ull << 1;  // P clear: the rest is the kernel's
  b.dram.write64(b.tables.entry(0x5000), swapped);
  const Translation t = b.read(0x5000);
  EXPECT_EQ(t.status, TranslateStatus::kNotPresent);
  EXPECT_EQ(t.level, 1u);
  EXPECT_EQ(t.pte, swapped);
  EXPECT_EQ(t.pte_address, b.tables.entry(0x5000));
  EXPECT_EQ(b.read(std::uint64_t{5} << 39).level, 4u);
  EXPECT_EQ(b.read(0x5000'0000'0000'0000).status, TranslateStatus::kNotPresent);
  EXPECT_EQ(b.pte(0x5000), swapped);  // no A bit in an entry that is not present
  // An absent entry is never cached: mapping it needs no invalidate.
  b.tables.map(0x5000, 0x80'0000);
  EXPECT_EQ(b.read(0x5000).status, TranslateStatus::kOk);
}

// SDM 3A 4.10.4.1: INVLPG of any page drops all page-structure entries of the address space.
TEST(Mmu, InvalidateOfOnePageForgetsTheTablesOfAll) {
  Bench b;
  b.tables.map(0x20'5000, 0x80'0000);
  b.read(0x20'5000);
  const std::uint64_t new_table = 0x40'0000;
  b.dram.write64(b.tables.entry(0x20'0000, 2), make_pte(new_table, kRw));
  b.dram.write64(entry_address(new_table, 0x20'6000, 1), make_pte(0x90'0000, kRw));
  b.mmu.invalidate(1, 0x5000);
  EXPECT_EQ(b.read(0x20'6000).physical, 0x90'0000u);
}

TEST(Mmu, RightsAreTheConjunctionOfAllLevels) {
  Bench b;
  b.tables.map(0x5000, 0x80'0000, kPteUser);
  EXPECT_EQ(b.read(0x5000).status, TranslateStatus::kOk);
  EXPECT_EQ(b.write(0x5000).status, TranslateStatus::kProtection);
  EXPECT_EQ(b.pte(0x5000) & kPteDirty, 0u);
  b.tables.map(0x20'0000, 0x80'1000);
  const std::uint64_t upper = b.tables.entry(0x20'0000, 2);
  b.dram.write64(upper, b.dram.read64(upper) & ~kPteWritable);
  EXPECT_EQ(b.write(0x20'0000).status, TranslateStatus::kProtection);
  b.tables.map(0x6000, 0x80'2000, kPteWritable);
  EXPECT_EQ(b.mmu.translate(b.tables.root(), 1, 0x6000, false, true).status,
            TranslateStatus::kProtection);
  EXPECT_EQ(b.write(0x6000).status, TranslateStatus::kOk);
}

TEST(Mmu, LargePageMapsTwoMebibytesWithOneEntry) {
  Bench b;
  b.dram.write64(b.tables.entry(0x4000'0000, 2), make_pte(0x20'0000, kRw | kPteLarge));
  const Translation t = b.write(0x4000'0000 + 0x12'3456);
  EXPECT_EQ(t.physical, 0x20'0000u + 0x12'3456u);
  EXPECT_EQ(t.page_size, kLargePageSize);
  EXPECT_EQ(t.level, 2u);
  EXPECT_EQ(b.mmu.stats().walk_reads, 3u);
  EXPECT_EQ(b.read(0x4000'0000 + 0x1f'ffff).cost, Time::zero());
  EXPECT_NE(b.dram.read64(b.tables.entry(0x4000'0000, 2)) & kPteDirty, 0u);
  b.mmu.invalidate(1, 0x4000'5000);
  b.dram.write64(b.tables.entry(0x4000'0000, 2), 0);
  EXPECT_EQ(b.read(0x4000'0000).status, TranslateStatus::kNotPresent);
}

TEST(Mmu, AddressSpacesDoNotSeeEachOthersEntries) {
  Bench b;
  Tables other(b.dram);
  b.tables.map(0x5000, 0x80'0000);
  other.map(0x5000, 0x90'0000);
  EXPECT_EQ(b.read(0x5000).physical, 0x80'0000u);
  EXPECT_EQ(b.mmu.translate(other.root(), 2, 0x5000, false).physical, 0x90'0000u);
  EXPECT_EQ(b.read(0x5000).cost, Time::zero());
  b.mmu.flush(1);
  EXPECT_GT(b.read(0x5000).cost, Time::zero());
  EXPECT_EQ(b.mmu.translate(other.root(), 2, 0x5000, false).cost, Time::zero());
}

/// What the page of the property test should be.
struct Want {
  std::uint64_t physical = 0;
  bool writable = false;
  bool accessed = false;
  bool dirty = false;
};

// Maps, unmaps, protects, clears A and D (each followed by the invalidate that it needs) and
// touches pages of two address spaces at random, with TLBs so small that every level is exercised.
TEST(Mmu, AgreesWithAMapUnderRandomChanges) {
  EXPECT_TRUE(rc::check("translations, rights, A and D", [] {
    Tables::reset();
    MmuParams params;
    params.dtlb_entries = 4;
    params.dtlb_ways = 2;
    params.dtlb_large_entries = 2;
    params.stlb_entries = 8;
    params.stlb_ways = 2;
    params.structure_entries = 2;
    Bench b(params);
    Tables second(b.dram);
    Tables* tables[] = {&b.tables, &second};
    std::map<std::pair<int, std::uint64_t>, Want> want;
    const auto steps = *rc::gen::inRange(1, 200);
    for (int i = 0; i < steps; ++i) {
      const int space = *rc::gen::inRange(0, 2);
      const auto asid = static_cast<std::uint16_t>(space + 1);
      const std::uint64_t va = *rc::gen::element<std::uint64_t>(
          0x5000, 0x6000, 0x9000, 0x20'5000, 0x20'6000, 0x4000'5000, 0x80'0000'5000);
      const auto key = std::make_pair(space, va);
      Tables& t = *tables[space];
      const int what = *rc::gen::inRange(0, 8);
      if (what == 0) {
        const std::uint64_t pa = 0x80'0000 + *rc::gen::inRange<std::uint64_t>(0, 64) * kPageSize;
        const bool writable = *rc::gen::arbitrary<bool>();
        t.map(va, pa, writable ? kRw : kPteUser);
        b.mmu.invalidate(asid, va);
        want[key] = {pa, writable, false, false};
      } else if (what == 1) {
        b.dram.write64(t.entry(va), 0);
        b.mmu.invalidate(asid, va);
        want.erase(key);
      } else if (what == 2 && want.count(key) != 0) {
        b.dram.write64(t.entry(va), b.dram.read64(t.entry(va)) & ~(kPteAccessed | kPteDirty));
        b.mmu.invalidate(asid, va);
        want[key].accessed = want[key].dirty = false;
      } else {
        const bool is_write = *rc::gen::arbitrary<bool>();
        const std::uint64_t offset = *rc::gen::inRange<std::uint64_t>(0, kPageSize);
        const Translation got = b.mmu.translate(t.root(), asid, va + offset, is_write);
        const auto it = want.find(key);
        if (it == want.end()) {
          RC_ASSERT(got.status == TranslateStatus::kNotPresent);
        } else if (is_write && !it->second.writable) {
          RC_ASSERT(got.status == TranslateStatus::kProtection);
        } else {
          RC_ASSERT(got.status == TranslateStatus::kOk);
          RC_ASSERT(got.physical == it->second.physical + offset);
          it->second.accessed = true;
          it->second.dirty = it->second.dirty || is_write;
        }
        if (it != want.end()) {
          const std::uint64_t pte = b.dram.read64(t.entry(va));
          RC_ASSERT(((pte & kPteAccessed) != 0) == it->second.accessed);
          RC_ASSERT(((pte & kPteDirty) != 0) == it->second.dirty);
        }
      }
    }
    const Mmu::Stats& s = b.mmu.stats();
    RC_ASSERT(s.lookups == s.dtlb_hits + s.stlb_hits + s.walks);
  }));
}

}  // namespace
}  // namespace vctoe::host
