#include "sw/kernel/kernel.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace vctoe::kernel {

namespace {
host::SwapDevice* usable(host::SwapDevice* swap) {
  return swap != nullptr && swap->capacity() >= kPageBytes ? swap : nullptr;
}

bool in_thread() {
  return sc_core::sc_get_current_process_handle().proc_kind() == sc_core::SC_THREAD_PROC_;
}

std::string kib(std::uint64_t frames) {
  return std::to_string(frames * kPageBytes / 1024) + " KiB";
}
}  // namespace

Kernel::Kernel(const sc_core::sc_module_name& name, sim::Context& ctx, const KernelParams& params,
               const Hardware& hardware, std::uint8_t node)
    : sc_module(name),
      ctx_(ctx),
      params_(params),
      hw_(hardware),
      node_(node),
      rng_(ctx.seed, std::string(sc_module::name()) + ".frames"),
      pages_(ctx, params_, hw_.dram, hw_.mmu, usable(hw_.swap), node, rng_),
      gate_([this] { return pin_capacity(); }),
      kswapd_("kswapd", params_, pages_, hw_.cpu, usable(hw_.swap) != nullptr,
              [this] { return usable(hw_.swap) != nullptr && records_.transient() > 0; }),
      io_(hw_.iommu, hw_.dram, params_, [this] { return take_domain_frame(); }) {
  pages_.set_guard(guard_);
  if (hw_.iommu != nullptr && params_.share_tables) {
    pages_.on_invalidate(
        [this](Asid a, std::uint64_t vpn) {
          io_.invalidate_process(spaces_[a]->table.root(), vpn << kPageShift);
        },
        io_.shoot_down_cost());
  }
  create_address_space();
}

/// From the end of DRAM, so that neighbouring frames stay for allocate_contiguous().
FrameNumber Kernel::take_domain_frame() {
  sim::ensure(table_frames_ < pages_.pool.table.size(), "kernel: DRAM is full of tables");
  const auto f = static_cast<FrameNumber>(pages_.pool.table.size() - table_frames_);
  pages_.pool.withhold(f, 1);
  ++table_frames_;
  stats_.table_bytes.add(kPageBytes, sim::now());
  return f;
}

// --- Address spaces
// -------------------------------------------------------------------------------

Asid Kernel::create_address_space() {
  sim::ensure(spaces_.size() < 0xffff, "kernel: out of address space numbers");
  const auto asid = static_cast<Asid>(spaces_.size());
  FrameNumber root = pages_.pool.try_take(FrameState::kTable, 0);
  if (root == kNoFrame && in_thread()) root = allocate(asid, FrameState::kTable);
  if (root == kNoFrame) {
    sim::user_error(
        "kernel: no DRAM left for the root of a page table; legal: a larger host.dram.size");
  }
  pages_.zero(root);
  spaces_.push_back(std::make_unique<AddressSpace>(asid, hw_.dram, root));
  ++table_frames_;
  stats_.table_bytes.add(kPageBytes, sim::now());
  if (asid != 0) io_.attach_process(asid, frame_address(root));
  return asid;
}

AddressSpace* Kernel::find_space(Asid asid) const {
  if (asid >= spaces_.size() || !spaces_[asid]->alive) return nullptr;
  return spaces_[asid].get();
}

AddressSpace& Kernel::need_space(Asid asid) const {
  AddressSpace* space = find_space(asid);
  sim::ensure(space != nullptr, "kernel: no such address space");
  return *space;
}

std::uint64_t Kernel::root(Asid asid) const {
  return need_space(asid).table.root();
}

void Kernel::map(Asid asid, std::uint64_t va, std::uint64_t length, Permission permission) {
  AddressSpace& space = need_space(asid);
  const std::uint64_t first = page_of(va);
  const std::uint64_t last = first + pages_in(va, length);
  sim::ensure(host::is_canonical(va) && host::is_canonical(va + length),
              "kernel: a mapping outside the 48 bits of a virtual address");
  sim::ensure(space.add(first, last, permission), "kernel: a mapping overlaps another");
  std::vector<FrameNumber> frames;
  take_table_frames(space, first, last, frames);
  if (space.alive) {
    space.table.build(first, last, [&frames] {
      const FrameNumber f = frames.back();
      frames.pop_back();
      return f;
    });
  }
  // Another thread may have built some of them, or ended the address space, while this one waited.
  table_frames_ -= frames.size();
  for (const FrameNumber f : frames) pages_.pool.release(f);
  stats_.table_bytes.set((table_frames_ - 1) * kPageBytes, sim::now());
  gate_.serve();
}

/// All at once before any is used, so that nobody sees a table half built.
void Kernel::take_table_frames(AddressSpace& space, std::uint64_t first, std::uint64_t last,
                               std::vector<FrameNumber>& frames) {
  const std::size_t need = space.table.missing(first, last);
  const std::size_t least = table_frames_ + driver_frames_ + need + pages_.pool.marks.min + 1;
  if (least > pages_.pool.table.size()) {
    sim::user_error("kernel: host.dram.size = " + kib(pages_.pool.table.size()) +
                    " is too small: the page tables alone need " + kib(least));
  }
  for (std::size_t i = 0; i < need; ++i) {
    FrameNumber f = pages_.pool.try_take(FrameState::kTable, 0);
    if (f == kNoFrame && in_thread()) f = allocate(space.asid(), FrameState::kTable);
    if (!space.alive) break;
    if (f == kNoFrame) {
      sim::user_error("kernel: no DRAM left for page tables: " + kib(need) + " needed, " + kib(i) +
                      " free; legal: a larger host.dram.size");
    }
    frames.push_back(f);
    ++table_frames_;
  }
}

