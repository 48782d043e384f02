// What the sender knows about its outstanding bytes during loss: which were selectively
// acknowledged, which count as lost, which were sent again (RFC 6675 sections 3 and 4). Works on
// byte ranges, so a segment's boundaries do not matter here. Without selective acknowledgements it
// stays empty and only carries the marks.
#pragma once

#include <cstdint>
#include <optional>

#include "models/nic/toe/interval_set.h"
#include "models/nic/toe/position.h"

namespace vctoe::toe {

class Scoreboard {
 public:
  void reset(Pos una);
  /// [begin, end) was selectively acknowledged. Returns how many bytes of it are news.
  std::uint64_t mark(Pos begin, Pos end);
  /// Everything before `una` is acknowledged.
  void advance(Pos una);
  /// IsLost(): everything below `threshold` discontiguous ranges, or below more than
  /// (threshold - 1) * mss bytes, of later data that has arrived.
  void find_lost(std::uint32_t mss, std::uint64_t threshold);
  /// Recovery begins: nothing was sent again yet, and at least the byte at `una` is lost.
  void start_recovery(Pos una);
  /// A timeout: all that is outstanding is lost, and what the peer reported is forgotten (RFC 2018
  /// 8).
  void lose_all(Pos una, Pos nxt);
  /// Recovery ended, or none runs: nothing is lost.
  void end_recovery(Pos una);
  /// Bytes up to `pos` have been planned again.
  void resent(Pos pos) { high_rxt_ = std::max(high_rxt_, pos), dirty_ = true; }
  /// A plan for sending again from `pos` on came to nothing.
  void unsend(Pos pos) { high_rxt_ = std::min(high_rxt_, pos), dirty_ = true; }

  /// First run of bytes in [from, end) that was not selectively acknowledged.
  std::optional<Interval> hole(Pos from, Pos end) const;
  /// Last run of bytes in [from, end) that was not selectively acknowledged.
  std::optional<Interval> last_hole(Pos from, Pos end) const;
  bool sacked(Pos begin, Pos end) const { return sacked_.contains(begin, end); }
  bool any() const { return !sacked_.empty(); }
  std::size_t runs() const { return sacked_.size(); }
  /// End of the highest range that was selectively acknowledged; 0 if none.
  Pos highest() const { return sacked_.empty() ? 0 : sacked_.back().end; }
  Pos lost_edge() const { return lost_edge_; }  ///< not selectively acknowledged and below: lost
  Pos high_rxt() const { return high_rxt_; }    ///< end of what was sent again
  /// SetPipe(): bytes thought to be in the network, of [una, nxt).
  std::uint64_t pipe(Pos una, Pos nxt) const;

 private:
  std::uint64_t sacked_below(Pos pos) const;

  IntervalSet sacked_;
  Pos lost_edge_ = 0;
  Pos high_rxt_ = 0;
  mutable bool dirty_ = true;               ///< below two are stale
  mutable std::uint64_t above_lost_ = 0;    ///< sacked bytes from lost_edge_ on
  mutable std::uint64_t below_resent_ = 0;  ///< sacked bytes below high_rxt_
};

}  // namespace vctoe::toe
