// Keeps account of pinned memory: bytes x time, by owner and by cause.
#pragma once

#include <array>
#include <cstdint>

#include "models/sim/stats.h"
#include "models/sim/trace.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::kernel {

/// Levels in bytes; a page counts whole. Two pins of one frame count twice with their owners and
/// once in the total, which is the memory that reclaim cannot have.
class PinLedger {
 public:
  static constexpr std::size_t kOwners = std::size(sim::EnumNames<PinOwner>::kNames);
  static constexpr std::size_t kCauses = 3;

  struct Stats {
    sim::Level total;
    std::array<sim::Level, kOwners> by_owner;
    std::array<std::array<sim::Level, kCauses>, kOwners> by_cause;
    void declare(sim::StatList& list) const;
  };

  /// `pages` references were taken, `fresh` of them on frames that nobody had pinned.
  void pin(PinOwner owner, sim::Why why, std::uint64_t pages, std::uint64_t fresh, sim::Time at);
  /// `pages` references were given back, `last` of them the last of their frame.
  void unpin(PinOwner owner, sim::Why why, std::uint64_t pages, std::uint64_t last, sim::Time at);
  /// Brings the integrals up to `at`.
  void settle(sim::Time at);

  const Stats& stats() const { return stats_; }
  std::uint64_t bytes() const { return stats_.total.value(); }

 private:
  Stats stats_;
};

}  // namespace vctoe::kernel
