// Ends of the segments that were not full, in order: with them every segment boundary is known,
// since between two of them all segments are full. Also serves for other ascending numbers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/nic/toe/position.h"

namespace vctoe::toe {

class CutRing {
 public:
  void push(Pos end) {
    // Space freed at the front is taken back when it is at least half: amortised constant.
    if (head_ > 16 && head_ * 2 > items_.size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    items_.push_back(end);
  }
  void pop_until(Pos una) {
    while (head_ < items_.size() && items_[head_] <= una) ++head_;
    if (head_ == items_.size()) items_.clear(), head_ = 0;
  }
  std::size_t size() const { return items_.size() - head_; }
  /// Removes ends after `pos`.
  void truncate(Pos pos) {
    while (items_.size() > head_ && items_.back() > pos) items_.pop_back();
  }
  /// First end after `pos`, at most `limit`.
  Pos next(Pos pos, Pos limit) const {
    const auto it = after(pos);
    return it == items_.end() ? limit : std::min(*it, limit);
  }
  /// Last end before `pos`; `otherwise` if none.
  Pos previous(Pos pos, Pos otherwise) const {
    const auto begin = items_.begin() + static_cast<std::ptrdiff_t>(head_);
    const auto it = std::lower_bound(begin, items_.end(), pos);
    return it == begin ? otherwise : *(it - 1);
  }
  bool contains(Pos pos) const {
    if (items_.empty()) return false;
    const auto it = after(pos - 1);
    return it != items_.end() && *it == pos;
  }

 private:
  std::vector<Pos>::const_iterator after(Pos pos) const {
    return std::upper_bound(items_.begin() + static_cast<std::ptrdiff_t>(head_), items_.end(), pos);
  }
  std::vector<Pos> items_;
  std::size_t head_ = 0;
};

}  // namespace vctoe::toe
