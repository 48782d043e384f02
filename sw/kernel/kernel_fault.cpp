// Page faults, and the accesses that cause them.
#include <algorithm>
#include <cstring>

#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

namespace {
/// A long copy gives its core a chance to be taken away so often.
constexpr std::uint64_t kCopyChunk = 64 << 10;
}  // namespace

std::optional<host::Translation> Kernel::translate(Asid asid, std::uint64_t va, bool is_write) {
  const AddressSpace* space = find_space(asid);
  if (space == nullptr) return std::nullopt;
  const host::Translation t = hw_.mmu.translate(space->table.root(), asid, va, is_write);
  if (t.status != host::TranslateStatus::kOk) return std::nullopt;
  return t;
}

std::optional<sim::Time> Kernel::try_load(Asid asid, std::uint64_t va, std::uint64_t& value) {
  const auto t = translate(asid, va, false);
  if (!t.has_value()) return std::nullopt;
  value = hw_.dram.read64(t->physical);
  return t->cost;
}

std::optional<sim::Time> Kernel::try_store(Asid asid, std::uint64_t va, std::uint64_t value) {
  const auto t = translate(asid, va, true);
  if (!t.has_value()) return std::nullopt;
  hw_.dram.write64(t->physical, value);
  return t->cost;
}

bool Kernel::access(Asid asid, std::uint64_t va, std::uint64_t length, bool is_write) {
  const std::uint64_t pages = pages_in(va, length);
  sim::Time cost;
  for (std::uint64_t i = 0; i < pages;) {
    const std::uint64_t at = i == 0 ? va : (page_of(va) + i) << kPageShift;
    const auto hit = translate(asid, at, is_write);
    if (hit.has_value()) {
      cost += hit->cost;
      ++i;
    } else if (!fault(asid, at, is_write)) {
      return false;
    }
  }
  hw_.cpu.run(cost, host::Priority::kApp, host::Work::kApp);
  return true;
}

bool Kernel::fault(Asid asid, std::uint64_t va, bool is_write) {
  const std::uint64_t vpn = page_of(va);
  for (;;) {
    Place place;
    if (!locate(asid, vpn, place) || (is_write && !place.mapping->writable())) return false;
    if (host::is_present(place.pte)) {
      if (!is_write || (place.pte & host::kPteWritable) != 0) return true;
      break_guard(asid, vpn);
    } else if (place.pte == 0) {
      fault_zero(asid, vpn, place);
    } else {
      fault_swap(asid, vpn, place);
    }
  }
}

bool Kernel::make_resident(Asid asid, std::uint64_t va, std::uint64_t length) {
  const std::uint64_t first = page_of(va);
  for (std::uint64_t i = 0; i < pages_in(va, length); ++i) {
    if (!fault(asid, (first + i) << kPageShift, false)) return false;
  }
  return true;
}

/// Each of these leads to another look at the tables: what they waited for may have changed them.
bool Kernel::map_large(const Place& place, std::uint64_t vpn) {
  const Mapping& m = *place.mapping;
  return pages_.map_large(place.space->table, place.space->asid(), {m.first, m.last}, vpn,
                          m.writable());
}

void Kernel::fault_zero(Asid asid, std::uint64_t vpn, const Place& seen) {
  if (map_large(seen, vpn)) {
    ++stats_.minor_faults;
    emit(sim::TraceKind::kPageFault, asid, vpn << kPageShift, 0);
    const sim::Time clear = hw_.cpu.copy_time(host::kLargePageSize);
    return charge(hw_.cpu.params().minor_fault + clear, host::Work::kKernel);
  }
  const FrameNumber f = allocate(asid, FrameState::kReading);
  if (f == kNoFrame) return;
  charge(hw_.cpu.params().minor_fault, host::Work::kKernel);
  Place place;
  if (!locate(asid, vpn, place) || place.pte != 0) return pages_.pool.release(f);
  ++stats_.minor_faults;
  emit(sim::TraceKind::kPageFault, asid, vpn << kPageShift, 0);
  pages_.map_zero(f, asid, vpn, place.pte_at, place.mapping->writable());
}

