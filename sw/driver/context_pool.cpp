#include "sw/driver/context_pool.h"

#include <utility>

#include "models/sim/error.h"

namespace vctoe::driver {

ContextPool::ContextPool(VirtualRange memory, ContextOrder order, sim::Rng& rng) : memory_(memory) {
  for (std::size_t i = 0; i < capacity(); ++i) {
    free_.push_back(memory_.address + i * sizeof(nic::ContextRecord));
  }
  if (order == ContextOrder::kSequential) return;
  for (std::size_t i = free_.size(); i > 1; --i) std::swap(free_[i - 1], free_[rng.below(i)]);
}

std::vector<std::uint64_t> ContextPool::take(std::size_t n) {
  sim::ensure(n <= capacity(), "driver: list of more contexts than their pool holds");
  while (free_.size() < n) sim::wait(freed_);
  const auto end = free_.begin() + static_cast<std::ptrdiff_t>(n);
  std::vector<std::uint64_t> taken(free_.begin(), end);
  free_.erase(free_.begin(), end);
  return taken;
}

void ContextPool::give_back(const std::vector<std::uint64_t>& records) {
  if (records.empty()) return;
  free_.insert(free_.end(), records.begin(), records.end());
  sim::notify(freed_);
}

ContextPool& ContextPools::of(kernel::Asid asid) {
  const LockGuard guard(making_);
  const auto known = pools_.find(asid);
  if (known != pools_.end()) return known->second;
  const VirtualRange memory{port_.map(asid, params_.context_pool.n), params_.context_pool.n};
  return pools_
      .emplace(std::piecewise_construct, std::forward_as_tuple(asid),
               std::forward_as_tuple(memory, params_.context_order, rng_))
      .first->second;
}

bool ContextPools::contains(kernel::Asid asid, std::uint64_t address, std::uint64_t length) const {
  const auto it = pools_.find(asid);
  return it != pools_.end() && it->second.memory().contains(address, length);
}

bool ContextPools::idle() const {
  for (const auto& [asid, pool] : pools_) {
    if (!pool.idle()) return false;
  }
  return true;
}

}  // namespace vctoe::driver
