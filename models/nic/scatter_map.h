// A scatter list that can be asked for any part of itself.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/nic/rings.h"
#include "models/sim/error.h"

namespace vctoe::nic {

/// Maps [0, size()) to physical pieces.
class ScatterMap {
 public:
  void assign(const SgElement* elements, std::size_t count) {
    elements_.clear();
    begins_.clear();
    size_ = 0;
    append(elements, count);
  }
  void append(const SgElement* elements, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      elements_.push_back(elements[i]);
      begins_.push_back(size_);
      size_ += elements[i].length;
    }
  }
  void clear() { assign(nullptr, 0); }
  std::uint64_t size() const { return size_; }
  bool empty() const { return elements_.empty(); }

  /// Appends the pieces of [begin, begin + length) to `out`. The part must lie inside.
  void slice(std::uint64_t begin, std::uint64_t length, std::vector<SgElement>& out) const {
    sim::ensure(begin + length <= size_, "scatter map: part outside the list");
    auto i = static_cast<std::size_t>(std::upper_bound(begins_.begin(), begins_.end(), begin) -
                                      begins_.begin() - 1);
    while (length > 0) {
      const std::uint64_t skip = begin - begins_[i];
      const std::uint64_t n = std::min<std::uint64_t>(length, elements_[i].length - skip);
      out.push_back({elements_[i].address + skip, static_cast<std::uint32_t>(n), 0});
      begin += n;
      length -= n;
      ++i;
    }
  }

 private:
  std::vector<SgElement> elements_;
  std::vector<std::uint64_t> begins_;
  std::uint64_t size_ = 0;
};

}  // namespace vctoe::nic
