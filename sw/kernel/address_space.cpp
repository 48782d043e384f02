#include "sw/kernel/address_space.h"

#include <algorithm>
#include <vector>

namespace vctoe::kernel {

Mapping* AddressSpace::find(std::uint64_t vpn) {
  if (latest_ != nullptr && latest_->first <= vpn && vpn < latest_->last) return latest_;
  auto at = mappings_.upper_bound(vpn);
  if (at == mappings_.begin()) return nullptr;
  --at;
  if (vpn >= at->second.last) return nullptr;
  latest_ = &at->second;
  return latest_;
}

bool AddressSpace::add(std::uint64_t first, std::uint64_t last, Permission permission) {
  const auto next = mappings_.lower_bound(first);
  if (next != mappings_.end() && next->first < last) return false;
  if (next != mappings_.begin() && std::prev(next)->second.last > first) return false;
  mappings_.emplace(first, Mapping{first, last, permission, {}});
  return true;
}

void AddressSpace::remove(std::uint64_t first, std::uint64_t last) {
  latest_ = nullptr;
  std::vector<Mapping> rest;
  for (auto it = mappings_.begin(); it != mappings_.end();) {
    const Mapping m = it->second;
    if (m.last <= first || m.first >= last) {
      ++it;
      continue;
    }
    it = mappings_.erase(it);
    if (m.first < first) rest.push_back({m.first, first, m.permission, m.readahead});
    if (m.last > last) rest.push_back({last, m.last, m.permission, m.readahead});
  }
  for (const Mapping& m : rest) mappings_.emplace(m.first, m);
}

template <class Predicate>
bool AddressSpace::all_of(std::uint64_t first, std::uint64_t last, Predicate predicate) {
  while (first < last) {
    const Mapping* m = find(first);
    if (m == nullptr || !predicate(*m)) return false;
    first = m->last;
  }
  return true;
}

bool AddressSpace::covers(std::uint64_t first, std::uint64_t last) {
  return all_of(first, last, [](const Mapping&) { return true; });
}

bool AddressSpace::covers_writable(std::uint64_t first, std::uint64_t last) {
  return all_of(first, last, [](const Mapping& m) { return m.writable(); });
}

}  // namespace vctoe::kernel
