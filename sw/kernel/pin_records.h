// What each resolve_and_pin() has pinned, until its unpin().
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sw/kernel/frame_table.h"
#include "sw/kernel/memory_service.h"
#include "sw/kernel/pin_ledger.h"

namespace vctoe::kernel {

/// A device may write to what is pinned for this owner.
constexpr bool writes_to(PinOwner owner) {
  return owner == PinOwner::kReceive || owner == PinOwner::kDriver;
}

/// Arguments of resolve_and_pin().
struct PinAsk {
  Asid asid = 0;
  std::uint64_t va = 0;
  std::uint64_t length = 0;
  PinOwner owner{};
  sim::Why why{};
  sim::TxnId txn = 0;
};

/// A device reads or writes what is pinned for this owner; the host's own DMA engine is none.
constexpr bool reaches_devices(PinOwner owner) {
  return owner != PinOwner::kHostDma;
}

struct PinRecord {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  ///< counts uses of the record, so that an old token is found out
  bool open = false;
  bool shared = false;       ///< pinned by counts in the shared table
  bool host_lowers = false;  ///< these counts, at the end
  std::uint64_t last = 0;    ///< shared: pages of which it had the last reference
  bool borrowed = false;     ///< the driver's own memory: only the ledger knows of the pins
  Asid asid = 0;
  PinOwner owner{};
  sim::Why why{};
  std::uint64_t va = 0;
  std::uint64_t length = 0;
  sim::TxnId txn = 0;
  std::vector<FrameNumber> pinned;   ///< by page; kNoFrame while it is not pinned yet
  std::vector<FrameNumber> reading;  ///< by page; the frame held until its read is over
  std::uint32_t missing = 0;         ///< pages that had to be faulted in
  std::uint32_t read = 0;            ///< of these, pages whose read this request has started
  PinProgress* progress = nullptr;   ///< wants to know of pages at the front
  std::size_t told = 0;              ///< pages that it knows of
};

/// The records in use and their tokens, and the ledger that they make up.
class PinRecords {
 public:
  /// A record with room for all pages of the range.
  PinRecord& open(Asid asid, std::uint64_t va, std::uint64_t length, PinOwner owner, sim::Why why,
                  sim::TxnId txn);
  static PinToken token(const PinRecord& record) {
    return static_cast<PinToken>(record.generation) << 32 | (record.index + 1);
  }
  /// The record of a token; a token that is not valid (any more) is a model error.
  PinRecord& find(PinToken token);
  void close(PinRecord& record);
  /// Requests of owners whose pins end by themselves: all but the driver's.
  std::size_t transient() const { return transient_; }

  PinLedger ledger;

 private:
  std::vector<std::unique_ptr<PinRecord>> records_;
  std::vector<std::uint32_t> idle_;
  std::size_t transient_ = 0;
};

}  // namespace vctoe::kernel
