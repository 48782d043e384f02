#include "sw/driver/scatter_area.h"

#include "models/sim/error.h"

namespace vctoe::driver {

std::uint64_t ScatterArea::write(const Run& run, const std::vector<kernel::SgEntry>& list,
                                 std::uint64_t skip) {
  const std::uint64_t begin = skip * sizeof(nic::SgElement);
  const std::uint64_t bytes = list.size() * sizeof(nic::SgElement);
  sim::ensure(begin + bytes <= run.bytes,
              "driver: scatter list longer than the room reserved for it");
  scratch_.clear();
  for (const kernel::SgEntry& e : list) scratch_.push_back({e.address, e.length, 0});
  port_.store(area_.address(run) + begin, scratch_.data(), bytes);
  return area_.address(run) + begin;
}

}  // namespace vctoe::driver
