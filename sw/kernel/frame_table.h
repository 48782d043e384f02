// What the operating system knows about each page frame of DRAM, and which of them are free.
#pragma once

#include <cstdint>
#include <vector>

#include "models/sim/random.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::kernel {

/// Number of a 4 KiB frame: physical address / 4096.
using FrameNumber = std::uint32_t;
constexpr FrameNumber kNoFrame = ~FrameNumber{0};

/// Number of a page of the swap device.
using SwapSlot = std::uint32_t;
constexpr SwapSlot kNoSlot = ~SwapSlot{0};

constexpr std::uint64_t kPageBytes = 4096;
constexpr std::uint64_t kPageShift = 12;

constexpr std::uint64_t page_of(std::uint64_t va) {
  return va >> kPageShift;
}
constexpr std::uint64_t frame_address(FrameNumber f) {
  return static_cast<std::uint64_t>(f) << kPageShift;
}
constexpr FrameNumber frame_of(std::uint64_t physical) {
  return static_cast<FrameNumber>(physical >> kPageShift);
}
/// Pages that [va, va + length) touches.
constexpr std::uint64_t pages_in(std::uint64_t va, std::uint64_t length) {
  return length == 0 ? 0 : page_of(va + length - 1) - page_of(va) + 1;
}

enum class FrameState : std::uint8_t {
  kFree,
  kTable,    ///< page table, or withheld; never reclaimed
  kReading,  ///< a read from the swap device fills it
  kCached,   ///< holds a page that is not mapped: read ahead, or on its way out
  kMapped
};

struct Frame {
  std::uint64_t vpn = 0;
  std::uint64_t pte = 0;    ///< physical address of the entry that maps the page; 0 once torn down
  SwapSlot slot = kNoSlot;  ///< its copy on the swap device, valid unless the entry is dirty
  std::uint32_t io = 0;     ///< index of the read that fills it, while kReading
  std::uint32_t pins = 0;   ///< references by resolve_and_pin()
  std::uint16_t holds = 0;  ///< threads about to map it: not to be reclaimed under their hands
  Asid asid = 0;
  FrameState state = FrameState::kFree;
  bool writing = false;  ///< a write to the swap device reads it
  bool orphan =
      false;  ///< unmapped while pinned, held or in transfer: freed with the last of these
  bool read_ahead = false;  ///< nobody has asked for it yet
  bool stale = false;       ///< holds what its last user left; a fresh frame is all zeros
};

/// Frames and the stack of free ones. Plain bookkeeping: waiting for frames is the kernel's
/// business.
class FrameTable {
 public:
  /// All frames free; `shuffle` hands them out in an order drawn from `rng`, otherwise ascending.
  FrameTable(std::size_t frames, bool shuffle, sim::Rng& rng);

  std::size_t size() const { return frames_.size(); }
  std::size_t free_count() const { return free_.size(); }
  Frame& operator[](FrameNumber f) { return frames_[f]; }
  const Frame& operator[](FrameNumber f) const { return frames_[f]; }

  /// Takes a free frame into `state`; kNoFrame if there is none.
  FrameNumber take(FrameState state);
  /// Takes certain free frames, neighbours, out of circulation.
  void withhold(FrameNumber first, std::size_t count);
  /// Gives a frame back; it must be neither pinned, held nor in transfer.
  void release(FrameNumber f);

 private:
  std::vector<Frame> frames_;
  std::vector<FrameNumber> free_;
};

}  // namespace vctoe::kernel
