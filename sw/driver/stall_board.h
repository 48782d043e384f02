// Where the driver's time goes: what its most constrained thread waits for.
#pragma once

#include <array>
#include <cstdint>

#include "models/sim/kernel.h"
#include "models/sim/stats.h"

namespace vctoe::driver {

/// In rising order of precedence: of several at once the last is booked.
enum class DriverStall : std::uint8_t {
  kIdle,       ///< nothing to do
  kServing,    ///< at least one request is being served
  kPosting,    ///< a post gathers, pins or writes its contexts
  kPinBudget,  ///< a post waits until other posts are unpinned
  kListArea,   ///< somebody waits for room for a scatter list
  kTableFull   ///< somebody waits for the table of outstanding requests
};

}  // namespace vctoe::driver

template <>
struct vctoe::sim::EnumNames<vctoe::driver::DriverStall> {
  static constexpr std::string_view kNames[] = {"idle",       "serving",   "posting",
                                                "pin_budget", "list_area", "table_full"};
};

namespace vctoe::driver {

class StallBoard {
 public:
  /// Stands on the board while it lives.
  class Mark {
   public:
    Mark(StallBoard& board, DriverStall why) : board_(board), why_(why) { board_.change(why_, 1); }
    ~Mark() { board_.change(why_, -1); }
    Mark(const Mark&) = delete;
    Mark& operator=(const Mark&) = delete;

   private:
    StallBoard& board_;
    DriverStall why_;
  };

  const sim::StallAccount<DriverStall>& account() const { return account_; }
  void settle(sim::Time at) { account_.settle(at); }

 private:
  void change(DriverStall why, int by) {
    marks_[static_cast<std::size_t>(why)] += by;
    std::size_t top = marks_.size() - 1;
    while (top > 0 && marks_[top] == 0) --top;
    account_.enter(static_cast<DriverStall>(top), sim::now());
  }

  std::array<int, sim::StallAccount<DriverStall>::kCount> marks_{};
  sim::StallAccount<DriverStall> account_;
};

}  // namespace vctoe::driver
