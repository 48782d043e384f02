#include "sw/kernel/pin_records.h"

namespace vctoe::kernel {

PinRecord& PinRecords::open(Asid asid, std::uint64_t va, std::uint64_t length, PinOwner owner,
                            sim::Why why, sim::TxnId txn) {
  if (idle_.empty()) {
    records_.push_back(std::make_unique<PinRecord>());
    records_.back()->index = static_cast<std::uint32_t>(records_.size() - 1);
    idle_.push_back(records_.back()->index);
  }
  PinRecord& record = *records_[idle_.back()];
  idle_.pop_back();
  ++record.generation;
  record.open = true;
  record.asid = asid;
  record.owner = owner;
  record.why = why;
  record.va = va;
  record.length = length;
  record.txn = txn;
  record.missing = record.read = 0;
  record.borrowed = record.shared = record.host_lowers = false;
  record.last = 0;
  record.progress = nullptr;
  record.told = 0;
  record.pinned.assign(pages_in(va, length), kNoFrame);
  record.reading.assign(pages_in(va, length), kNoFrame);
  if (owner != PinOwner::kDriver) ++transient_;
  return record;
}

PinRecord& PinRecords::find(PinToken token) {
  const std::uint64_t index = (token & 0xffff'ffff) - 1;
  sim::ensure(index < records_.size(), "kernel: unpin of a token that was never given out");
  PinRecord& record = *records_[index];
  sim::ensure(record.open && record.generation == token >> 32,
              "kernel: unpin of a token that has been given back");
  return record;
}

void PinRecords::close(PinRecord& record) {
  record.open = false;
  if (record.owner != PinOwner::kDriver) --transient_;
  idle_.push_back(record.index);
}

}  // namespace vctoe::kernel
