// What the RTL of a lockstep has read from host memory: the model beside it reads it from here.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <unordered_map>
#include <utility>

#include "models/nic/context_format.h"

namespace vctoe::nic {

/// Records by connection and virtual address, the latest copy of each. A connection's life ends
/// with a cancel, and copies of an earlier life do not count. Above a limit, the oldest go.
class LockstepRecords {
 public:
  static constexpr std::size_t kLimit = 16384;  ///< a connection; far above any record cache
  using Place = std::pair<std::uint16_t, std::uint64_t>;  ///< address space, virtual address
  struct Copy {
    bool ok = false;
    ContextRecord record;
    std::uint64_t life = 0;  ///< of the connection
    bool stale = false;      ///< its page was invalidated after it was read
  };

  void put(std::uint32_t connection, const Place& place, const Copy& copy);
  /// Null when it was never read in this life or a later one.
  const Copy* find(std::uint32_t connection, const Place& place, std::uint64_t life) const;
  /// What was read from the page is stale.
  void invalidate(std::uint16_t asid, std::uint64_t page);
  void forget(std::uint32_t connection) { connections_.erase(connection); }

 private:
  struct List {
    std::map<Place, Copy> copies;
    std::deque<Place> order;  ///< of their first reading
  };
  std::unordered_map<std::uint32_t, List> connections_;  ///< looked up only, never iterated
};

}  // namespace vctoe::nic
