// The life of a page: frame, entry, swap slot and the transfers between them.
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "models/host/mmu.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"
#include "sw/kernel/copy_guard.h"
#include "sw/kernel/frame_pool.h"
#include "sw/kernel/page_table.h"
#include "sw/kernel/pin_table.h"
#include "sw/kernel/reclaim_policy.h"
#include "sw/kernel/swap_io.h"

namespace vctoe::kernel {

/// What became of an attempt to take a page out of DRAM.
enum class Evicted : std::uint8_t {
  kFreed,    ///< the frame is free
  kWriting,  ///< it will be, when its bytes have been written, unless somebody asks for it before
  kBusy      ///< pinned, held, in transfer, or there is no room on the swap device
};

/// Everything that happens to single pages, without waiting and without CPU time.
/// Rule of the swap copy: frame.slot holds the same bytes as the frame unless the entry is dirty. A
/// frame that a device write still reads is left alone by reclaim, so neither its slot nor the
/// frame can be given to another page under the transfer.
class Pages : private SwapClient, private AccessedBits {
 public:
  struct Stats {
    std::uint64_t swap_in = 0;
    std::uint64_t swap_out = 0;
    std::uint64_t dropped_clean = 0;
    std::uint64_t rescued = 0;
    std::uint64_t read_ahead = 0;
    std::uint64_t read_ahead_hits = 0;
    std::uint64_t scanned = 0;
    std::uint64_t busy = 0;
    std::uint64_t busy_pinned = 0;
    std::uint64_t swap_full = 0;
    std::uint64_t large_mapped = 0;
    std::uint64_t large_split = 0;
    sim::Histogram swap_in_ns;
    sim::Level swap_used;
    void declare(sim::StatList& list) const;
  };

  Pages(sim::Context& ctx, const KernelParams& params, host::Dram& dram, host::Mmu& mmu,
        host::SwapDevice* storage, std::uint8_t node, sim::Rng& rng);

  FramePool pool;
  SwapIo swap;

  Frame& frame(FrameNumber f) { return pool.table[f]; }
  std::uint64_t entry(std::uint64_t pte) const { return dram_.read64(pte); }
  void set_entry(std::uint64_t pte, std::uint64_t value) { dram_.write64(pte, value); }
  std::uint8_t* bytes(FrameNumber f) { return dram_.page(frame_address(f)); }

  /// Dresses a taken frame as the page of `pte` and queues the read that fills it (swap.flush()).
  void start_read(FrameNumber f, Asid asid, std::uint64_t vpn, std::uint64_t pte, bool ahead);
  /// Makes the bytes of a taken frame zero, without touching them when they are already.
  void zero(FrameNumber f);
  /// Maps a page that has never been touched: zeros in a taken frame.
  void map_zero(FrameNumber f, Asid asid, std::uint64_t vpn, std::uint64_t pte, bool writable);
  /// Maps the 2 MiB of `vpn` as one page of zeros, if they lie inside `mapping`, none of them has
  /// been touched, and there are so many neighbouring frames, above the high watermark, in a row.
  /// The table has to outlive the page.
  bool map_large(PageTable& table, Asid asid, const PageRange& mapping, std::uint64_t vpn,
                 bool writable);
  bool is_large(FrameNumber f) const {
    return !large_.empty() && large_.count(frame_of(pool.table[f].pte)) != 0;
  }
  /// Maps a frame whose page is in DRAM but not mapped. True if it had been read ahead.
  bool map_cached(FrameNumber f, bool writable);
  /// The page is no longer part of its address space: frees frame and slot, now or with the last
  /// pin, hold or transfer.
  void drop(Asid asid, std::uint64_t vpn, std::uint64_t pte);

  /// A thread is about to use the frame: reclaim keeps away.
  void hold(FrameNumber f) { ++frame(f).holds; }
  void unhold(FrameNumber f);
  /// One more pin; true if it is the frame's first.
  /// Pages that a program may not write to yet.
  void set_guard(const CopyGuard& guard) { guard_ = &guard; }
  bool is_pinned(FrameNumber f) const { return pool.table[f].pins > 0 || is_shared(f); }
  /// Frames with a count in `table` are pinned too.
  void set_pin_table(const PinTable& table) { shared_ = &table; }
  /// A count of the frame in the shared table has been lowered.
  void unshared(FrameNumber f);
  bool pin(FrameNumber f) { return frame(f).pins++ == 0; }
  /// Sets the accessed bit of a mapped page and, where a device or loader writes, the dirty bit:
  /// those go past the MMU. A pin keeps the dirty bit, since only eviction ends it.
  void mark_used(FrameNumber f, bool dirty);
  /// One pin less; true if it was the last.
  bool unpin(FrameNumber f);

  /// Tries to take this page out of DRAM; a write is queued (swap.flush()).
  Evicted evict(FrameNumber f);
  /// Next candidate of the policy; kNoFrame when `budget` looks have found none.
  FrameNumber candidate(std::size_t& budget);
  /// Called with address space and virtual page when a present entry has been changed: for devices
  /// that go by the same tables. `cost` is what reclaim waits for that, once a batch.
  void on_invalidate(std::function<void(Asid, std::uint64_t)> call, sim::Time cost) {
    on_invalidate_ = std::move(call);
    shoot_down_cost_ = cost;
  }
  sim::Time shoot_down_cost() const { return shoot_down_cost_; }
  /// Called when something has changed that reclaim may have waited for.
  void on_progress(std::function<void()> call) { on_progress_ = std::move(call); }

  const Stats& stats() const { return stats_; }
  void settle_stats(sim::Time at);
  SwapSlot take_slot();
  void release_slot(SwapSlot slot);

 private:
  void page_read(FrameNumber f, sim::Time started) override;
  void page_written(FrameNumber f) override;
  bool test_and_clear(FrameNumber f) override;
  bool is_shared(FrameNumber f) const { return shared_ != nullptr && shared_->count(f) != 0; }
  void map(FrameNumber f, bool writable);
  Evicted evict_mapped(FrameNumber f);
  void split(FrameNumber f);
  void invalidate(Asid asid, std::uint64_t vpn);
  void uncache(FrameNumber f);
  void free(FrameNumber f);
  void forget(FrameNumber f);
  void orphan(FrameNumber f);
  void settle(FrameNumber f);
  void emit(sim::TraceKind kind, FrameNumber f);

  sim::Context& ctx_;
  host::Dram& dram_;
  host::Mmu& mmu_;
  std::uint8_t node_;
  const bool huge_pages_;
  std::map<FrameNumber, PageTable*> large_;  // frame of the table kept aside -> whose it is
  const PinTable* shared_ = nullptr;
  const CopyGuard* guard_ = nullptr;
  std::unique_ptr<ReclaimPolicy> policy_;
  std::function<void()> on_progress_ = [] {};
  std::function<void(Asid, std::uint64_t)> on_invalidate_;
  sim::Time shoot_down_cost_;
  Stats stats_;
};

}  // namespace vctoe::kernel
