#include "sw/driver/scatter_area.h"

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::driver {

ScatterArea::Run ScatterArea::reserve(std::uint64_t elements) {
  sim::ensure(elements <= max_elements(), "driver: scatter list longer than its area");
  Run run;
  if (take(elements * sizeof(nic::SgElement), run)) return run;
  ++waits_;
  while (!take(elements * sizeof(nic::SgElement), run)) sim::wait(freed_);
  return run;
}

ScatterArea::Run ScatterArea::try_reserve(std::uint64_t elements) {
  Run run;
  take(elements * sizeof(nic::SgElement), run);
  return run;
}

/// First fit: lists are few and short-lived.
bool ScatterArea::take(std::uint64_t bytes, Run& run) {
  for (auto it = free_.begin(); it != free_.end(); ++it) {
    const auto [offset, room] = *it;
    if (room < bytes) continue;
    free_.erase(it);
    if (room > bytes) free_[offset + bytes] = room - bytes;
    run = {offset, bytes};
    return true;
  }
  return false;
}

void ScatterArea::release(Run& run) {
  if (run.bytes == 0) return;
  auto next = free_.lower_bound(run.offset);
  sim::ensure(next == free_.end() || run.offset + run.bytes <= next->first,
              "driver: scatter list released twice");
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

std::uint64_t ScatterArea::write(const Run& run, const std::vector<kernel::SgEntry>& list) {
  const std::uint64_t bytes = list.size() * sizeof(nic::SgElement);
  sim::ensure(bytes <= run.bytes, "driver: scatter list longer than the room reserved for it");
  scratch_.clear();
  for (const kernel::SgEntry& e : list) scratch_.push_back({e.address, e.length, 0});
  port_.store(base_ + run.offset, scratch_.data(), bytes);
  return base_ + run.offset;
}

}  // namespace vctoe::driver
