#include "sw/kernel/pages.h"

#include <cstring>

namespace vctoe::kernel {

Pages::Pages(sim::Context& ctx, const KernelParams& params, host::Dram& dram, host::Mmu& mmu,
             host::SwapDevice* storage, std::uint8_t node, sim::Rng& rng)
    : pool(dram.size() / kPageBytes, params, storage != nullptr, rng),
      swap(storage, pool.table, params.max_io_pages, *this),
      ctx_(ctx),
      dram_(dram),
      mmu_(mmu),
      node_(node),
      huge_pages_(params.huge_pages),
      policy_(make_reclaim_policy(params.reclaim, pool.table.size())) {}

void Pages::emit(sim::TraceKind kind, FrameNumber f) {
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = frame(f).asid;
  event.address = frame_address(f);
  event.length = kPageBytes;
  event.seq = frame(f).slot;
  ctx_.trace.emit(event);
}

SwapSlot Pages::take_slot() {
  const SwapSlot slot = swap.slots.take();
  if (slot != kNoSlot) stats_.swap_used.add(kPageBytes, sim::now());
  return slot;
}

void Pages::release_slot(SwapSlot slot) {
  swap.slots.release(slot);
  stats_.swap_used.sub(kPageBytes, sim::now());
}

// --- Into DRAM
// ------------------------------------------------------------------------------------

void Pages::start_read(FrameNumber f, Asid asid, std::uint64_t vpn, std::uint64_t pte, bool ahead) {
  Frame& page = frame(f);
  page.state = FrameState::kReading;
  page.asid = asid;
  page.vpn = vpn;
  page.pte = pte;
  page.slot = slot_of(entry(pte));
  page.read_ahead = ahead;
  if (ahead) ++stats_.read_ahead;
  swap.set_cached(page.slot, f);
  swap.queue_read(f);
  emit(sim::TraceKind::kSwapBegin, f);
}

void Pages::page_read(FrameNumber f, sim::Time started) {
  frame(f).state = FrameState::kCached;
  ++stats_.swap_in;
  stats_.swap_in_ns.record((sim::now() - started).ps / 1000);
  emit(sim::TraceKind::kSwapIn, f);
  if (frame(f).orphan) return settle(f);
  policy_->add(f);
  on_progress_();
}

void Pages::zero(FrameNumber f) {
  if (frame(f).stale) std::memset(bytes(f), 0, kPageBytes);
}

void Pages::map_zero(FrameNumber f, Asid asid, std::uint64_t vpn, std::uint64_t pte,
                     bool writable) {
  Frame& page = frame(f);
  page.asid = asid;
  page.vpn = vpn;
  page.pte = pte;
  zero(f);
  map(f, writable);
}

bool Pages::map_cached(FrameNumber f, bool writable) {
  Frame& page = frame(f);
  const bool ahead = page.read_ahead;
  if (page.writing) ++stats_.rescued;
  if (ahead) ++stats_.read_ahead_hits;
  page.read_ahead = false;
  swap.set_cached(page.slot, kNoFrame);
  map(f, writable);
  return ahead;
}

void Pages::map(FrameNumber f, bool writable) {
  Frame& page = frame(f);
  page.state = FrameState::kMapped;
  std::uint64_t flags = host::kPteUser | host::kPteAccessed;
  const bool guarded = guard_ != nullptr && guard_->any() && guard_->blocks({page.asid, page.vpn});
  if (writable && !guarded) flags |= host::kPteWritable;
  set_entry(page.pte, host::make_pte(frame_address(f), flags));
  if (!policy_->knows(f)) policy_->add(f);
}

// --- Out of DRAM
// ----------------------------------------------------------------------------------

bool Pages::test_and_clear(FrameNumber f) {
  const Frame& page = frame(f);
  if (page.state != FrameState::kMapped) return false;
  // A use of the large page is one of each of its frames, which have their second chances apart.
  if (is_large(f) && large_.at(frame_of(page.pte))->spread_accessed(page.vpn)) {
    invalidate(page.asid, page.vpn);
  }
  const std::uint64_t pte = entry(page.pte);
  if ((pte & host::kPteAccessed) == 0) return false;
  set_entry(page.pte, pte & ~host::kPteAccessed);
  invalidate(page.asid, page.vpn);
  return true;
}

/// No core, and no device that goes by the same tables, knows the page's old entry any more.
void Pages::invalidate(Asid asid, std::uint64_t vpn) {
  mmu_.invalidate(asid, vpn << kPageShift);
  if (on_invalidate_) on_invalidate_(asid, vpn);
}

FrameNumber Pages::candidate(std::size_t& budget) {
  const std::size_t before = budget;
  const FrameNumber f = policy_->next(*this, budget);
  stats_.scanned += before - budget;
  return f;
}

Evicted Pages::evict(FrameNumber f) {
  const Frame& page = frame(f);
  const bool mapped = page.state == FrameState::kMapped;
  const bool cached = page.state == FrameState::kCached;
  const bool pinned = page.pins > 0 || is_shared(f);
  if (pinned || page.holds > 0 || page.writing || page.orphan || (!mapped && !cached)) {
    ++stats_.busy;
    if (pinned) ++stats_.busy_pinned;
    return Evicted::kBusy;
  }
  if (mapped) return evict_mapped(f);
  uncache(f);
  ++stats_.dropped_clean;
  free(f);
  return Evicted::kFreed;
}

Evicted Pages::evict_mapped(FrameNumber f) {
  Frame& page = frame(f);
  if (is_large(f)) split(f);
  if ((entry(page.pte) & host::kPteDirty) == 0) {
    // A clean page without a slot has only ever been read: it is zeros, and will be again.
    set_entry(page.pte, page.slot == kNoSlot ? 0 : swap_entry(page.slot));
    invalidate(page.asid, page.vpn);
    ++stats_.dropped_clean;
    free(f);
    return Evicted::kFreed;
  }
  // A fresh slot rather than the stale one: a batch then lies side by side and is one transfer.
  const SwapSlot slot = take_slot();
  if (slot == kNoSlot && page.slot == kNoSlot) {
    ++stats_.busy;
    ++stats_.swap_full;
    return Evicted::kBusy;
  }
  if (slot != kNoSlot) {
    if (page.slot != kNoSlot) release_slot(page.slot);
    page.slot = slot;
  }
  set_entry(page.pte, swap_entry(page.slot));
  invalidate(page.asid, page.vpn);
  page.state = FrameState::kCached;
  page.writing = true;
  swap.set_cached(page.slot, f);
  forget(f);
  swap.queue_write(f);
  return Evicted::kWriting;
}

void Pages::page_written(FrameNumber f) {
  Frame& page = frame(f);
  page.writing = false;
  ++stats_.swap_out;
  if (page.orphan) return settle(f);
  if (page.state == FrameState::kCached) {
    if (page.holds > 0) {
      policy_->add(f);  // somebody is about to map it
    } else {
      uncache(f);
      free(f);
    }
  }
  on_progress_();
}

void Pages::uncache(FrameNumber f) {
  swap.set_cached(frame(f).slot, kNoFrame);
}

void Pages::forget(FrameNumber f) {
  if (policy_->knows(f)) policy_->remove(f);
}

void Pages::free(FrameNumber f) {
  forget(f);
  emit(sim::TraceKind::kSwapOut, f);
  pool.release(f);
}

// --- Holds, pins, teardown
// ------------------------------------------------------------------------

void Pages::unhold(FrameNumber f) {
  Frame& page = frame(f);
  sim::ensure(page.holds > 0, "kernel: a frame is let go that nobody holds");
  if (--page.holds > 0) return;
  if (page.orphan) return settle(f);
  on_progress_();
}

void Pages::mark_used(FrameNumber f, bool dirty) {
  const std::uint64_t bits = host::kPteAccessed | (dirty ? host::kPteDirty : 0);
  const std::uint64_t pte = entry(frame(f).pte);
  if ((pte & bits) != bits) set_entry(frame(f).pte, pte | bits);
}

bool Pages::unpin(FrameNumber f) {
  Frame& page = frame(f);
  sim::ensure(page.pins > 0, "kernel: a frame is unpinned that is not pinned");
  if (--page.pins > 0) return false;
  if (page.orphan) {
    settle(f);
  } else {
    on_progress_();
  }
  return true;
}

void Pages::unshared(FrameNumber f) {
  if (frame(f).orphan) {
    settle(f);
  } else {
    on_progress_();
  }
}

void Pages::drop(Asid asid, std::uint64_t vpn, std::uint64_t pte) {
  const std::uint64_t was = entry(pte);
  if (was == 0) return;
  if (host::is_present(was) && is_large(frame_of(host::pte_physical(was)))) {
    split(frame_of(host::pte_physical(was)));
  }
  set_entry(pte, 0);
  FrameNumber f = kNoFrame;
  if (host::is_present(was)) {
    invalidate(asid, vpn);
    f = frame_of(host::pte_physical(was));
  } else {
    f = swap.cached(slot_of(was));
    if (f == kNoFrame) return release_slot(slot_of(was));
    uncache(f);
  }
  orphan(f);
}

void Pages::orphan(FrameNumber f) {
  forget(f);
  frame(f).orphan = true;
  frame(f).pte = 0;
  settle(f);
}

/// Frees an orphan once nothing needs it any more.
void Pages::settle(FrameNumber f) {
  const Frame& page = frame(f);
  if (page.pins > 0 || page.holds > 0 || page.writing || page.state == FrameState::kReading) return;
  if (is_shared(f)) return;
  if (page.slot != kNoSlot) release_slot(page.slot);
  pool.release(f);
  on_progress_();
}

void Pages::settle_stats(sim::Time at) {
  stats_.swap_used.settle(at);
  pool.settle(at);
}

void Pages::Stats::declare(sim::StatList& list) const {
  list.add("swap_in", swap_in, "1", "pages read from the swap device");
  list.add("swap_out", swap_out, "1", "pages written to the swap device");
  list.add("dropped_clean", dropped_clean, "1", "pages evicted without writing them");
  list.add("rescued", rescued, "1", "pages asked for again while they were being written");
  list.add("read_ahead", read_ahead, "1", "pages read because a neighbour was asked for");
  list.add("read_ahead_hits", read_ahead_hits, "1", "of these, pages asked for while in DRAM");
  list.add("scanned", scanned, "1", "pages looked at by reclaim");
  list.add("busy", busy, "1", "pages that reclaim chose and could not have");
  list.add("busy_pinned", busy_pinned, "1", "of these, because they were pinned");
  list.add("swap_full", swap_full, "1", "of these, because the swap device was full");
  list.add("large_mapped", large_mapped, "1", "pages of 2 MiB mapped");
  list.add("large_split", large_split, "1",
           "of these, mapped by small pages again, for reclaim or because part was unmapped");
  list.add("swap_in_ns", swap_in_ns, "ns", "time from asking the device for a page to having it");
  list.add("swap_used", swap_used, "B", "swap device in use");
}

}  // namespace vctoe::kernel
