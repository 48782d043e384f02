// Physically contiguous memory from which scatter lists are allocated.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/rings.h"
#include "sw/driver/contiguous_area.h"

namespace vctoe::driver {

class ScatterArea {
 public:
  using Run = ContiguousArea::Run;

  ScatterArea(HostPort& port, std::uint64_t bytes) : port_(port), area_(port, bytes) {}

  /// Elements of the longest list that fits at all.
  std::uint64_t max_elements() const { return area_.size() / sizeof(nic::SgElement); }
  /// Room for `elements`; at most max_elements(). Blocks until there is some.
  Run reserve(std::uint64_t elements) { return area_.reserve(elements * sizeof(nic::SgElement)); }
  /// The same at once; an empty run if there is no room.
  Run try_reserve(std::uint64_t elements) {
    return area_.try_reserve(elements * sizeof(nic::SgElement));
  }
  /// An empty run is fine.
  void release(Run& run) { area_.release(run); }
  /// Writes the list into the run, behind `skip` elements; its physical address.
  std::uint64_t write(const Run& run, const std::vector<kernel::SgEntry>& list,
                      std::uint64_t skip = 0);
  bool idle() const { return area_.idle(); }
  std::uint64_t waits() const { return area_.waits(); }

 private:
  HostPort& port_;
  ContiguousArea area_;
  std::vector<nic::SgElement> scratch_;
};

}  // namespace vctoe::driver
