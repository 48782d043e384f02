// Where a block's time goes, by reason.
#pragma once

#include <array>
#include <cstddef>

#include "models/sim/error.h"
#include "models/sim/params.h"
#include "models/sim/units.h"

namespace vctoe::sim {

/// Where a block's time goes: exactly one reason at a time, so the parts add up to the whole.
/// Reason is an enum with EnumNames; value 0 is where it starts (idle).
template <class Reason>
class StallAccount {
 public:
  static constexpr std::size_t kCount = std::size(EnumNames<Reason>::kNames);

  void enter(Reason reason, Time at) {
    settle(at);
    reason_ = reason;
  }
  Reason reason() const { return reason_; }
  void settle(Time at) {
    spent_[static_cast<std::size_t>(reason_)] += at - since_;
    since_ = at;
  }
  /// After settle(at): asserts that the parts add up to `at`.
  void check_sum(Time at) const {
    Time sum;
    for (const Time t : spent_) sum += t;
    ensure(sum == at, "statistics: stall reasons do not add up to the elapsed time");
  }
  Time spent(Reason reason) const { return spent_[static_cast<std::size_t>(reason)]; }
  const std::array<Time, kCount>& all() const { return spent_; }

 private:
  std::array<Time, kCount> spent_{};
  Reason reason_{};
  Time since_;
};

}  // namespace vctoe::sim
