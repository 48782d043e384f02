// Copies what a process has in scattered pages into contiguous memory (FIG. 4): the NIC then reads
// from there, and the pages need not be pinned.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/driver/contiguous_area.h"
#include "sw/driver/range.h"

namespace vctoe::driver {

class Gatherer {
 public:
  /// The copy of some ranges, until release().
  struct Copy {
    ContiguousArea::Run run;
    kernel::PinToken hold = 0;  ///< 0: none
  };
  /// On whose account, why and for whom memory is copied.
  struct Cause {
    kernel::Asid asid = 0;
    sim::Why why{};
    sim::TxnId txn = 0;
  };
  struct Stats {
    std::uint64_t bytes = 0;
    std::uint64_t waits = 0;
    void declare(sim::StatList& list) const;
  };

  Gatherer(HostPort& port, kernel::MemoryService& memory, std::uint64_t bytes)
      : port_(port), memory_(memory), area_(port, bytes) {}

  /// Reads the ranges one behind the other to `physical`; faults pages in and charges the copy.
  /// Blocking. kUnmapped if part of them is mapped nowhere.
  kernel::PinStatus copy(kernel::Asid asid, const std::vector<VirtualRange>& ranges,
                         std::uint64_t physical);
  /// The same into room of its own, for which it waits; `where` is the whole copy then. kTooLarge
  /// if it can never fit. Blocking.
  kernel::PinStatus gather(const Cause& cause, const std::vector<VirtualRange>& ranges, Copy& copy,
                           kernel::SgEntry& where);
  void release(Copy& copy);

  ContiguousArea& area() { return area_; }
  bool idle() const { return area_.idle(); }
  const Stats& stats() const { return stats_; }

 private:
  HostPort& port_;
  kernel::MemoryService& memory_;
  ContiguousArea area_;
  Stats stats_;
};

}  // namespace vctoe::driver
