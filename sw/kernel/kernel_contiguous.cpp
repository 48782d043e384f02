// Physically contiguous memory for a driver, taken before anything else is.
#include <string>

#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

std::uint64_t Kernel::allocate_contiguous(std::uint64_t length) {
  const std::size_t need = pages_in(0, length);
  const FrameTable& table = pages_.pool.table;
  std::size_t run = 0;
  for (std::size_t f = 0; f < table.size(); ++f) {
    run = table[static_cast<FrameNumber>(f)].state == FrameState::kFree ? run + 1 : 0;
    if (need == 0 || run < need) continue;
    const auto first = static_cast<FrameNumber>(f + 1 - need);
    take_contiguous(first, need);
    return frame_address(first);
  }
  sim::user_error("kernel: no " + std::to_string(need) + " neighbouring frames are left of " +
                  std::to_string(table.size()) +
                  "; legal: a larger host.dram.size, or smaller driver.list_area, "
                  "driver.reply_area and rings");
}

/// Withheld from paging and booked as pinned by the driver.
void Kernel::take_contiguous(FrameNumber first, std::size_t count) {
  pages_.pool.withhold(first, count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto f = static_cast<FrameNumber>(first + i);
    pages_.zero(f);
    io_.map(f);
    emit(sim::TraceKind::kPin, 0, frame_address(f), static_cast<std::uint32_t>(PinOwner::kDriver));
  }
  driver_frames_ += count;
  records_.ledger.pin(PinOwner::kDriver, sim::Why::kFirst, count, count, sim::now());
}

PinToken Kernel::hold_driver_memory(std::uint64_t physical, std::uint64_t length, PinOwner owner,
                                    sim::Why why, sim::TxnId txn) {
  PinRecord& record = records_.open(0, physical, length, owner, why, txn);
  record.borrowed = true;
  for (std::size_t i = 0; i < record.pinned.size(); ++i) {
    record.pinned[i] = frame_of(physical) + static_cast<FrameNumber>(i);
    emit(sim::TraceKind::kPin, 0, frame_address(record.pinned[i]),
         static_cast<std::uint32_t>(owner), txn);
  }
  records_.ledger.pin(owner, why, record.pinned.size(), 0, sim::now());
  return PinRecords::token(record);
}

void Kernel::end_hold(PinRecord& record) {
  for (const FrameNumber f : record.pinned) {
    emit(sim::TraceKind::kUnpin, 0, frame_address(f), static_cast<std::uint32_t>(record.owner),
         record.txn);
  }
  records_.ledger.unpin(record.owner, record.why, record.pinned.size(), 0, sim::now());
  records_.close(record);
}

}  // namespace vctoe::kernel
