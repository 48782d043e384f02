// Bookings of one resource that serves one user at a time (a data bus, a flash unit, a wire).
#pragma once

#include <array>

#include "models/sim/units.h"

namespace vctoe::host {

/// Hands out disjoint spans of time. Callers book ahead of the present, not always in the order of
/// their times; the idle gaps before the last booking are remembered, so that an early access is
/// not queued behind one that was booked for later. Only the newest gaps are kept: forgetting one
/// can delay an access but never lets two overlap.
class Bookings {
 public:
  /// Start of the first free span of length `span` at or after `earliest`.
  sim::Time book(sim::Time earliest, sim::Time span) {
    if (earliest >= tail_) {
      if (earliest > tail_) remember({tail_, earliest});
      tail_ = earliest + span;
      return earliest;
    }
    if (earliest + span <= newest_gap_end_) {
      if (Gap* gap = earliest_gap(earliest, span)) {
        const sim::Time start = sim::max(gap->from, earliest);
        gap->from = start + span;
        return start;
      }
    }
    const sim::Time start = tail_;
    tail_ += span;
    return start;
  }

  /// End of the last booking.
  sim::Time tail() const { return tail_; }

 private:
  struct Gap {
    sim::Time from;
    sim::Time to;
  };

  Gap* earliest_gap(sim::Time earliest, sim::Time span) {
    Gap* best = nullptr;
    for (Gap& gap : gaps_) {
      if (sim::max(gap.from, earliest) + span > gap.to) continue;
      if (best == nullptr || gap.from < best->from) best = &gap;
    }
    return best;
  }
  void remember(Gap gap) {
    gaps_[next_] = gap;
    next_ = (next_ + 1) % gaps_.size();
    newest_gap_end_ = gap.to;
  }

  std::array<Gap, 8> gaps_{};
  std::size_t next_ = 0;
  sim::Time newest_gap_end_;
  sim::Time tail_;
};

}  // namespace vctoe::host
