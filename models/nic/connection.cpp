#include "models/nic/connection.h"

namespace vctoe::nic {

Post* Connection::post_at(std::uint64_t offset) {
  for (Post& p : posts) {
    if (offset < p.end) return offset >= p.begin ? &p : nullptr;
  }
  return nullptr;
}

Connection& ConnectionTable::make(std::uint32_t id) {
  sim::ensure(valid(id), "connection table: id beyond nic.connections");
  entries_[id] = std::make_unique<Connection>();
  entries_[id]->id = id;
  return *entries_[id];
}

}  // namespace vctoe::nic
