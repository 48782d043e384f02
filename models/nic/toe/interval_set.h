// A set of positions as sorted, disjoint, not adjacent intervals, in one vector: the sets of TCP
// have few members, and a vector keeps its memory when it empties.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace vctoe::toe {

struct Interval {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t length() const { return end - begin; }
};
constexpr bool operator==(const Interval& a, const Interval& b) {
  return a.begin == b.begin && a.end == b.end;
}

class IntervalSet {
 public:
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  /// Total length.
  std::uint64_t bytes() const { return bytes_; }
  const Interval& operator[](std::size_t i) const { return items_[i]; }
  const Interval& front() const { return items_.front(); }
  const Interval& back() const { return items_.back(); }

  void clear() {
    items_.clear();
    bytes_ = 0;
  }
  /// Index of the first interval that ends after `pos`; size() if none.
  std::size_t first_after(std::uint64_t pos) const;
  bool contains(std::uint64_t begin, std::uint64_t end) const {
    const std::size_t i = first_after(begin);
    return i < items_.size() && items_[i].begin <= begin && end <= items_[i].end;
  }
  /// True if [begin, end) touches no interval, so that adding it makes one more.
  bool would_split(std::uint64_t begin, std::uint64_t end) const;
  void remove_below(std::uint64_t pos);

  /// Adds [begin, end) and calls fresh(begin, end) for every part that was not a member, in order.
  template <class Fresh>
  void add(std::uint64_t begin, std::uint64_t end, Fresh&& fresh) {
    const std::size_t first = touching(begin);
    std::size_t last = first;
    Interval merged{begin, end};
    std::uint64_t at = begin;
    for (; last < items_.size() && items_[last].begin <= end; ++last) {
      if (at < items_[last].begin) note(at, items_[last].begin, fresh);
      at = std::max(at, items_[last].end);
      merged.begin = std::min(merged.begin, items_[last].begin);
      merged.end = std::max(merged.end, items_[last].end);
    }
    if (at < end) note(at, end, fresh);
    replace(first, last, merged);
  }

 private:
  /// Index of the first interval that ends at or after `pos`.
  std::size_t touching(std::uint64_t pos) const;
  void replace(std::size_t first, std::size_t last, Interval merged);
  template <class Fresh>
  void note(std::uint64_t begin, std::uint64_t end, Fresh&& fresh) {
    bytes_ += end - begin;
    fresh(begin, end);
  }

  std::vector<Interval> items_;
  std::uint64_t bytes_ = 0;
};

}  // namespace vctoe::toe
