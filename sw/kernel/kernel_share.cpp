// Pins by counts in a table that the device changes too ([0059]).
#include "sw/kernel/kernel.h"

namespace vctoe::kernel {

std::uint64_t Kernel::make_pin_table() {
  if (!pin_table_) {
    pin_table_.emplace(hw_.dram, allocate_contiguous(pages_.pool.table.size() * PinTable::kEntry));
    pages_.set_pin_table(*pin_table_);
  }
  return pin_table_->base();
}

/// Where a frame has other pins too, the ledger's total counts it twice from here on: the table
/// does not say whose its counts are.
void Kernel::share_pins(PinToken token, PinActor raised, PinActor lowered) {
  PinRecord& record = records_.find(token);
  if (record.borrowed || record.shared) return;  // a device may say it once more
  record.shared = true;
  record.host_lowers = lowered == PinActor::kHost;
  for (const FrameNumber f : record.pinned) {
    if (f == kNoFrame) continue;
    if (raised == PinActor::kHost) pin_table_->add(f, 1);
    // The device has announced its own pin; the reference that it replaces goes.
    if (raised == PinActor::kDevice) emit_unpin(record, f, kHandedOver);
    record.last += pages_.unpin(f) ? 1 : 0;
  }
}

void Kernel::end_shared(PinRecord& record) {
  for (const FrameNumber f : record.pinned) {
    if (f == kNoFrame) continue;
    if (record.host_lowers) {
      pin_table_->add(f, -1);
      emit_unpin(record, f, kByHost);
    }
    pages_.unshared(f);
  }
  const std::uint64_t pages = record.pinned.size();
  records_.ledger.unpin(record.owner, record.why, pages, record.last, sim::now());
  records_.close(record);
  gate_.leave(pages);
  if (guard_.any()) sim::notify(guard_changed_);
}

void Kernel::emit_unpin(const PinRecord& record, FrameNumber f, std::uint32_t actor) {
  emit(sim::TraceKind::kUnpin, record.asid, frame_address(f),
       static_cast<std::uint32_t>(record.owner), record.txn, actor);
}

}  // namespace vctoe::kernel
