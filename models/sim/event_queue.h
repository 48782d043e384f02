// A payload event queue: items come out at their time, items of one time in the order they were put
// in. The queue that comes with TLM is linear in what it holds; this is a 4-ary heap.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "models/sim/agenda.h"

namespace vctoe::sim {

/// Calls `handler(T&)` for each item at its time. A handler may push again, for the same time too.
template <class T>
class EventQueue : private Appointment {
 public:
  using Handler = std::function<void(T&)>;

  explicit EventQueue(Handler handler) : handler_(std::move(handler)) {}

  /// `at` may not lie in the past.
  void push(Time at, T item) {
    heap_.push_back({at, next_order_++, std::move(item)});
    sift_up(heap_.size() - 1);
    if (!draining_) set_time(heap_.front().at);
  }

  std::size_t size() const { return heap_.size(); }
  bool empty() const { return heap_.empty(); }
  /// Time of the earliest item, never() when there is none.
  Time next() const { return heap_.empty() ? Time::never() : heap_.front().at; }

 private:
  struct Entry {
    Time at;
    std::uint64_t order;
    T item;
    bool before(const Entry& o) const { return at != o.at ? at < o.at : order < o.order; }
  };
  static constexpr std::size_t kArity = 4;

  void wake() override {
    const Time t = now();
    draining_ = true;
    while (!heap_.empty() && heap_.front().at <= t) {
      T item = std::move(heap_.front().item);
      pop();
      handler_(item);
    }
    draining_ = false;
    set_time(next());
  }

  void sift_up(std::size_t i) {
    while (i > 0) {
      const std::size_t parent = (i - 1) / kArity;
      if (!heap_[i].before(heap_[parent])) return;
      std::swap(heap_[i], heap_[parent]);
      i = parent;
    }
  }

  void pop() {
    if (heap_.size() > 1) heap_.front() = std::move(heap_.back());
    heap_.pop_back();
    std::size_t i = 0;
    for (;;) {
      std::size_t least = i;
      const std::size_t first = i * kArity + 1;
      for (std::size_t c = first; c < first + kArity && c < heap_.size(); ++c) {
        if (heap_[c].before(heap_[least])) least = c;
      }
      if (least == i) return;
      std::swap(heap_[i], heap_[least]);
      i = least;
    }
  }

  Handler handler_;
  std::vector<Entry> heap_;
  std::uint64_t next_order_ = 0;
  bool draining_ = false;
};

/// One time that can be moved.
class Alarm : private Appointment {
 public:
  explicit Alarm(std::function<void()> handler) : handler_(std::move(handler)) {}

  /// Runs the handler once at `at`; replaces an earlier setting. never() turns it off.
  void set(Time at) { set_time(at); }
  /// never() when it is off, and while the handler runs.
  Time at() const { return time(); }

 private:
  void wake() override { handler_(); }

  std::function<void()> handler_;
};

}  // namespace vctoe::sim
