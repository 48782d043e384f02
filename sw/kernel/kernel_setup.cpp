// The initial state of a run, and looks behind the curtain: untimed.
#include <algorithm>
#include <array>
#include <cstring>
#include <string>

#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

void Kernel::preload_resident(Asid asid, std::uint64_t va, const void* bytes,
                              std::uint64_t length) {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  while (length > 0) {
    const std::uint64_t vpn = page_of(va);
    const std::uint64_t n = std::min(length, kPageBytes - va % kPageBytes);
    Place place;
    sim::ensure(locate(asid, vpn, place), "kernel: preload of an address that is not mapped");
    sim::ensure(!is_swap_entry(place.pte), "kernel: preload of a page that is on the swap device");
    if (place.pte == 0 && map_large(place, vpn)) place.pte = pages_.entry(place.pte_at);
    if (place.pte == 0) {
      const FrameNumber f = pages_.pool.try_take(FrameState::kReading, pages_.pool.marks.high);
      if (f == kNoFrame) {
        sim::user_error(
            "kernel: the resident data of the initial state do not fit into host.dram.size = " +
            std::to_string(pages_.pool.table.size() * kPageBytes / 1024) +
            " KiB; legal: more DRAM, or more of the data on the swap device");
      }
      pages_.map_zero(f, asid, vpn, place.pte_at, place.mapping->writable());
      place.pte = pages_.entry(place.pte_at);
    }
    pages_.mark_used(frame_of(host::pte_physical(place.pte)), true);
    std::memcpy(hw_.dram.page(host::pte_physical(place.pte) + va % kPageBytes), from, n);
    from += n;
    va += n;
    length -= n;
  }
}

void Kernel::preload_swapped(Asid asid, std::uint64_t va, const void* bytes, std::uint64_t length) {
  const auto* from = static_cast<const std::uint8_t*>(bytes);
  sim::ensure(va % kPageBytes == 0, "kernel: preload to the swap device starts inside a page");
  for (; length > 0; va += kPageBytes) {
    Place place;
    const bool mapped = locate(asid, page_of(va), place);
    // Zeros that came with a large page, and that nobody has preloaded yet.
    if (mapped && host::is_present(place.pte) && (place.pte & host::kPteDirty) == 0) {
      pages_.drop(asid, page_of(va), place.pte_at);
      place.pte = 0;
    }
    sim::ensure(mapped && place.pte == 0,
                "kernel: preload to the swap device of a page in use or not mapped");
    const SwapSlot slot = pages_.take_slot();
    if (slot == kNoSlot) {
      sim::user_error("kernel: the swap device, host.disk.capacity = " +
                      std::to_string(pages_.swap.slots.size() * kPageBytes / 1024) +
                      " KiB, is too small for the initial state");
    }
    std::array<std::uint8_t, kPageBytes> page{};
    const std::uint64_t n = std::min(length, kPageBytes);
    std::memcpy(page.data(), from, n);
    pages_.swap.load(slot, page.data());
    pages_.set_entry(place.pte_at, swap_entry(slot));
    from += n;
    length -= n;
  }
}

bool Kernel::peek(Asid asid, std::uint64_t va, void* to, std::uint64_t length) {
  auto* out = static_cast<std::uint8_t*>(to);
  while (length > 0) {
    const std::uint64_t n = std::min(length, kPageBytes - va % kPageBytes);
    Place place;
    if (!locate(asid, page_of(va), place)) return false;
    std::array<std::uint8_t, kPageBytes> page{};
    const std::uint8_t* from = page.data();
    if (host::is_present(place.pte)) {
      from = hw_.dram.page(host::pte_physical(place.pte));
    } else if (is_swap_entry(place.pte)) {
      // On its way out the frame is the newest; on its way in the device is.
      const FrameNumber f = pages_.swap.cached(slot_of(place.pte));
      const bool in_frame = f != kNoFrame && pages_.frame(f).state != FrameState::kReading;
      if (in_frame) from = pages_.bytes(f);
      if (!in_frame) pages_.swap.peek(slot_of(place.pte), page.data());
    }
    std::memcpy(out, from + va % kPageBytes, n);
    out += n;
    va += n;
    length -= n;
  }
  return true;
}

}  // namespace vctoe::kernel
