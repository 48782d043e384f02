// Context information 126 of paragraph [0022]: everything that was sent to the adaptor, or came
// from it, and is not completed.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <systemc>

#include "models/sim/stats.h"
#include "sw/driver/gatherer.h"
#include "sw/driver/scatter_area.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::driver {

enum class OutstandingKind : std::uint8_t { kPost, kBlock, kNode };

struct Outstanding {
  OutstandingKind kind{};
  std::uint32_t connection = 0;
  sim::Time since;
  kernel::PinToken token = 0;  ///< of a block or node that was answered physically
  ScatterArea::Run list;       ///< its scatter list, where it did not fit into the reply
  Gatherer::Copy copy;         ///< of its bytes, where the NIC reads from one
  bool again = false;          ///< the copy is for a retransmission
};

class OutstandingTable {
 public:
  explicit OutstandingTable(std::size_t capacity) : capacity_(capacity) {}

  struct Stats {
    sim::Level entries;
    std::uint64_t full = 0;
    void declare(sim::StatList& list) const;
  };

  /// Posts may take half of the table, so that requests which posts depend on always find room.
  bool has_room(OutstandingKind kind) const {
    if (kind == OutstandingKind::kPost) return count(kind) < (capacity_ + 1) / 2 && !full();
    return !full();
  }
  /// Blocks until has_room().
  void wait_for_room(OutstandingKind kind);
  /// There must be room. An id in use is a model error.
  void open(sim::TxnId txn, OutstandingKind kind, std::uint32_t connection);
  /// Null if unknown.
  Outstanding* find(sim::TxnId txn);
  void close(sim::TxnId txn);

  std::size_t size() const { return entries_.size(); }
  std::size_t count(OutstandingKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  /// Something is under way. Pages of context records do not count: the walker may keep them.
  bool busy() const { return size() != count(OutstandingKind::kNode); }
  /// The oldest entries, for the watchdog.
  std::string describe() const;
  const Stats& stats() const { return stats_; }
  void settle(sim::Time at) { stats_.entries.settle(at); }

 private:
  bool full() const { return entries_.size() >= capacity_; }

  std::size_t capacity_;
  std::array<std::size_t, 3> counts_{};  // by kind
  std::map<sim::TxnId, Outstanding> entries_;
  sc_core::sc_event freed_;
  Stats stats_;
};

}  // namespace vctoe::driver
