// Physically contiguous memory from which scatter lists are allocated.
#pragma once

#include <cstdint>
#include <map>
#include <systemc>
#include <vector>

#include "models/nic/rings.h"
#include "sw/driver/host_port.h"

namespace vctoe::driver {

class ScatterArea {
 public:
  struct Run {
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;  ///< 0: none
  };

  ScatterArea(HostPort& port, std::uint64_t bytes)
      : port_(port), size_(bytes), base_(port.allocate_contiguous(bytes)) {
    free_[0] = size_;
  }

  /// Elements of the longest list that fits at all.
  std::uint64_t max_elements() const { return size_ / sizeof(nic::SgElement); }
  /// Room for `elements`; at most max_elements(). Blocks until there is some.
  Run reserve(std::uint64_t elements);
  /// The same at once; an empty run if there is no room.
  Run try_reserve(std::uint64_t elements);
  /// An empty run is fine.
  void release(Run& run);
  /// Writes the list into the run; its physical address.
  std::uint64_t write(const Run& run, const std::vector<kernel::SgEntry>& list);
  bool idle() const { return free_.size() == 1 && free_.begin()->second == size_; }
  std::uint64_t waits() const { return waits_; }

 private:
  bool take(std::uint64_t bytes, Run& run);

  HostPort& port_;
  std::uint64_t size_;
  std::uint64_t base_;
  std::map<std::uint64_t, std::uint64_t> free_;  // offset -> bytes; neighbours are merged
  std::vector<nic::SgElement> scratch_;
  sc_core::sc_event freed_;
  std::uint64_t waits_ = 0;
};

}  // namespace vctoe::driver
