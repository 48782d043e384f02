// What was posted for a connection: what the NIC may ask for.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/sim/units.h"
#include "sw/driver/range.h"

namespace vctoe::driver {

/// One range of one post and where it lies in the stream.
struct PostedRange {
  sim::TxnId post = 0;
  VirtualRange range;
  std::uint32_t sequence = 0;  ///< TCP sequence number of its first byte
};

class PostedRanges {
 public:
  void add(sim::TxnId post, const std::vector<VirtualRange>& ranges, std::uint32_t sequence) {
    for (const VirtualRange& r : ranges) {
      live_.push_back({post, r, sequence});
      sequence += static_cast<std::uint32_t>(r.length);
    }
  }
  /// The post is acknowledged. Its ranges stay allowed until kKept others are: a request that left
  /// the NIC before the acknowledgment came may still wait in the driver, and refusing it would
  /// end the connection.
  void retire(sim::TxnId post) {
    while (!live_.empty() && live_.front().post == post) {
      old_.push_back(live_.front());
      live_.pop_front();
      if (old_.size() > kKept) old_.pop_front();
    }
  }
  /// The whole of [address, address + length) lies in one posted range.
  bool allow(std::uint64_t address, std::uint64_t length) const {
    return holds(live_, address, length) || holds(old_, address, length);
  }
  /// Ranges not acknowledged, in the order of the stream.
  const std::deque<PostedRange>& live() const { return live_; }
  void clear() {
    live_.clear();
    old_.clear();
  }

 private:
  static constexpr std::size_t kKept = 16;

  static bool holds(const std::deque<PostedRange>& all, std::uint64_t address,
                    std::uint64_t length) {
    for (const PostedRange& r : all) {
      if (r.range.contains(address, length)) return true;
    }
    return false;
  }

  std::deque<PostedRange> live_;
  std::deque<PostedRange> old_;
};

}  // namespace vctoe::driver
