// One direction of a connection put together again from what a capture shows of it, whatever the
// order, the overlaps and the wraps of the sequence number.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace vctoe::judge {

/// Place in a direction: 0 is the SYN, 1 the first byte, counted in 64 bits.
using Place = std::int64_t;

class Stream {
 public:
  /// The sequence number of place 0.
  void begin(std::uint32_t isn) { isn_ = isn; }
  std::uint32_t isn() const { return isn_; }

  /// The place of a sequence number, the one nearest to the highest place seen.
  Place place(std::uint32_t seq) const {
    const auto near = isn_ + static_cast<std::uint32_t>(highest_);
    return highest_ + static_cast<std::int32_t>(seq - near);
  }

  /// Bytes seen at `at`; `size` of them, of which `known` were captured. False if one that had
  /// been there before was another.
  bool add(Place at, const std::uint8_t* bytes, std::uint32_t known, std::uint32_t size);
  /// SYN and FIN take a place without a byte.
  void add_mark(Place at);

  /// One behind the last place seen.
  Place highest() const { return highest_; }
  /// One behind the last place up to which all have been seen.
  Place contiguous() const { return seen_.empty() ? 0 : seen_.begin()->second; }
  bool covers(Place begin, Place end) const;
  bool has_gap() const { return seen_.size() > 1; }

  /// Payload bytes without a gap from the first on: how many, and the hash of them, in hex.
  std::uint64_t bytes() const;
  std::string sha256() const;

 private:
  bool compare(Place at, const std::uint8_t* bytes, Place end) const;
  void cover(Place begin, Place end);

  std::uint32_t isn_ = 0;
  Place highest_ = 0;
  Place fin_ = -1;
  std::map<Place, Place> seen_;      ///< disjoint and not adjacent, by their beginnings
  std::vector<std::uint8_t> bytes_;  ///< byte at place p is number p - 1
};

}  // namespace vctoe::judge
