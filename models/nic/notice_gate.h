// Holds notices back that let the host release memory which the NIC is still reading.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/nic/out_ring.h"
#include "models/nic/rings.h"
#include "models/sim/error.h"

namespace vctoe::nic {

/// Of one connection id. Notices leave in the order in which they were given.
class NoticeGate {
 public:
  /// For push(): waits for every read, and so do all notices after it.
  static constexpr std::uint64_t kEverything = ~std::uint64_t{0};

  /// A DMA read of payload from stream offset `begin` on is under way.
  void read_begins(std::uint64_t begin) { reads_.push_back(begin); }
  /// It is over; what waited for it goes to `ring`.
  void read_ends(std::uint64_t begin, OutRing<CompletionEntry>& ring) {
    const auto read = std::find(reads_.begin(), reads_.end(), begin);
    sim::ensure(read != reads_.end(), "notice gate: a read ends that never began");
    *read = reads_.back();
    reads_.pop_back();
    drain(ring);
  }
  /// Writes `entry` when no read that began before stream offset `before` is under way: all that
  /// lies before it may be released by the host then.
  void push(const CompletionEntry& entry, std::uint64_t before, OutRing<CompletionEntry>& ring) {
    held_.push_back({entry, before});
    drain(ring);
  }
  /// Writes `entry`, which releases nothing: it waits only behind a push(kEverything).
  void pass(const CompletionEntry& entry, OutRing<CompletionEntry>& ring) {
    if (!held_.empty() && held_.back().before == kEverything) {
      push(entry, kEverything, ring);
    } else {
      ring.push(entry);
    }
  }
  /// Notices that wait.
  std::size_t held() const { return held_.size(); }

 private:
  struct Held {
    CompletionEntry entry;
    std::uint64_t before = 0;
  };
  void drain(OutRing<CompletionEntry>& ring) {
    while (!held_.empty()) {
      const std::uint64_t before = held_.front().before;
      if (std::any_of(reads_.begin(), reads_.end(), [&](auto r) { return r < before; })) return;
      const CompletionEntry entry = held_.front().entry;
      held_.pop_front();
      ring.push(entry);
    }
  }

  std::vector<std::uint64_t> reads_;  ///< where each read under way begins
  std::deque<Held> held_;
};

}  // namespace vctoe::nic
