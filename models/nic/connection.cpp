#include "models/nic/connection.h"

namespace vctoe::nic {

Post* Connection::post_at(std::uint64_t offset) {
  for (Post& p : posts) {
    if (offset < p.end) return offset >= p.begin ? &p : nullptr;
  }
  return nullptr;
}

Connection& ConnectionTable::at(std::uint32_t id) {
  sim::ensure(valid(id), "connection table: id beyond nic.connections");
  auto& entry = entries_[id];
  if (!entry) {
    entry = std::make_unique<Connection>();
    entry->id = id;
  }
  return *entry;
}

}  // namespace vctoe::nic
