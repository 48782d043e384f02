#include "sw/kernel/pin_account.h"

#include <string>

#include "models/sim/error.h"
#include "models/sim/kernel.h"
#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

void PinAccount::Stats::declare(sim::StatList& list) const {
  for (std::size_t o = 0; o < kOwners; ++o) {
    list.add(std::string(sim::EnumNames<PinOwner>::kNames[o]), by_owner[o], "B",
             "memory pinned for this card on account of this owner");
  }
}

void PinAccount::hold(PinToken token, PinOwner owner, std::uint64_t address, std::uint64_t length) {
  if (token == 0) return;
  const std::uint64_t bytes = pages_in(address, length) * kPageBytes;
  held_.emplace(token, Held{owner, bytes});
  stats_.by_owner[static_cast<std::size_t>(owner)].add(bytes, sim::now());
}

PinResult PinAccount::resolve_and_pin(Asid asid, std::uint64_t va, std::uint64_t length,
                                      PinOwner owner, sim::Why why, sim::TxnId txn) {
  PinResult result = service_.resolve_and_pin(asid, va, length, owner, why, txn);
  hold(result.token, owner, va, length);
  return result;
}

/// Counted when all of it is there, or has failed with pages that are still held.
PinResult PinAccount::resolve_and_pin_by_page(Asid asid, std::uint64_t va, std::uint64_t length,
                                              PinOwner owner, sim::Why why, sim::TxnId txn,
                                              PinProgress& progress) {
  PinResult result = service_.resolve_and_pin_by_page(asid, va, length, owner, why, txn, progress);
  hold(result.token, owner, va, length);
  return result;
}

PinToken PinAccount::hold_driver_memory(std::uint64_t physical, std::uint64_t length,
                                        PinOwner owner, sim::Why why, sim::TxnId txn) {
  const PinToken token = service_.hold_driver_memory(physical, length, owner, why, txn);
  hold(token, owner, physical, length);
  return token;
}

void PinAccount::unpin(PinToken token) {
  const auto it = held_.find(token);
  sim::ensure(it != held_.end(), "pin account: a pin of somebody else is given back");
  const Held held = it->second;
  held_.erase(it);
  service_.unpin(token);
  stats_.by_owner[static_cast<std::size_t>(held.owner)].sub(held.bytes, sim::now());
}

void PinAccount::settle(sim::Time at) {
  for (sim::Level& level : stats_.by_owner) level.settle(at);
}

}  // namespace vctoe::kernel
