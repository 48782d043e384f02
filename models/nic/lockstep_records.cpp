#include "models/nic/lockstep_records.h"

#include "models/nic/walker_params.h"

namespace vctoe::nic {

void LockstepRecords::put(std::uint32_t connection, const Place& place, const Copy& copy) {
  List& list = connections_[connection];
  const auto [at, fresh] = list.copies.insert_or_assign(place, copy);
  static_cast<void>(at);
  if (!fresh) return;
  list.order.push_back(place);
  if (list.order.size() <= kLimit) return;
  list.copies.erase(list.order.front());
  list.order.pop_front();
}

void LockstepRecords::invalidate(std::uint16_t asid, std::uint64_t page) {
  for (auto& connection : connections_) {
    auto& copies = connection.second.copies;
    for (auto c = copies.lower_bound({asid, page});
         c != copies.end() && c->first.first == asid && node_page(c->first.second) == page; ++c) {
      c->second.stale = true;
    }
  }
}

const LockstepRecords::Copy* LockstepRecords::find(std::uint32_t connection, const Place& place,
                                                   std::uint64_t life) const {
  const auto list = connections_.find(connection);
  if (list == connections_.end()) return nullptr;
  const auto copy = list->second.copies.find(place);
  const bool found = copy != list->second.copies.end() && copy->second.life >= life;
  return found ? &copy->second : nullptr;
}

}  // namespace vctoe::nic
