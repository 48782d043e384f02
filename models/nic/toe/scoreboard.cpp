#include "models/nic/toe/scoreboard.h"

namespace vctoe::toe {

void Scoreboard::reset(Pos una) {
  sacked_.clear();
  end_recovery(una);
}

std::uint64_t Scoreboard::mark(Pos begin, Pos end) {
  const std::uint64_t before = sacked_.bytes();
  sacked_.add(begin, end, [](Pos, Pos) {});
  dirty_ = true;
  return sacked_.bytes() - before;
}

void Scoreboard::advance(Pos una) {
  if (!sacked_.empty()) sacked_.remove_below(una);
  lost_edge_ = std::max(lost_edge_, una);
  high_rxt_ = std::max(high_rxt_, una);
  dirty_ = true;
}

void Scoreboard::find_lost(std::uint32_t mss, std::uint64_t threshold) {
  std::uint64_t bytes = 0;
  std::uint64_t ranges = 0;
  for (std::size_t i = sacked_.size(); i-- > 0;) {
    bytes += sacked_[i].length();
    ++ranges;
    if (ranges < threshold && bytes <= (threshold - 1) * mss) continue;
    lost_edge_ = std::max(lost_edge_, sacked_[i].begin);
    dirty_ = true;
    return;
  }
}

void Scoreboard::start_recovery(Pos una) {
  high_rxt_ = una;
  lost_edge_ = std::max(lost_edge_, una + 1);
  dirty_ = true;
}

void Scoreboard::lose_all(Pos una, Pos nxt) {
  sacked_.clear();
  high_rxt_ = una;
  lost_edge_ = nxt;
  dirty_ = true;
}

void Scoreboard::end_recovery(Pos una) {
  lost_edge_ = una;
  high_rxt_ = una;
  dirty_ = true;
}

std::optional<Interval> Scoreboard::hole(Pos from, Pos end) const {
  for (std::size_t i = sacked_.first_after(from); i < sacked_.size(); ++i) {
    if (from < sacked_[i].begin) {
      end = std::min(end, sacked_[i].begin);
      break;
    }
    from = sacked_[i].end;
  }
  if (from >= end) return std::nullopt;
  return Interval{from, end};
}

std::optional<Interval> Scoreboard::last_hole(Pos from, Pos end) const {
  for (std::size_t i = sacked_.size(); i-- > 0 && end > from;) {
    if (sacked_[i].end < end) return Interval{std::max(from, sacked_[i].end), end};
    end = std::min(end, sacked_[i].begin);
  }
  if (from >= end) return std::nullopt;
  return Interval{from, end};
}

std::uint64_t Scoreboard::sacked_below(Pos pos) const {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < sacked_.size() && sacked_[i].begin < pos; ++i) {
    bytes += std::min(pos, sacked_[i].end) - sacked_[i].begin;
  }
  return bytes;
}

std::uint64_t Scoreboard::pipe(Pos una, Pos nxt) const {
  if (dirty_) {
    above_lost_ = sacked_.empty() ? 0 : sacked_.bytes() - sacked_below(lost_edge_);
    below_resent_ = sacked_.empty() ? 0 : sacked_below(high_rxt_);
    dirty_ = false;
  }
  const Pos edge = std::max(lost_edge_, una);
  const std::uint64_t not_lost = nxt > edge ? nxt - edge - above_lost_ : 0;
  const std::uint64_t resent = high_rxt_ > una ? high_rxt_ - una - below_resent_ : 0;
  return not_lost + resent;
}

}  // namespace vctoe::toe
