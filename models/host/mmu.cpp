#include "models/host/mmu.h"

namespace vctoe::host {
namespace {

constexpr unsigned kSmallShift = 12;
constexpr unsigned kLargeShift = 21;
constexpr std::uint64_t kNoLine = ~std::uint64_t{0};

void check_ways(std::uint64_t entries, std::uint64_t ways, const char* what) {
  if (entries == 0 || ways == 0 || entries % ways != 0) {
    sim::user_error(std::string("mmu: ") + what + " must be a positive multiple of its ways");
  }
}

}  // namespace

void MmuParams::declare(sim::ParamList& list) {
  list.add("dtlb_entries", dtlb_entries, {1, 1 << 20}, "first-level TLB entries for 4 KiB pages",
           "calibration C1");
  list.add("dtlb_ways", dtlb_ways, {1, 1 << 20}, "ways of both first-level TLBs", "calibration C1");
  list.add("dtlb_large_entries", dtlb_large_entries, {1, 1 << 20},
           "first-level TLB entries for 2 MiB pages", "calibration C1");
  list.add("stlb_entries", stlb_entries, {1, 1 << 20}, "second-level TLB entries, 4 KiB and 2 MiB",
           "calibration C2");
  list.add("stlb_ways", stlb_ways, {1, 1 << 20}, "ways of the second-level TLB", "calibration C2");
  list.add("stlb_hit_cycles", stlb_hit_cycles, {0, 10000},
           "CPU cycles of a first-level miss that hits the second", "calibration C3");
  list.add("walk_cycles", walk_cycles, {0, 10000},
           "CPU cycles of a second-level miss whose entries are all in caches", "calibration C3");
  list.add("structure_entries", structure_entries, {0, 1 << 16},
           "page-structure cache entries a level; 0 turns them off",
           "calibration C7 (not published; lower end of 16-32)");
  list.add("cached_lines", cached_lines, {0, 1 << 20},
           "lines of page tables that stay in the CPU's caches; 0 sends every read to DRAM",
           "own choice: 4 KiB of a cache");
  list.add("memory_path", memory_path, sim::time_range(sim::Time::zero(), sim::Time::from_us(10)),
           "time of a walker's read outside DRAM", "calibration C5 less R2: 61.5 - 30 ns");
}

void Mmu::Stats::declare(sim::StatList& list) const {
  list.add("lookups", lookups, "1", "translations asked for");
  list.add("dtlb_hits", dtlb_hits, "1", "found in a first-level TLB");
  list.add("stlb_hits", stlb_hits, "1", "found in the second-level TLB");
  list.add("walks", walks, "1", "page-table walks");
  list.add("walk_reads", walk_reads, "1", "entries read from DRAM");
  list.add("walk_reads_cached", walk_reads_cached, "1", "entries read from the CPU's caches");
  list.add("not_present", not_present, "1", "walks that ended at an entry that is not present");
  list.add("protection", protection, "1", "walks that ended for want of a right");
  list.add("accessed_set", accessed_set, "1", "A bits set");
  list.add("dirty_set", dirty_set, "1", "D bits set");
  list.add("invalidations", invalidations, "1", "pages invalidated");
  list.add("flushes", flushes, "1", "address spaces flushed");
  list.add("walk_ps", walk_ps, "ps", "time of a walk");
}

struct Mmu::Walk {
  std::uint64_t table;
  sim::Time at;
  std::uint16_t asid;
  std::uint64_t va;
  bool is_write;
  bool for_user;
  bool writable = true;
  bool user = true;
};

Mmu::Mmu(const sc_core::sc_module_name& name, sim::Context& /*ctx*/, const MmuParams& params,
         sim::Time cycle, Dram& dram)
    : sc_module(name),
      dram_(dram),
      stlb_hit_(cycle * params.stlb_hit_cycles),
      walk_base_(cycle * params.walk_cycles),
      memory_path_(params.memory_path),
      dtlb_(params.dtlb_entries, params.dtlb_ways),
      dtlb_large_(params.dtlb_large_entries, params.dtlb_ways),
      stlb_(params.stlb_entries, params.stlb_ways),
      cached_(params.cached_lines, kNoLine) {
  check_ways(params.dtlb_entries, params.dtlb_ways, "dtlb_entries");
  check_ways(params.dtlb_large_entries, params.dtlb_ways, "dtlb_large_entries");
  check_ways(params.stlb_entries, params.stlb_ways, "stlb_entries");
  if (params.structure_entries > 0) {
    structure_.assign(kPageLevels - 1, Tlb(params.structure_entries, params.structure_entries));
  }
}

Translation Mmu::translate(std::uint64_t root_pa, std::uint16_t asid, std::uint64_t va,
                           bool is_write, bool user) {
  ++stats_.lookups;
  Translation out;
  if (hit(dtlb_, asid, va, is_write, user, out) ||
      hit(dtlb_large_, asid, va, is_write, user, out)) {
    ++stats_.dtlb_hits;
    return out;
  }
  if (hit(stlb_, asid, va, is_write, user, out)) {
    ++stats_.stlb_hits;
    out.cost = stlb_hit_;
    return out;
  }
  if (!is_canonical(va)) {
    ++stats_.not_present;
    out.status = TranslateStatus::kNotPresent;
    return out;
  }
  const sim::Time now = sim::now();
  Walk state{root_pa & kPteAddress, now + walk_base_, asid, va, is_write, user};
  walk(state, out);
  out.cost = state.at - now;
  stats_.walk_ps.record(out.cost.ps);
  return out;
}

// An entry without the right, or without D on a write, is no hit: the walker looks at the tables
// again, which finds out whether they still say so and sets D.
bool Mmu::hit(Tlb& tlb, std::uint16_t asid, std::uint64_t va, bool is_write, bool user,
              Translation& out) {
  TlbEntry* entry = nullptr;
  if (&tlb != &dtlb_large_) entry = tlb.find(asid, va, kSmallShift);
  if (entry == nullptr && &tlb != &dtlb_) entry = tlb.find(asid, va, kLargeShift);
  if (entry == nullptr) return false;
  if (is_write && !(entry->writable && entry->dirty)) return false;
  if (user && !entry->user) return false;
  out.page_size = std::uint64_t{1} << entry->shift;
  out.physical = entry->physical + (va & (out.page_size - 1));
  if (&tlb == &stlb_) (entry->shift == kSmallShift ? dtlb_ : dtlb_large_).insert(*entry);
  return true;
}

void Mmu::walk(Walk& state, Translation& out) {
  ++stats_.walks;
  for (unsigned level = start_level(state); level >= 1; --level) {
    if (step(state, level, out)) break;
  }
  if (out.status == TranslateStatus::kOk) return;
  ++(out.status == TranslateStatus::kNotPresent ? stats_.not_present : stats_.protection);
  forget_page(state.asid, state.va);  // SDM 3A 4.10.4.1: a page fault drops the page's entries
}

// The lowest level whose table a page-structure cache knows; the root's otherwise.
unsigned Mmu::start_level(Walk& state) {
  for (unsigned level = 2; level <= kPageLevels && !structure_.empty(); ++level) {
    const TlbEntry* e = structure_[level - 2].find(state.asid, state.va, level_shift(level));
    if (e == nullptr) continue;
    state.table = e->physical;
    state.writable = e->writable;
    state.user = e->user;
    return level - 1;
  }
  return kPageLevels;
}

// Reads the entry of one level; true when the walk ends there.
bool Mmu::step(Walk& state, unsigned level, Translation& out) {
  const std::uint64_t address = entry_address(state.table, state.va, level);
  std::uint64_t pte = fetch(state, address);
  out.level = level;
  out.pte = pte;
  out.pte_address = address;
  if (!is_present(pte)) {
    out.status = TranslateStatus::kNotPresent;
    return true;
  }
  const bool large = (pte & kPteLarge) != 0 && level > 1;
  sim::ensure(!large || level == 2, "mmu: a page larger than 2 MiB");
  state.writable = state.writable && (pte & kPteWritable) != 0;
  state.user = state.user && (pte & kPteUser) != 0;
  if (level > 1 && !large) {
    set_bits(state, address, pte, kPteAccessed);
    state.table = pte_physical(pte);
    if (!structure_.empty()) {
      TlbEntry e;
      e.number = state.va >> level_shift(level);
      e.physical = state.table;
      e.asid = state.asid;
      e.shift = static_cast<std::uint8_t>(level_shift(level));
      e.writable = state.writable;
      e.user = state.user;
      structure_[level - 2].insert(e);
    }
    return false;
  }
  if ((state.is_write && !state.writable) || (state.for_user && !state.user)) {
    out.status = TranslateStatus::kProtection;
    return true;
  }
  set_bits(state, address, pte, kPteAccessed | (state.is_write ? kPteDirty : 0));
  finish(state, level, pte, out);
  return true;
}

void Mmu::finish(Walk& state, unsigned level, std::uint64_t pte, Translation& out) {
  TlbEntry e;
  e.shift = static_cast<std::uint8_t>(level == 1 ? kSmallShift : kLargeShift);
  e.number = state.va >> e.shift;
  e.physical = level == 1 ? pte_physical(pte) : large_pte_physical(pte);
  e.asid = state.asid;
  e.writable = state.writable;
  e.user = state.user;
  e.dirty = (pte & kPteDirty) != 0;
  stlb_.insert(e);
  (level == 1 ? dtlb_ : dtlb_large_).insert(e);
  out.pte = pte;
  out.page_size = level_span(level);
  out.physical = e.physical + (state.va & (out.page_size - 1));
}

std::uint64_t Mmu::fetch(Walk& state, std::uint64_t address) {
  if (!cached_.empty()) {
    const std::uint64_t line = address / 64;
    std::uint64_t& slot = cached_[line % cached_.size()];
    if (slot == line) {
      ++stats_.walk_reads_cached;
      return dram_.read64(address);
    }
    slot = line;
  }
  ++stats_.walk_reads;
  state.at = dram_.access(address, 8, false, state.at) + memory_path_;
  return dram_.read64(address);
}

// The locked update of A and D. The walk does not wait for the write to reach DRAM.
void Mmu::set_bits(Walk& state, std::uint64_t address, std::uint64_t& pte, std::uint64_t bits) {
  const std::uint64_t missing = bits & ~pte;
  if (missing == 0) return;
  if ((missing & kPteAccessed) != 0) ++stats_.accessed_set;
  if ((missing & kPteDirty) != 0) ++stats_.dirty_set;
  pte |= bits;
  dram_.write64(address, pte);
  dram_.access(address, 8, true, state.at);
}

void Mmu::forget_page(std::uint16_t asid, std::uint64_t va) {
  dtlb_.drop(asid, va, kSmallShift);
  dtlb_large_.drop(asid, va, kLargeShift);
  stlb_.drop(asid, va, kSmallShift);
  stlb_.drop(asid, va, kLargeShift);
  for (unsigned level = 2; level <= kPageLevels && !structure_.empty(); ++level) {
    structure_[level - 2].drop(asid, va, level_shift(level));
  }
}

void Mmu::invalidate(std::uint16_t asid, std::uint64_t va) {
  ++stats_.invalidations;
  forget_page(asid, va);
  for (Tlb& cache : structure_) cache.drop_all(asid);
}

void Mmu::flush(std::uint16_t asid) {
  ++stats_.flushes;
  for (Tlb* tlb : {&dtlb_, &dtlb_large_, &stlb_}) tlb->drop_all(asid);
  for (Tlb& cache : structure_) cache.drop_all(asid);
}

}  // namespace vctoe::host
