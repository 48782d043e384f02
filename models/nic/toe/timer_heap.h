// Deadlines by connection: an indexed binary heap, so that every change is at most logarithmic and
// the earliest is at hand.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/sim/units.h"

namespace vctoe::toe {

class TimerHeap {
 public:
  void resize(std::size_t ids) {
    key_.resize(ids, sim::Time::never());
    at_.resize(ids, kNowhere);
    heap_.reserve(ids);
  }
  sim::Time earliest() const { return heap_.empty() ? sim::Time::never() : key_[heap_[0]]; }
  std::uint32_t first() const { return heap_[0]; }

  /// never() takes `id` out.
  void set(std::uint32_t id, sim::Time deadline) {
    if (key_[id] == deadline) return;
    key_[id] = deadline;
    if (deadline == sim::Time::never()) return remove(id);
    if (at_[id] == kNowhere) {
      at_[id] = static_cast<std::uint32_t>(heap_.size());
      heap_.push_back(id);
    }
    sift_down(sift_up(at_[id]));
  }

 private:
  static constexpr std::uint32_t kNowhere = ~0u;

  /// Ties are broken by id, so that the order of equal deadlines does not depend on history.
  bool before(std::uint32_t a, std::uint32_t b) const {
    return key_[a] < key_[b] || (key_[a] == key_[b] && a < b);
  }
  void put(std::uint32_t i, std::uint32_t id) {
    heap_[i] = id;
    at_[id] = i;
  }
  std::uint32_t sift_up(std::uint32_t i) {
    const std::uint32_t id = heap_[i];
    for (; i > 0 && before(id, heap_[(i - 1) / 2]); i = (i - 1) / 2) put(i, heap_[(i - 1) / 2]);
    put(i, id);
    return i;
  }
  void sift_down(std::uint32_t i) {
    const std::uint32_t id = heap_[i];
    for (;;) {
      std::uint32_t child = 2 * i + 1;
      if (child >= heap_.size()) break;
      if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
      if (!before(heap_[child], id)) break;
      put(i, heap_[child]);
      i = child;
    }
    put(i, id);
  }
  void remove(std::uint32_t id) {
    const std::uint32_t hole = at_[id];
    const std::uint32_t last = heap_.back();
    heap_.pop_back();
    at_[id] = kNowhere;
    if (last == id) return;
    put(hole, last);
    sift_down(sift_up(hole));
  }

  std::vector<sim::Time> key_;
  std::vector<std::uint32_t> at_;  ///< place of an id in heap_
  std::vector<std::uint32_t> heap_;
};

}  // namespace vctoe::toe
