// The x86-64 memory-management unit: two levels of TLB and a hardware walker of 4-level page
// tables.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "models/host/dram.h"
#include "models/host/pte.h"
#include "models/host/tlb.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

struct MmuParams {
  std::uint64_t dtlb_entries = 64;
  std::uint64_t dtlb_ways = 4;
  std::uint64_t dtlb_large_entries = 32;
  std::uint64_t stlb_entries = 1536;
  std::uint64_t stlb_ways = 12;
  std::uint64_t stlb_hit_cycles = 9;
  std::uint64_t walk_cycles = 17;
  std::uint64_t structure_entries = 16;
  std::uint64_t cached_lines = 64;
  sim::Time memory_path = sim::Time::from_ps(31'500);
  void declare(sim::ParamList& list);
};

enum class TranslateStatus : std::uint8_t { kOk, kNotPresent, kProtection };

struct Translation {
  TranslateStatus status = TranslateStatus::kOk;
  std::uint64_t physical = 0;   ///< of the byte asked for; when kOk
  std::uint64_t page_size = 0;  ///< 4096 or 2 MiB; when kOk
  sim::Time cost;               ///< to be charged by the caller
  unsigned level = 0;     ///< of the entry that ended the walk, 4 .. 1; 0: TLB, or not canonical
  std::uint64_t pte = 0;  ///< that entry, as the walker left it
  std::uint64_t pte_address = 0;  ///< where it lies in DRAM
};

/// One MMU a host: its TLBs stand for those of all cores, tagged by address space (PCID), so that a
/// change of address space costs nothing and one invalidation reaches every core.
class Mmu : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t lookups = 0;
    std::uint64_t dtlb_hits = 0;
    std::uint64_t stlb_hits = 0;
    std::uint64_t walks = 0;
    std::uint64_t walk_reads = 0;
    std::uint64_t walk_reads_cached = 0;
    std::uint64_t not_present = 0;
    std::uint64_t protection = 0;
    std::uint64_t accessed_set = 0;
    std::uint64_t dirty_set = 0;
    std::uint64_t invalidations = 0;
    std::uint64_t flushes = 0;
    sim::Histogram walk_ps;
    void declare(sim::StatList& list) const;
  };

  /// `cycle` is the CPU's clock period (Cpu::cycle()).
  Mmu(const sc_core::sc_module_name& name, sim::Context& ctx, const MmuParams& params,
      sim::Time cycle, Dram& dram);

  /// Translates `va` by the tables at `root_pa` (CR3). Never waits: the time is in `cost`. Sets A
  /// on every level used and, for a write, D in the leaf. A write whose TLB entry has no D walks
  /// again. `user` asks for the U/S bit too. A fault leaves the TLBs without the page.
  Translation translate(std::uint64_t root_pa, std::uint16_t asid, std::uint64_t va, bool is_write,
                        bool user = false);
  /// INVLPG: drops the page of `va` and the address space's page-structure entries. Needed after a
  /// present entry was changed, clearing A or D included.
  void invalidate(std::uint16_t asid, std::uint64_t va);
  /// Drops everything of an address space (MOV to CR3, or a page table that goes away).
  void flush(std::uint16_t asid);

  const Stats& stats() const { return stats_; }

 private:
  struct Walk;  // state of one walk: table, rights so far, time

  bool hit(Tlb& tlb, std::uint16_t asid, std::uint64_t va, bool is_write, bool user,
           Translation& out);
  void walk(Walk& walk, Translation& out);
  bool step(Walk& walk, unsigned level, Translation& out);
  void finish(Walk& walk, unsigned level, std::uint64_t pte, Translation& out);
  unsigned start_level(Walk& walk);
  std::uint64_t fetch(Walk& walk, std::uint64_t address);
  void set_bits(Walk& walk, std::uint64_t address, std::uint64_t& pte, std::uint64_t bits);
  void forget_page(std::uint16_t asid, std::uint64_t va);

  Dram& dram_;
  Stats stats_;
  sim::Time stlb_hit_, walk_base_, memory_path_;
  Tlb dtlb_, dtlb_large_, stlb_;
  std::vector<Tlb> structure_;         // by level - 2: what an entry of that level points to
  std::vector<std::uint64_t> cached_;  // lines of page tables in the CPU's caches; timing only
};

}  // namespace vctoe::host
