// A context list as a plain table, and what a walk over it must say.
#pragma once

#include <algorithm>
#include <vector>

#include "models/nic/walker.h"

namespace vctoe::nic {

/// A list as the test knows it: the records in the order of their links, and where they lie.
struct TestList {
  std::uint32_t connection = 0;
  std::uint16_t asid = 1;
  std::uint32_t first_sequence = 0;
  std::vector<ContextRecord> records;
  std::vector<std::uint64_t> places;  ///< virtual addresses of the records
  std::uint64_t bytes = 0;
};

/// What a walk must say, from the list as a plain table.
inline std::vector<BlockRequest> flatten(const TestList& list, const WalkRequest& r,
                                         std::uint64_t granularity, bool split_at_pages) {
  std::vector<BlockRequest> out;
  std::uint64_t at = r.sequence - r.first_sequence;
  const std::uint64_t end = at + r.length;
  std::uint64_t record_begin = 0;
  for (const ContextRecord& c : list.records) {
    const std::uint64_t record_end = record_begin + c.data_size;
    while (at < end && at >= record_begin && at < record_end) {
      const std::uint64_t address = c.virtual_address + c.offset + (at - record_begin);
      std::uint64_t n = std::min(std::min(end, record_end) - at, granularity);
      if (split_at_pages) n = std::min(n, 4096 - address % 4096);
      BlockRequest b;
      b.txn = r.txn;
      b.connection = r.connection;
      b.asid = r.asid;
      b.virtual_address = address;
      b.length = static_cast<std::uint32_t>(n);
      b.sequence = static_cast<std::uint32_t>(r.first_sequence + at);
      b.why = r.why;
      at += n;
      b.last = at == end;
      out.push_back(b);
    }
    record_begin = record_end;
  }
  return out;
}

inline bool operator==(const BlockRequest& a, const BlockRequest& b) {
  return a.txn == b.txn && a.connection == b.connection && a.asid == b.asid &&
         a.virtual_address == b.virtual_address && a.length == b.length &&
         a.sequence == b.sequence && a.why == b.why && a.last == b.last;
}

}  // namespace vctoe::nic
