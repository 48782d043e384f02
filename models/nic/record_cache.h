// Context records kept on the NIC.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/walker_params.h"

namespace vctoe::nic {

/// Where a record is and what it must say: the name under which it is cached.
struct RecordKey {
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  std::uint64_t address = 0;   ///< virtual
  std::uint32_t sequence = 0;  ///< of its first byte, as the records before it say
};

/// Set-associative (4 ways, or fewer records than that), least recently used first out. A copy is a
/// hit only when it begins at the sequence number expected there: the host may use a record's
/// memory again for another list, and an old copy then must not be taken for the new record.
class RecordCache {
 public:
  RecordCache(std::uint64_t records, WalkerStats& stats);

  /// The copy, or null. Valid until the next insert().
  const ContextRecord* find(const RecordKey& key);
  /// The same, but neither counted nor used.
  const ContextRecord* peek(const RecordKey& key) const;
  void insert(const RecordKey& key, const ContextRecord& record);
  void forget_connection(std::uint32_t connection);
  void forget_page(std::uint16_t asid, std::uint64_t page);
  std::size_t size() const;

 private:
  struct Line {
    bool valid = false;
    RecordKey key;
    ContextRecord record;
    std::uint64_t used = 0;
  };
  static constexpr std::uint64_t kWays = 4;

  std::size_t set_of(const RecordKey& key) const;
  const Line* line_of(const RecordKey& key) const;

  WalkerStats& stats_;
  std::uint64_t ways_;
  std::vector<Line> lines_;
  std::uint64_t clock_ = 0;  ///< counts uses
};

}  // namespace vctoe::nic
