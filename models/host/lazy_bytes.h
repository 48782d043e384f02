// A large array of zero bytes of which only the pages that were touched take room.
#pragma once

#include <cstdint>

namespace vctoe::host {

/// Backing store of DRAM and disks. Untouched bytes read as zero and cost nothing at construction.
class LazyBytes {
 public:
  /// Reserves address space only. A user error if the machine will not give it.
  explicit LazyBytes(std::uint64_t size);
  ~LazyBytes();
  LazyBytes(const LazyBytes&) = delete;
  LazyBytes& operator=(const LazyBytes&) = delete;

  std::uint8_t* data() { return data_; }
  const std::uint8_t* data() const { return data_; }
  std::uint64_t size() const { return size_; }
  /// True when `length` bytes at `offset` lie inside, whatever the values.
  bool contains(std::uint64_t offset, std::uint64_t length) const {
    return length <= size_ && offset <= size_ - length;
  }
  /// Bytes that take room in the machine at present, in its page size. Slow; for tests and reports.
  std::uint64_t resident() const;

 private:
  std::uint8_t* data_ = nullptr;
  std::uint64_t size_;
};

}  // namespace vctoe::host
