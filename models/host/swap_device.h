// What keeps pages that are not in main memory, as the kernel sees it.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace vctoe::host {

/// A piece of main memory.
struct MemorySegment {
  std::uint64_t physical = 0;
  std::uint64_t length = 0;
};

/// One transfer between a contiguous part of the device and segments of memory, in their order. The
/// lengths of the segments add up to the transfer's.
struct StorageRequest {
  std::uint64_t offset = 0;  ///< bytes from the start of the swap area
  bool write = false;        ///< true: memory to device
  std::vector<MemorySegment> segments;
  /// Called when the bytes are in place; may not wait. The segments belong to the device until
  /// then.
  std::function<void()> done;

  std::uint64_t length() const {
    std::uint64_t sum = 0;
    for (const MemorySegment& s : segments) sum += s.length;
    return sum;
  }
};

class SwapDevice {
 public:
  virtual ~SwapDevice() = default;
  /// Hands a request over. Callable from any process, does not wait.
  virtual void submit(StorageRequest request) = 0;
  /// Bytes of the swap area; 0 without a device.
  virtual std::uint64_t capacity() const = 0;
  /// The bytes themselves, untimed: for loaders and checkers.
  virtual void write_dbg(std::uint64_t offset, const void* data, std::uint64_t length) = 0;
  virtual void read_dbg(std::uint64_t offset, void* data, std::uint64_t length) const = 0;
  /// Bytes that reads have brought, and writes have taken.
  virtual std::uint64_t bytes_read() const = 0;
  virtual std::uint64_t bytes_written() const = 0;
};

}  // namespace vctoe::host
