// Guarding posted pages: write protection, copies on write, and reading what was posted.
#include <array>
#include <cstring>

#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

void Kernel::guard(Asid asid, std::uint64_t va, std::uint64_t length) {
  const std::uint64_t pages = pages_in(va, length);
  charge(params_.guard_cost * pages, host::Work::kKernel);
  for (std::uint64_t i = 0; i < pages; ++i) {
    const PageKey page{asid, page_of(va) + i};
    // Its copy holds what an earlier post wants; only one state of a page can be kept.
    while (guard_.copied(page) || breaking_.count(page) != 0) sim::wait(guard_changed_);
    if (guard_.add(page)) protect(page, true);
  }
}

void Kernel::unguard(Asid asid, std::uint64_t va, std::uint64_t length) {
  for (std::uint64_t i = 0; i < pages_in(va, length); ++i) {
    const PageKey page{asid, page_of(va) + i};
    PageKey copy;
    if (!guard_.remove(page, copy)) continue;
    if (copy.asid != 0) unmap(copy.asid, copy.vpn << kPageShift, kPageBytes);
    protect(page, false);
  }
  sim::notify(guard_changed_);
}

/// Takes away, or gives back, the right to write to a page that is present.
void Kernel::protect(const PageKey& page, bool on) {
  Place place;
  if (!locate(page.asid, page.vpn, place) || !host::is_present(place.pte)) return;
  if (!place.mapping->writable()) return;
  const std::uint64_t bit = host::kPteWritable;
  pages_.set_entry(place.pte_at, on ? place.pte & ~bit : place.pte | bit);
  hw_.mmu.invalidate(page.asid, page.vpn << kPageShift);
}

/// A program writes to a guarded page: its old bytes go to a page of their own, where requests find
/// them from then on. While a device reads the page itself, or is about to, the program waits.
void Kernel::break_guard(Asid asid, std::uint64_t vpn) {
  const PageKey page{asid, vpn};
  Place place;
  if (!locate(asid, vpn, place) || !host::is_present(place.pte)) return;
  if (breaking_.count(page) != 0) return sim::wait(guard_changed_);
  breaking_.insert(page);
  std::array<std::uint8_t, kPageBytes> old{};
  std::memcpy(old.data(), hw_.dram.page(host::pte_physical(place.pte)), kPageBytes);
  const PageKey copy = take_copy_page();
  charge(hw_.cpu.params().minor_fault, host::Work::kKernel);
  write(copy.asid, copy.vpn << kPageShift, old.data(), kPageBytes);
  if (guard_.blocks(page)) {
    ++stats_.guard_copies;
    guard_.set_copy(page, copy);
    wait_for_devices(page);
    if (guard_.open(page)) protect(page, false);  // else unguard() has done it
  } else {                                        // acknowledged meanwhile
    unmap(copy.asid, copy.vpn << kPageShift, kPageBytes);
  }
  breaking_.erase(page);
  sim::notify(guard_changed_);
}

/// Until nobody reads the page, or is about to.
void Kernel::wait_for_devices(const PageKey& page) {
  for (Place place; locate(page.asid, page.vpn, place) && host::is_present(place.pte);) {
    const FrameNumber f = frame_of(host::pte_physical(place.pte));
    if (!pages_.is_pinned(f) && pages_.frame(f).holds == 0) return;
    ++stats_.guard_waits;
    sim::wait(guard_changed_);
  }
}

/// A fresh page in the address space of the copies.
PageKey Kernel::take_copy_page() {
  if (copy_space_ == 0) copy_space_ = create_address_space();
  const PageKey copy{copy_space_, next_copy_page_++};
  map(copy.asid, copy.vpn << kPageShift, kPageBytes);
  return copy;
}

bool Kernel::read_posted(Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
  if (!guard_.any()) return read(asid, va, to, length);
  auto* bytes = static_cast<std::uint8_t*>(to);
  while (length > 0) {
    const std::uint64_t n = std::min(length, kPageBytes - va % kPageBytes);
    const PageKey page = guard_.source({asid, page_of(va)});
    if (!read(page.asid, (page.vpn << kPageShift) + va % kPageBytes, bytes, n)) return false;
    va += n;
    bytes += n;
    length -= n;
  }
  return true;
}

}  // namespace vctoe::kernel