void Kernel::fault_swap(Asid asid, std::uint64_t vpn, const Place& place) {
  const sim::Time start = sim::now();
  FrameNumber f = pages_.swap.cached(slot_of(place.pte));
  const bool major = f == kNoFrame;
  if (major) {
    f = start_fault_read(asid, vpn, place);
    if (f == kNoFrame) return;
    ++stats_.major_faults;
  } else {
    pages_.hold(f);
    const bool on_its_way = pages_.frame(f).state == FrameState::kReading;
    ++(on_its_way ? stats_.coalesced_faults : stats_.minor_faults);
  }
  emit(sim::TraceKind::kPageFault, asid, vpn << kPageShift, major ? 1 : 0);
  if (major) charge(params_.swap_fault_cost, host::Work::kKernel);
  pages_.swap.wait_read(f);
  charge(hw_.cpu.params().minor_fault, host::Work::kKernel);
  map_arrived(asid, vpn, f);
  pages_.unhold(f);
  if (major) stats_.major_fault_ns.record((sim::now() - start).ps / 1000);
}

/// Starts the read of the page and of those around it; returns its frame, held. kNoFrame if
/// somebody else was faster.
FrameNumber Kernel::start_fault_read(Asid asid, std::uint64_t vpn, const Place& seen) {
  const FrameNumber f = allocate(asid, FrameState::kReading);
  if (f == kNoFrame) return kNoFrame;
  Place place;
  const bool same = locate(asid, vpn, place) && place.pte == seen.pte &&
                    pages_.swap.cached(slot_of(place.pte)) == kNoFrame;
  if (!same) {
    pages_.pool.release(f);
    return kNoFrame;
  }
  pages_.start_read(f, asid, vpn, place.pte_at, false);
  pages_.hold(f);
  read_around(place, vpn);
  pages_.swap.flush();
  return f;
}

void Kernel::read_around(const Place& place, std::uint64_t vpn) {
  Mapping& m = *place.mapping;
  const PageWindow window =
      m.readahead.on_fault(vpn, m.first, m.last, std::uint64_t{1} << params_.page_cluster);
  for (std::uint64_t near = window.first; near < window.last; ++near) {
    if (near == vpn) continue;
    const std::uint64_t pte_at = place.space->table.entry(near);
    const std::uint64_t pte = pages_.entry(pte_at);
    if (!is_swap_entry(pte) || pages_.swap.cached(slot_of(pte)) != kNoFrame) continue;
    const FrameNumber f = pages_.pool.try_take(FrameState::kReading);
    if (f == kNoFrame) return;  // memory is short: no guesses
    pages_.start_read(f, place.space->asid(), near, pte_at, true);
  }
}

/// Maps a page that has arrived, unless somebody has mapped it or thrown it away meanwhile.
bool Kernel::map_arrived(Asid asid, std::uint64_t vpn, FrameNumber f) {
  const Frame& frame = pages_.frame(f);
  Place place;
  if (frame.orphan || frame.state != FrameState::kCached || !locate(asid, vpn, place)) return false;
  if (pages_.map_cached(f, place.mapping->writable())) place.mapping->readahead.on_hit(vpn);
  return true;
}

// --- Copies between programs and the outside
// ------------------------------------------------------

template <class Move>
bool Kernel::copy(Asid asid, std::uint64_t va, std::uint64_t length, bool is_write, Move move) {
  sim::Time cost;
  std::uint64_t charged = 0;
  for (std::uint64_t done = 0; done < length;) {
    const std::uint64_t at = va + done;
    const AddressSpace* space = find_space(asid);
    if (space == nullptr) return false;
    const host::Translation t = hw_.mmu.translate(space->table.root(), asid, at, is_write);
    cost += t.cost;
    if (t.status != host::TranslateStatus::kOk) {
      if (!fault(asid, at, is_write)) return false;
      continue;
    }
    const std::uint64_t n = std::min(length - done, kPageBytes - at % kPageBytes);
    move(hw_.dram.page(t.physical), done, n);
    done += n;
    if (done - charged < kCopyChunk && done < length) continue;
    charge(cost + hw_.cpu.copy_time(done - charged), host::Work::kCopy);
    stats_.bytes_copied += done - charged;
    charged = done;
    cost = sim::Time::zero();
  }
  return true;
}

bool Kernel::write(Asid asid, std::uint64_t va, const void* from, std::uint64_t length) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  return copy(asid, va, length, true,
              [bytes](std::uint8_t* dram, std::uint64_t at, std::uint64_t n) {
                std::memcpy(dram, bytes + at, n);
              });
}

bool Kernel::read(Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
  auto* bytes = static_cast<std::uint8_t*>(to);
  return copy(asid, va, length, false,
              [bytes](std::uint8_t* dram, std::uint64_t at, std::uint64_t n) {
                std::memcpy(bytes + at, dram, n);
              });
}

}  // namespace vctoe::kernel
