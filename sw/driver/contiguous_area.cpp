#include "sw/driver/contiguous_area.h"

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::driver {

ContiguousArea::ContiguousArea(HostPort& port, std::uint64_t bytes)
    : size_(bytes), base_(bytes == 0 ? 0 : port.allocate_contiguous(bytes)) {
  if (bytes != 0) free_[0] = bytes;
}

ContiguousArea::Run ContiguousArea::reserve(std::uint64_t bytes) {
  sim::ensure(bytes <= size_, "driver: more contiguous memory wanted than its area has");
  Run run = try_reserve(bytes);
  if (run.bytes == 0) ++waits_;
  while (run.bytes == 0) {
    sim::wait(freed_);
    run = try_reserve(bytes);
  }
  return run;
}

/// First fit: runs are few and short-lived.
ContiguousArea::Run ContiguousArea::try_reserve(std::uint64_t bytes) {
  for (auto it = free_.begin(); it != free_.end(); ++it) {
    const auto [offset, room] = *it;
    if (room < bytes) continue;
    free_.erase(it);
    if (room > bytes) free_[offset + bytes] = room - bytes;
    return {offset, bytes};
  }
  return {};
}

void ContiguousArea::release(Run& run) {
  if (run.bytes == 0) return;
  auto next = free_.lower_bound(run.offset);
  sim::ensure(next == free_.end() || run.offset + run.bytes <= next->first,
              "driver: contiguous memory released twice");
  auto it = free_.emplace_hint(next, run.offset, run.bytes);
  if (next != free_.end() && it->first + it->second == next->first) {
    it->second += next->second;
    free_.erase(next);
  }
  if (it != free_.begin()) {
    const auto before = std::prev(it);
    if (before->first + before->second == it->first) {
      before->second += it->second;
      free_.erase(it);
    }
  }
  run = {};
  sim::notify(freed_);
}

}  // namespace vctoe::driver
