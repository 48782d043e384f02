// What directed tests are made of.
#pragma once

#include "tb/cosim/hash.h"
#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

/// What most tests begin with: everything that there is in use, no delays.
class Plan {
 public:
  Plan(Set set, std::uint64_t seed) {
    const Limits& l = limits(set);
    s.set = set;
    s.seed = seed;
    s.traffic.seed = mix(seed);
    s.config = {l.engines, l.walks, l.queue, l.tags, l.pages, l.sets - 1, 0,
                l.anchors, 4,       1000,    4096,   0,       0};
    s.traffic.memory_min = s.traffic.memory_max = 20;
    s.traffic.host_min = s.traffic.host_max = 50;
  }

  /// A list of `records` records of 100 bytes, `apart` bytes from each other, the first of them
  /// `offset` bytes behind the begin of `page`.
  std::uint32_t list(std::uint32_t connection, std::uint64_t page, unsigned records,
                     std::uint64_t apart = 32, std::uint64_t offset = 0) {
    ListSpec list;
    list.connection = connection;
    list.asid = 7;
    list.head = page * 4096 + offset;
    list.first_sequence = 1000 * connection;
    for (unsigned i = 0; i < records; ++i) {
      RawRecord raw;
      raw.virtual_address = 0x10'0000 * (connection + 1) + 256 * i;
      raw.data_size = 100;
      raw.starting_sequence = list.first_sequence + 100 * i;
      raw.next = i + 1 == records ? 0 : list.head + apart * (i + 1);
      list.records.push_back({list.head + apart * i, raw, false});
    }
    list.end_sequence = list.first_sequence + 100 * records;
    s.lists.push_back(list);
    return static_cast<std::uint32_t>(s.lists.size() - 1);
  }

  Op& add(OpKind kind, std::uint32_t list, When when = When::kNow) {
    Op op;
    op.kind = kind;
    op.list = list;
    op.when = when;
    s.ops.push_back(op);
    return s.ops.back();
  }
  /// `at`: bytes from the list's begin on.
  Op& walk(std::uint32_t list, std::uint32_t at, std::uint32_t length) {
    Op& op = add(OpKind::kWalk, list);
    op.txn = ++txn_;
    op.sequence = s.lists[list].first_sequence + at;
    op.length = length;
    return op;
  }

  Scenario s;

 private:
  std::uint32_t txn_ = 0;
};

}  // namespace vctoe::cosim
