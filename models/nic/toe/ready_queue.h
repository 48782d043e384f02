// Connections that have something to send, in turn. A connection that loses its work keeps its
// place until it comes up, and is passed over then.
#pragma once

#include <cstdint>
#include <vector>

namespace vctoe::toe {

class ReadyQueue {
 public:
  /// Every id is queued at most once, so that this many places are enough.
  void resize(std::size_t ids) {
    std::vector<std::uint32_t> grown(ids + 1);
    for (std::size_t i = 0; i < queued_count_; ++i) grown[i] = ring_[(head_ + i) % ring_.size()];
    ring_ = std::move(grown);
    head_ = 0;
    flags_.resize(ids, 0);
  }
  bool empty() const { return ready_count_ == 0; }

  void set(std::uint32_t id, bool ready) {
    std::uint8_t& f = flags_[id];
    if (ready == ((f & kReady) != 0)) return;
    f ^= kReady;
    if (!ready) {
      --ready_count_;
      return;
    }
    ++ready_count_;
    if ((f & kQueued) != 0) return;
    f |= kQueued;
    std::size_t at = head_ + queued_count_++;
    if (at >= ring_.size()) at -= ring_.size();
    ring_[at] = id;
  }
  /// Takes the next ready id out; not if empty(). set() puts it in again, at the end.
  std::uint32_t take() {
    for (;;) {
      const std::uint32_t id = ring_[head_];
      if (++head_ == ring_.size()) head_ = 0;
      --queued_count_;
      std::uint8_t& f = flags_[id];
      const bool ready = (f & kReady) != 0;
      f = 0;
      if (!ready) continue;
      --ready_count_;
      return id;
    }
  }

 private:
  static constexpr std::uint8_t kReady = 1;
  static constexpr std::uint8_t kQueued = 2;

  std::vector<std::uint32_t> ring_ = std::vector<std::uint32_t>(1);
  std::vector<std::uint8_t> flags_;
  std::size_t head_ = 0;
  std::size_t queued_count_ = 0;
  std::size_t ready_count_ = 0;
};

}  // namespace vctoe::toe
