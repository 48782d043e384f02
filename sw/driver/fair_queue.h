// First in, first out within a connection; connections take turns.
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>

namespace vctoe::driver {

template <class Item>
class FairQueue {
 public:
  void push(std::uint32_t connection, const Item& item) {
    auto& queue = queues_[connection];
    if (queue.empty()) turns_.push_back(connection);
    queue.push_back(item);
    ++size_;
  }
  /// The next item; there must be one.
  Item pop() {
    const std::uint32_t connection = turns_.front();
    turns_.pop_front();
    auto& queue = queues_[connection];
    Item item = queue.front();
    queue.pop_front();
    if (!queue.empty()) turns_.push_back(connection);
    --size_;
    return item;
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }

 private:
  std::unordered_map<std::uint32_t, std::deque<Item>>
      queues_;                       // by connection, when it has had any
  std::deque<std::uint32_t> turns_;  // connections with items, each once
  std::size_t size_ = 0;
};

}  // namespace vctoe::driver