void Kernel::unmap(Asid asid, std::uint64_t va, std::uint64_t length) {
  AddressSpace& space = need_space(asid);
  const std::uint64_t first = page_of(va);
  const std::uint64_t last = first + pages_in(va, length);
  for (std::uint64_t vpn = first; vpn < last; ++vpn) {
    if (space.find(vpn) != nullptr) pages_.drop(asid, vpn, space.table.entry(vpn));
  }
  space.remove(first, last);
}

void Kernel::destroy_address_space(Asid asid) {
  sim::ensure(asid != 0, "kernel: its own address space cannot go away");
  AddressSpace& space = need_space(asid);
  pages_.pool.cancel(asid);
  while (!space.mappings().empty()) {
    const Mapping& m = space.mappings().begin()->second;
    unmap(asid, m.first << kPageShift, (m.last - m.first) << kPageShift);
  }
  space.alive = false;
  hw_.mmu.flush(asid);
  io_.detach_process(asid);
  for (const FrameNumber f : space.table.frames()) pages_.pool.release(f);
  table_frames_ -= space.table.frames().size();
  stats_.table_bytes.set((table_frames_ - 1) * kPageBytes, sim::now());
  gate_.cancel(asid);
}

bool Kernel::locate(Asid asid, std::uint64_t vpn, Place& place) const {
  place.space = find_space(asid);
  place.mapping = place.space == nullptr ? nullptr : place.space->find(vpn);
  if (place.mapping == nullptr) return false;
  place.pte_at = place.space->table.entry(vpn);
  // Mapped, but the thread that maps it still waits for its tables.
  if (place.pte_at == 0) return false;
  place.pte = pages_.entry(place.pte_at);
  return true;
}

// --- Shared by faults and pins
// --------------------------------------------------------------------

void Kernel::charge(sim::Time cost, host::Work who) {
  hw_.cpu.run(cost, host::Priority::kKernel, who);
}

FrameNumber Kernel::allocate(Asid asid, FrameState state) {
  FrameNumber f = pages_.pool.try_take(state);
  if (f != kNoFrame) return f;
  ++stats_.frame_waits;
  if (kswapd_.short_of_frames()) {
    ++stats_.direct_reclaims;
    charge(kswapd_.run_batch().cost, host::Work::kKernel);
  }
  return pages_.pool.wait_take(state, asid);
}

void Kernel::emit(sim::TraceKind kind, Asid asid, std::uint64_t address, std::uint32_t detail,
                  sim::TxnId txn, std::uint32_t seq) {
  sim::TraceEvent event;
  event.kind = kind;
  event.node = node_;
  event.asid = asid;
  event.address = address;
  event.length = kPageBytes;
  event.detail = detail;
  event.seq = seq;
  event.txn = txn;
  ctx_.trace.emit(event);
}

std::uint64_t Kernel::pin_capacity() const {
  const std::uint64_t frames = pages_.pool.table.size();
  const std::uint64_t kept =
      table_frames_ + driver_frames_ + frames_never_pinned(params_, pages_.pool.marks);
  return kept >= frames ? 0 : std::min(pin_limit_pages(params_, frames), frames - kept);
}

// --- Queries
// --------------------------------------------------------------------------------------

PageInfo Kernel::info(Asid asid, std::uint64_t va) {
  Place place;
  PageInfo info;
  if (!locate(asid, page_of(va), place)) return info;
  info.tier = Tier::kUntouched;
  if (host::is_present(place.pte)) {
    info.tier = Tier::kResident;
    info.physical = host::pte_physical(place.pte) + va % kPageBytes;
    info.pins = pages_.frame(frame_of(info.physical)).pins;
  } else if (is_swap_entry(place.pte)) {
    info.tier = Tier::kSwapped;
    info.slot = slot_of(place.pte);
  }
  return info;
}

Evicted Kernel::try_evict(Asid asid, std::uint64_t va) {
  const PageInfo page = info(asid, va);
  if (page.tier != Tier::kResident) return Evicted::kBusy;
  const Evicted what = pages_.evict(frame_of(page.physical));
  pages_.swap.flush();
  return what;
}

std::size_t Kernel::force_reclaim(std::size_t pages) {
  const Reclaimer::Batch batch = kswapd_.run_batch(pages);
  return batch.freed + batch.writing;
}

void Kernel::settle_stats() {
  const sim::Time at = sim::now();
  pages_.settle_stats(at);
  records_.ledger.settle(at);
  kswapd_.settle_stats(at);
  stats_.table_bytes.settle(at);
}

void Kernel::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.add("free_frames", pages_.pool.free_frames(), "1", "frames that hold nothing");
  list.group("pages", pages_.stats());
  list.group("pins", records_.ledger.stats());
  if (hw_.iommu != nullptr) list.group("dma", io_.stats());
  list.add_stalls("kswapd", kswapd_.stalls());
}

}  // namespace vctoe::kernel
