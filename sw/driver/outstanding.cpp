#include "sw/driver/outstanding.h"

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::driver {

void OutstandingTable::Stats::declare(sim::StatList& list) const {
  list.add("entries", entries, "1", "requests and posts not completed");
  list.add("full", full, "1", "times that somebody waited for room in the table");
}

void OutstandingTable::wait_for_room(OutstandingKind kind) {
  if (has_room(kind)) return;
  ++stats_.full;
  while (!has_room(kind)) sim::wait(freed_);
}

void OutstandingTable::open(sim::TxnId txn, OutstandingKind kind, std::uint32_t connection) {
  sim::ensure(has_room(kind), "driver: table of outstanding requests overflows");
  Outstanding entry;
  entry.kind = kind;
  entry.connection = connection;
  entry.since = sim::now();
  const bool fresh = entries_.emplace(txn, entry).second;
  if (!fresh) {
    sim::model_error("driver: request id " + std::to_string(txn) + " is in use");
  }
  ++counts_[static_cast<std::size_t>(kind)];
  stats_.entries.add(1, sim::now());
}

Outstanding* OutstandingTable::find(sim::TxnId txn) {
  const auto it = entries_.find(txn);
  return it == entries_.end() ? nullptr : &it->second;
}

void OutstandingTable::close(sim::TxnId txn) {
  const auto it = entries_.find(txn);
  sim::ensure(it != entries_.end(), "driver: an unknown request is completed");
  --counts_[static_cast<std::size_t>(it->second.kind)];
  entries_.erase(it);
  stats_.entries.sub(1, sim::now());
  sim::notify(freed_);
}

std::string OutstandingTable::describe() const {
  constexpr const char* kKinds[] = {"post", "block", "node"};
  constexpr std::size_t kShown = 8;
  std::string text = std::to_string(entries_.size()) + " outstanding";
  std::size_t shown = 0;
  for (const auto& [txn, entry] : entries_) {
    if (shown++ == kShown) return text + " ...";
    text += std::string(", ") + kKinds[static_cast<std::size_t>(entry.kind)] + " " +
            std::to_string(txn) + " of connection " + std::to_string(entry.connection) +
            (entry.token != 0 ? " (pinned)" : "");
  }
  return text;
}

}  // namespace vctoe::driver
