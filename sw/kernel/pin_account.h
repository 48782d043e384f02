// One driver's account with the memory service: what it holds pinned, by owner.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>

#include "models/sim/stats.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::kernel {

/// Passes everything on and counts references to pages, in bytes, as the ledger does: a host with
/// several network cards has one service and one ledger, and an account a card.
class PinAccount : public MemoryService {
 public:
  static constexpr std::size_t kOwners = std::size(sim::EnumNames<PinOwner>::kNames);

  struct Stats {
    std::array<sim::Level, kOwners> by_owner;
    void declare(sim::StatList& list) const;
  };

  explicit PinAccount(MemoryService& service) : service_(service) {}

  PinResult resolve_and_pin(Asid asid, std::uint64_t va, std::uint64_t length, PinOwner owner,
                            sim::Why why, sim::TxnId txn) override;
  PinResult resolve_and_pin_by_page(Asid asid, std::uint64_t va, std::uint64_t length,
                                    PinOwner owner, sim::Why why, sim::TxnId txn,
                                    PinProgress& progress) override;
  PinToken hold_driver_memory(std::uint64_t physical, std::uint64_t length, PinOwner owner,
                              sim::Why why, sim::TxnId txn) override;
  void unpin(PinToken token) override;
  void share_pins(PinToken token, PinActor raised, PinActor lowered) override {
    service_.share_pins(token, raised, lowered);
  }
  void guard(Asid asid, std::uint64_t va, std::uint64_t length) override {
    service_.guard(asid, va, length);
  }
  void unguard(Asid asid, std::uint64_t va, std::uint64_t length) override {
    service_.unguard(asid, va, length);
  }
  bool read_posted(Asid asid, std::uint64_t va, void* to, std::uint64_t length) override {
    return service_.read_posted(asid, va, to, length);
  }
  bool make_resident(Asid asid, std::uint64_t va, std::uint64_t length) override {
    return service_.make_resident(asid, va, length);
  }
  bool write(Asid asid, std::uint64_t va, const void* from, std::uint64_t length) override {
    return service_.write(asid, va, from, length);
  }
  bool read(Asid asid, std::uint64_t va, void* to, std::uint64_t length) override {
    return service_.read(asid, va, to, length);
  }

  const Stats& stats() const { return stats_; }
  void settle(sim::Time at);

 private:
  struct Held {
    PinOwner owner;
    std::uint64_t bytes;
  };

  void hold(PinToken token, PinOwner owner, std::uint64_t address, std::uint64_t length);

  MemoryService& service_;
  Stats stats_;
  std::unordered_map<PinToken, Held> held_;
};

}  // namespace vctoe::kernel
