// Walks through a list of virtual ranges.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sw/driver/range.h"

namespace vctoe::driver {

class RangeCursor {
 public:
  explicit RangeCursor(const std::vector<VirtualRange>& ranges) : ranges_(ranges) {
    for (const auto& r : ranges) remaining_ += r.length;
  }
  /// Bytes ahead.
  std::uint64_t remaining() const { return remaining_; }
  /// The ranges that cover the next `n` bytes.
  std::vector<VirtualRange> peek(std::uint64_t n) const {
    std::vector<VirtualRange> out;
    std::uint64_t skip = skip_;
    for (std::size_t i = index_; n > 0; ++i, skip = 0) {
      const std::uint64_t take = std::min(n, ranges_[i].length - skip);
      if (take > 0) out.push_back({ranges_[i].address + skip, take});
      n -= take;
    }
    return out;
  }
  void advance(std::uint64_t n) {
    remaining_ -= n;
    while (n > 0) {
      const std::uint64_t take = std::min(n, ranges_[index_].length - skip_);
      n -= take;
      skip_ += take;
      if (skip_ < ranges_[index_].length) continue;
      ++index_;
      skip_ = 0;
    }
  }

 private:
  const std::vector<VirtualRange>& ranges_;
  std::size_t index_ = 0;
  std::uint64_t skip_ = 0;
  std::uint64_t remaining_ = 0;
};

}  // namespace vctoe::driver
