// A payload event queue: items come out at their time, items of one time in the order they were put
// in. A 4-ary heap behind one sc_event; the queue that comes with TLM is linear in what it holds.
#pragma once

#include <cstdint>
#include <functional>
#include <systemc>
#include <utility>
#include <vector>

#include "models/sim/kernel.h"

namespace vctoe::sim {

/// The part that does not depend on the item: one event, armed for the earliest item.
class EventQueueBase : public sc_core::sc_module {
 protected:
  explicit EventQueueBase(const sc_core::sc_module_name& name);
  /// Makes sure that wake() runs at `at`; an earlier arming stands.
  void arm(Time at);
  /// Hands out everything that is due, then arms for what is left.
  virtual void wake() = 0;

 private:
  SC_HAS_PROCESS(EventQueueBase);
  void on_event();

  sc_core::sc_event event_{"event"};
  Time armed_ = Time::never();
};

/// Calls `handler(T&)` for each item at its time. A handler may push again, for the same time too.
template <class T>
class EventQueue : public EventQueueBase {
 public:
  using Handler = std::function<void(T&)>;

  EventQueue(const sc_core::sc_module_name& name, Handler handler)
      : EventQueueBase(name), handler_(std::move(handler)) {}

  /// `at` may not lie in the past.
  void push(Time at, T item) {
    heap_.push_back({at, next_order_++, std::move(item)});
    sift_up(heap_.size() - 1);
    arm(heap_.front().at);
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
    while (!heap_.empty() && heap_.front().at <= t) {
      T item = std::move(heap_.front().item);
      pop();
      handler_(item);
    }
    if (!heap_.empty()) arm(heap_.front().at);
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
};

/// One-shot alarm that is cheap to move: setting it later costs nothing until the old time comes.
class Alarm : public EventQueueBase {
 public:
  Alarm(const sc_core::sc_module_name& name, std::function<void()> handler)
      : EventQueueBase(name), handler_(std::move(handler)) {}

  /// Runs the handler once at `at`; replaces an earlier setting. never() turns it off.
  void set(Time at) {
    at_ = at;
    if (at != Time::never()) arm(at);
  }
  Time at() const { return at_; }

 private:
  void wake() override {
    if (at_ > now()) {
      if (at_ != Time::never()) arm(at_);
      return;
    }
    at_ = Time::never();
    handler_();
  }

  std::function<void()> handler_;
  Time at_ = Time::never();
};

}  // namespace vctoe::sim
