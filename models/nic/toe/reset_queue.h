// Segments that belong to no connection: resets. Bounded; the oldest are forgotten, as a lost reset
// is asked for again by the peer.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

#include "models/nic/toe/segment.h"

namespace vctoe::toe {

class ResetQueue {
 public:
  std::size_t size() const { return count_; }
  void push(const Segment& segment) {
    if (count_ == items_.size()) pop();
    items_[(head_ + count_++) % items_.size()] = segment;
  }
  std::optional<Segment> pop() {
    if (count_ == 0) return std::nullopt;
    const Segment& segment = items_[head_];
    head_ = (head_ + 1) % items_.size();
    --count_;
    return segment;
  }
  /// The answer to a segment that nobody expects (RFC 9293 3.5.2).
  void answer(const Segment& segment, std::uint8_t ttl, std::uint8_t diffserv) {
    if (segment.has(kRst)) return;
    Segment reset;
    reset.ttl = ttl;
    reset.diffserv = diffserv;
    reset.tuple = segment.tuple;
    if (segment.has(kAck)) {
      reset.seq = segment.ack;
      reset.flags = kRst;
    } else {
      reset.ack = segment.seq + segment.sequence_length();
      reset.flags = kRst | kAck;
    }
    push(reset);
  }

 private:
  std::array<Segment, 64> items_{};
  std::size_t head_ = 0;
  std::size_t count_ = 0;
};

}  // namespace vctoe::toe
