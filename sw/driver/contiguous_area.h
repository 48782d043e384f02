// Physically contiguous memory of the driver's, handed out in runs.
#pragma once

#include <cstdint>
#include <map>
#include <systemc>

#include "sw/driver/host_port.h"

namespace vctoe::driver {

class ContiguousArea {
 public:
  struct Run {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;  ///< 0: none
  };

  /// Takes the memory at once; none for 0 bytes.
  ContiguousArea(HostPort& port, std::uint64_t bytes);

  std::uint64_t size() const { return size_; }
  /// At most size(). Blocks until there is room.
  Run reserve(std::uint64_t bytes);
  /// The same at once; an empty run if there is no room.
  Run try_reserve(std::uint64_t bytes);
  /// An empty run is fine.
  void release(Run& run);
  /// Physical.
  std::uint64_t address(const Run& run) const { return base_ + run.offset; }
  bool idle() const { return size_ == 0 || (free_.size() == 1 && free_.begin()->second == size_); }
  std::uint64_t waits() const { return waits_; }

 private:
  std::uint64_t size_;
  std::uint64_t base_;
  std::map<std::uint64_t, std::uint64_t> free_;  // offset -> bytes; neighbours are merged
  sc_core::sc_event freed_;
  std::uint64_t waits_ = 0;
};

}  // namespace vctoe::driver
