// Two containers that stop allocating once they have grown.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace vctoe::pcie {

/// Recycled objects; they keep their state from use to use.
template <class T>
class Pool {
 public:
  T& get() {
    if (free_.empty()) {
      all_.push_back(std::make_unique<T>());
      free_.push_back(all_.back().get());
    }
    T& item = *free_.back();
    free_.pop_back();
    return item;
  }
  void put(T& item) { free_.push_back(&item); }
  std::size_t in_use() const { return all_.size() - free_.size(); }

 private:
  std::vector<std::unique_ptr<T>> all_;
  std::vector<T*> free_;
};

/// First in, first out, in a ring that doubles when full.
template <class T>
class Fifo {
 public:
  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  T& front() { return ring_[head_ & mask()]; }
  const T& front() const { return ring_[head_ & mask()]; }
  T& back() { return ring_[(tail_ - 1) & mask()]; }
  const T& operator[](std::size_t i) const { return ring_[(head_ + i) & mask()]; }
  void push(const T& item) {
    if (size() == ring_.size()) grow();
    ring_[tail_++ & mask()] = item;
  }
  void pop() { ++head_; }

 private:
  std::size_t mask() const { return ring_.size() - 1; }
  void grow() {
    std::vector<T> bigger(ring_.size() * 2);
    const std::size_t n = size();
    for (std::size_t i = 0; i < n; ++i) bigger[i] = (*this)[i];
    ring_.swap(bigger);
    head_ = 0;
    tail_ = n;
  }

  std::vector<T> ring_ = std::vector<T>(16);
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace vctoe::pcie
