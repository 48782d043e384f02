#include "tb/cosim/directed.h"

#include "tb/cosim/hash.h"

namespace vctoe::cosim {
namespace {

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

  /// A list of `records` records of 100 bytes, `apart` bytes from each other.
  std::uint32_t list(std::uint32_t connection, std::uint64_t page, unsigned records,
                     std::uint64_t apart = 32) {
    ListSpec list;
    list.connection = connection;
    list.asid = 7;
    list.head = page * 4096;
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

/// The second record of connection 0 has a gap, while its own next walk and others queue.
Scenario fault_while_others_queue(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  for (std::uint32_t c = 0; c < 6; ++c) p.list(c, 0x100 + c, 4);
  p.s.lists[0].records[1].raw.starting_sequence += 1;
  for (std::uint32_t at = 0; at < 2; ++at) {
    for (std::uint32_t c = 0; c < 6; ++c) p.walk(c, 200 * at, 200);
  }
  return p.s;
}

/// Reset comes when fetches are out, in the middle of prefetch, and everything is asked again.
Scenario reset_with_fetches_in_flight(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 4;
  p.s.traffic.memory_min = p.s.traffic.memory_max = 300;
  for (std::uint32_t c = 0; c < 4; ++c) p.list(c, 0x100 + c, 8);
  for (unsigned times = 0; times < 3; ++times) {
    for (std::uint32_t c = 0; c < 4; ++c) p.walk(c, 0, 300);
    p.add(OpKind::kReset, 0, times == 1 ? When::kFetchStalled : When::kFetchOut).gap = 100 * times;
  }
  for (std::uint32_t c = 0; c < 4; ++c) p.walk(c, 0, 800);
  return p.s;
}

/// More walks than the queue has places, of the slowest of hosts: who is not taken tries on.
Scenario full_buffer_with_retry(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.queue = 2;
  p.s.config.walks = p.s.config.engines;
  p.s.traffic.host_min = p.s.traffic.host_max = 400;
  p.s.traffic.out = Pattern::kRare;
  for (std::uint32_t c = 0; c < 8; ++c) p.list(c, 0x100 + c, 2);
  for (std::uint32_t i = 0; i < 32; ++i) p.walk(i % 8, 50 * (i / 8), 50);
  return p.s;
}

/// Each record is in a page of its own, so that whatever is read ahead needs a page first.
Scenario translation_miss_during_a_prefetch(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 8;
  p.s.config.pages = std::min(p.s.config.pages, 4u);
  p.list(0, 0x100, 12, 4096);
  p.list(1, 0x200, 12, 4096);
  for (std::uint32_t i = 0; i < 12; ++i) {
    p.walk(0, 100 * i, 100).gap = 60;
    p.walk(1, 100 * i, 100);
  }
  p.add(OpKind::kCancel, 0, When::kReadAhead);
  p.walk(0, 0, 300);
  return p.s;
}

/// A list of 40 records, walked in 40 steps: who starts at the head each time reads 820 records.
Scenario a_walk_starts_where_the_last_one_ended(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.set_mask = 0;  // four records are kept
  p.list(0, 0x100, 40);
  for (std::uint32_t i = 0; i < 40; ++i) p.walk(0, 100 * i, 100);
  return p.s;
}

std::string few_fetches(const Outcome& outcome) {
  if (outcome.fetches <= 44) return "";
  return fmt::format("{} fetches where 40 are enough", outcome.fetches);
}

/// First transmissions leave anchors; a retransmission of the last records finds one near.
Scenario a_retransmission_starts_at_an_anchor(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.set_mask = 0;
  p.s.config.anchor_stride = 30;
  p.list(0, 0x100, 40);
  for (std::uint32_t i = 0; i < 40; ++i) p.walk(0, 100 * i, 100);
  p.walk(0, 3200, 50).retransmit = 1;
  p.walk(0, 3250, 50).retransmit = 1;
  return p.s;
}

std::string few_fetches_again(const Outcome& outcome) {
  if (outcome.fetches <= 50) return "";
  return fmt::format("{} fetches where 43 are enough", outcome.fetches);
}

/// A walk of one connection fails while that of another is in the middle of its blocks.
Scenario blocks_go_on_while_another_walk_fails(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.granularity = 10;
  p.s.traffic.out = Pattern::kBursts;
  for (std::uint32_t c = 0; c < 4; ++c) p.list(c, 0x100, 4, 1024);
  for (std::uint32_t c = 0; c < 4; ++c) {
    p.s.lists[c].head += 32 * c;
    for (auto& r : p.s.lists[c].records) {
      r.address += 32 * c;
      if (r.raw.next != 0) r.raw.next += 32 * c;
    }
  }
  p.s.lists[1].records[1].raw.data_size = 0;
  p.s.lists[2].records[2].broken = true;
  for (unsigned times = 0; times < 3; ++times) {
    for (std::uint32_t c = 0; c < 4; ++c) p.walk(c, 0, 400);
  }
  return p.s;
}

/// A cancel at each moment that there is, and the connection's memory is used anew at once.
Scenario cancel_at_every_step(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 3;
  p.s.config.granularity = 25;
  p.s.traffic.out = p.s.traffic.fetch = Pattern::kLazy;
  for (std::uint32_t c = 0; c < 2; ++c) p.list(c, 0x100 + 2 * c, 10, 480);
  for (unsigned when = 0; when < static_cast<unsigned>(When::kCount); ++when) {
    for (const unsigned gap : {0u, 3u, 9u, 27u}) {
      p.walk(0, 100 * (when % 3), 300);
      p.walk(1, 0, 500);
      p.walk(0, 0, 200);
      Op& cancel = p.add(OpKind::kCancel, 0, static_cast<When>(when));
      cancel.gap = gap;
      cancel.rewrite = true;
      p.walk(0, 0, 250);
    }
  }
  return p.s;
}

/// A page is invalidated at each moment, and its records are others afterwards.
Scenario invalidate_at_every_step(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 4;
  for (std::uint32_t c = 0; c < 2; ++c) p.list(c, 0x100, 8, 512);
  for (auto& r : p.s.lists[1].records) {
    r.address += 64;
    if (r.raw.next != 0) r.raw.next += 64;
  }
  p.s.lists[1].head += 64;
  for (unsigned when = 0; when < static_cast<unsigned>(When::kCount); ++when) {
    for (const unsigned gap : {0u, 2u, 5u, 30u}) {
      p.walk(0, 0, 200);
      p.walk(1, 0, 400);
      Op& moved = p.add(OpKind::kInvalidate, 0, static_cast<When>(when));
      moved.gap = gap;
      p.walk(0, 200, 300);
      p.add(OpKind::kInvalidate, 0).rewrite = true;
    }
  }
  p.walk(0, 0, 800);
  return p.s;
}

/// A page is invalidated again while a fetch through it is still out.
Scenario a_page_is_invalidated_twice(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.traffic.memory_min = p.s.traffic.memory_max = 300;
  p.list(0, 0x100, 4);
  p.walk(0, 0, 400);
  for (unsigned i = 0; i < 3; ++i) p.add(OpKind::kInvalidate, 0, When::kFetchOut).gap = 20 * i;
  p.walk(0, 100, 200);
  return p.s;
}

/// Records of the largest size; the third ends with the last byte that a list may have.
Scenario a_list_of_four_gigabytes(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.granularity = 1u << 30;
  p.list(0, 0x100, 4);
  ListSpec& list = p.s.lists[0];
  list.end_sequence = list.first_sequence;
  for (std::size_t i = 0; i < list.records.size(); ++i) {
    RawRecord& raw = list.records[i].raw;
    raw.data_size = i < 2 ? 0x7fff'ffff : 2;
    raw.starting_sequence = list.end_sequence;
    list.end_sequence += raw.data_size;
  }
  p.walk(0, 0, 0x7fff'ffff);
  p.walk(0, 0x7fff'fff0, 0x7fff'ffff);
  p.walk(0, 0xffff'fffd, 3);
  p.walk(0, 0xffff'fffd, 4);  // too long
  return p.s;
}

/// As many records as make upper bits of indices and counts change. Once is enough for that: in the
/// set in which a cycle costs least.
Scenario a_list_of_many_records(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  const unsigned records = set == Set::kSmall ? 66'000 : 300;
  p.s.config.max_records = records;
  p.s.config.anchor_stride = 4096;
  p.s.traffic.memory_min = p.s.traffic.memory_max = 1;
  p.list(0, 0x100, records);
  p.walk(0, 0, 100 * records);
  p.walk(0, 100 * (records - 2), 200).retransmit = 1;
  return p.s;
}

/// Connections of a round of every_tag_is_in_use: as many as there can be walks, then as many as
/// there can be reads ahead. Heads of the first and of the others are in a page each, what is
/// behind them in a third.
void lists_of_a_round(Plan& p, unsigned round, std::uint32_t walks, std::uint32_t both) {
  for (std::uint32_t i = 0; i < both; ++i) {
    const std::uint32_t connection = (both * round + i) % limits(p.s.set).connections;
    const std::uint32_t list = p.list(connection, 0x100 + 4 * round + (i < walks ? 0 : 1), 2);
    ListSpec& l = p.s.lists[list];
    l.head += i % walks * 32;
    l.later = true;
    l.records[0].address = l.head;
    l.records[0].raw.next = l.records[1].address = (0x102 + 4 * round) * 4096 + i * 32;
    p.add(OpKind::kInstall, list);
  }
}

/// Walks wait for their page and then for their heads; while the next ones do so, what is read
/// ahead for the first does too. In the first round the pages are invalidated under all these
/// reads, in the second their connections are cancelled, in the third the host cannot identify the
/// pages.
Scenario every_tag_is_in_use(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  const std::uint32_t walks = limits(set).walks, both = limits(set).tags;
  constexpr std::uint32_t kSlow = 3000;
  p.s.config.prefetch = 64;
  p.s.traffic.memory_min = kSlow, p.s.traffic.memory_max = kSlow + 2000;
  p.s.traffic.host_min = p.s.traffic.host_max = kSlow;
  for (unsigned round = 0; round < 3; ++round) {
    const std::uint32_t first = both * round;
    lists_of_a_round(p, round, walks, both);
    for (std::uint32_t i = 0; i < both; ++i) p.walk(first + i, 0, 50);
    // Asked for 0 .. 1, out 1 .. 2, then the same for what comes second.
    if (round == 0) {
      p.add(OpKind::kInvalidate, first).gap = 7 * kSlow / 2;
      p.add(OpKind::kInvalidate, first + both - 1);
      p.add(OpKind::kInvalidate, first).record = 1;
    } else if (round == 1) {
      for (std::uint32_t i = 0; i < both; ++i) {
        p.add(OpKind::kCancel, first + i).gap = i == 0 ? 7 * kSlow / 2 : 0;
      }
    } else {
      for (const std::uint64_t page : {1, 2}) p.s.bad_pages.insert({7, 0x100 + 4 * round + page});
    }
    for (std::uint32_t i = 0; i < both; i += 8) p.walk(first + i, 0, 200);
    p.add(OpKind::kDrain, first);
  }
  return p.s;
}

/// A read under way through each page that can be known, and all of them are invalidated at once.
Scenario every_page_goes_under_a_read(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.traffic.host_min = p.s.traffic.host_max = 1000;
  p.s.traffic.memory_min = p.s.traffic.memory_max = 1000;
  const std::uint32_t pages = std::min(limits(set).pages, limits(set).walks);
  for (std::uint32_t c = 0; c < pages; ++c) p.walk(p.list(c, 0x100 + c, 2), 0, 150);
  for (std::uint32_t c = 0; c < pages; ++c) {
    p.add(OpKind::kInvalidate, c).gap = c == 0 ? 1500 : 0;
  }
  for (std::uint32_t c = 0; c < pages; ++c) p.walk(c, 0, 200);
  return p.s;
}

/// Addresses of which every bit is 1, and the limits are as high as they go.
Scenario a_list_at_the_end_of_memory(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 2;
  p.s.config.max_records = 0x7fff'ffff;
  p.s.config.granularity = 0x3fff'ffff;
  p.list(0, 0xf'ffff'ffff'fffe, 130);  // the last of them is the last of all places
  p.list(1, 0xf'ffff'ffff'fffe, 130);
  ListSpec& wrong = p.s.lists[1];
  wrong.asid = 8;
  wrong.records[128].raw.next += 24;
  for (unsigned times = 0; times < 2; ++times) {
    for (std::uint32_t c = 0; c < 2; ++c) p.walk(c, 0, 13'000);
    p.add(OpKind::kCancel, 1, When::kBlock);
  }
  return p.s;
}

/// All places of the queue are of one connection, and go at once.
Scenario a_cancel_of_a_full_queue(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.traffic.host_min = p.s.traffic.host_max = 600;
  p.list(0, 0x100, 2);
  for (std::uint32_t i = 0; i < limits(set).queue + 1; ++i) p.walk(0, i % 100, 50);
  p.add(OpKind::kCancel, 0).gap = limits(set).queue;
  p.walk(0, 0, 150);
  return p.s;
}

/// Whatever is kept for each connection is used, a bit of it at least.
Scenario a_walk_of_each_connection(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.anchor_stride = 1;
  for (std::uint32_t c = 0; c < limits(set).connections; ++c) {
    const std::uint32_t list = p.list(c, 0x100 + c / 16, 2);
    ListSpec& l = p.s.lists[list];
    l.head += c % 16 * 64;
    for (auto& r : l.records) {
      r.address += c % 16 * 64;
      if (r.raw.next != 0) r.raw.next += c % 16 * 64;
    }
    p.walk(list, 0, 150);
  }
  return p.s;
}

}  // namespace

const std::vector<DirectedTest>& directed_tests() {
  static const std::vector<DirectedTest> tests{
      {"fault while other walks queue", fault_while_others_queue, nullptr},
      {"reset with fetches in flight", reset_with_fetches_in_flight, nullptr},
      {"full buffer with retry", full_buffer_with_retry, nullptr},
      {"translation miss during a prefetch", translation_miss_during_a_prefetch, nullptr},
      {"a walk starts where the last one ended", a_walk_starts_where_the_last_one_ended,
       few_fetches},
      {"a retransmission starts at an anchor", a_retransmission_starts_at_an_anchor,
       few_fetches_again},
      {"blocks go on while another walk fails", blocks_go_on_while_another_walk_fails, nullptr},
      {"cancel at every step", cancel_at_every_step, nullptr},
      {"invalidate at every step", invalidate_at_every_step, nullptr},
      {"a page is invalidated twice", a_page_is_invalidated_twice, nullptr},
      {"every tag is in use", every_tag_is_in_use, nullptr},
      {"every page goes under a read", every_page_goes_under_a_read, nullptr},
      {"a list at the end of memory", a_list_at_the_end_of_memory, nullptr},
      {"a cancel of a full queue", a_cancel_of_a_full_queue, nullptr},
      {"a walk of each connection", a_walk_of_each_connection, nullptr},
      {"a list of four gigabytes", a_list_of_four_gigabytes, nullptr},
      {"a list of many records", a_list_of_many_records, nullptr},
  };
  return tests;
}

}  // namespace vctoe::cosim
