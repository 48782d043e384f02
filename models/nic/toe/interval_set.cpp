#include "models/nic/toe/interval_set.h"

namespace vctoe::toe {

std::size_t IntervalSet::first_after(std::uint64_t pos) const {
  const auto it = std::partition_point(items_.begin(), items_.end(),
                                       [pos](const Interval& i) { return i.end <= pos; });
  return static_cast<std::size_t>(it - items_.begin());
}

std::size_t IntervalSet::touching(std::uint64_t pos) const {
  const auto it = std::partition_point(items_.begin(), items_.end(),
                                       [pos](const Interval& i) { return i.end < pos; });
  return static_cast<std::size_t>(it - items_.begin());
}

bool IntervalSet::would_split(std::uint64_t begin, std::uint64_t end) const {
  const std::size_t i = touching(begin);
  return i == items_.size() || items_[i].begin > end;
}

void IntervalSet::remove_below(std::uint64_t pos) {
  const std::size_t keep = first_after(pos);
  for (std::size_t i = 0; i < keep; ++i) bytes_ -= items_[i].length();
  items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(keep));
  if (items_.empty() || items_.front().begin >= pos) return;
  bytes_ -= pos - items_.front().begin;
  items_.front().begin = pos;
}

void IntervalSet::replace(std::size_t first, std::size_t last, Interval merged) {
  const auto at = items_.begin() + static_cast<std::ptrdiff_t>(first);
  if (first == last) {
    items_.insert(at, merged);
    return;
  }
  *at = merged;
  items_.erase(at + 1, items_.begin() + static_cast<std::ptrdiff_t>(last));
}

}  // namespace vctoe::toe
