// Directed tests that use all there is: every tag, page, connection, bit.
#include "tb/cosim/directed_full.h"

#include <algorithm>

#include "tb/cosim/plan.h"

namespace vctoe::cosim {
namespace {

/// Lists of two records of a round of every_tag_is_in_use, for as many connections as there can be
/// walks, then for as many as there can be reads ahead. Heads of the first are in a page, what is
/// behind them in a second together with heads of the others, what is behind these in a third.
void lists_of_a_round(Plan& p, unsigned round, std::uint32_t walks, std::uint32_t both) {
  for (std::uint32_t i = 0; i < both; ++i) {
    const std::uint32_t connection = (both * round + i) % limits(p.s.set).connections;
    const std::uint64_t place = i % walks * 32;
    const std::uint32_t list = i < walks
                                   ? p.list(connection, 0x100 + 4 * round, 2, 4096, place)
                                   : p.list(connection, 0x101 + 4 * round, 2, 2048, 2048 + place);
    p.s.lists[list].later = true;
    p.add(OpKind::kInstall, list);
  }
}

}  // namespace

/// Records of the largest size; the third ends with the last byte that a list may have. Each is in
/// a page of its own, so that the walk waits even for the one that is too much.
Scenario a_list_of_four_gigabytes(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.granularity = 1u << 30;
  p.list(0, 0x100, 4, 4096);
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
  const auto cancel = [&p](When when) {
    p.add(OpKind::kCancel, 0, when);
    p.add(OpKind::kDrain, 0);
  };
  p.walk(0, 0xffff'fffd, 3);
  p.walk(0, 0xffff'fffe, 1);
  p.add(OpKind::kDrain, 0);
  cancel(When::kNow);
  p.walk(0, 0xffff'fffd, 4);  // too long
  p.add(OpKind::kDrain, 0);
  cancel(When::kNow);
  p.walk(0, 0x2000'0000, 0x7fff'ffff);
  cancel(When::kFetchOut);
  return p.s;
}

/// As many records as make upper bits of indices and counts change. Once is enough for that: in the
/// set in which a cycle costs least.
Scenario a_list_of_many_records(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  const unsigned records = set == Set::kSmall ? 0x2'0000 : 300;
  p.s.config.max_records = records;
  p.s.config.anchor_stride = set == Set::kSmall ? 511 : 8;
  p.s.traffic.memory_min = p.s.traffic.memory_max = 1;
  p.list(0, 0x100, records, 32, 2048);
  p.walk(0, 0, 100 * records);
  p.walk(0, 100 * (records - 2), 200).retransmit = 1;
  p.add(OpKind::kDrain, 0);
  p.add(OpKind::kCancel, 0);
  return p.s;
}

/// Walks wait for their page and then for their heads; while the next ones do so, what is read
/// ahead for the first does too. In the first round the pages are invalidated under all these
/// reads, in the second their connections are cancelled, in the others the host cannot identify a
/// page. Which tag serves what is by chance, hence so many of them.
Scenario every_tag_is_in_use(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  const std::uint32_t walks = limits(set).walks, both = limits(set).tags;
  const std::uint32_t slow = std::max(200u, 12 * both);
  p.s.config.prefetch = 64;
  p.s.traffic.memory_min = slow, p.s.traffic.memory_max = 2 * slow;
  p.s.traffic.order = Order::kRandom;  // one after the other: the queue of reads ahead is short
  p.s.traffic.host_min = p.s.traffic.host_max = 2 * slow;
  for (unsigned round = 0; round < (set == Set::kLarge ? 20 : 4); ++round) {
    const std::uint32_t first = both * round;
    lists_of_a_round(p, round, walks, both);
    const std::uint32_t last = round == 1 ? walks + (both - walks) / 2 : both - 1;
    for (std::uint32_t i = 0; i <= last; ++i) p.walk(first + i, 0, 50);
    // Heads are asked for 0 .. 2 and out 2 .. 4, what comes second 3 .. 5 and 5 .. 7.
    if (round == 0) {
      p.add(OpKind::kInvalidate, first + last).gap = 11 * slow / 2;
    } else if (round == 1) {
      for (std::uint32_t i = 0; i <= last; ++i) {
        p.add(OpKind::kCancel, first + i).gap = i == 0 ? 11 * slow / 2 : 0;
      }
    } else {
      p.s.bad_pages.insert({7, 0x101 + 4 * round});
    }
    for (std::uint32_t i = 0; i < both; i += 8) p.walk(first + i, 0, 200);
    p.add(OpKind::kDrain, first);
  }
  return p.s;
}

/// A read under way through each page that can be known, and all of them are invalidated at once.
/// What the host is to hear of it waits.
Scenario every_page_goes_under_a_read(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  const std::uint32_t pages = std::min(limits(set).pages, limits(set).walks);
  p.s.traffic.host_min = p.s.traffic.host_max = 16 * pages;
  p.s.traffic.memory_min = p.s.traffic.memory_max = 300 * pages;
  p.s.traffic.out = Pattern::kRare;
  for (std::uint32_t c = 0; c < pages; ++c) p.walk(p.list(c, 0x100 + c, 2), 0, 150);
  for (std::uint32_t c = 0; c < pages; ++c) {
    p.add(OpKind::kInvalidate, c).gap = c == 0 ? 150 * pages : 0;
  }
  for (std::uint32_t c = 0; c < pages; ++c) p.walk(c, 0, 200);
  return p.s;
}

/// All pages that can be known are one connection's, and go with it. What the host is to hear of it
/// waits.
Scenario a_cancel_gives_all_pages_back(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.traffic.out = Pattern::kRare;
  p.list(0, 0x100, limits(set).pages, 4096);
  p.walk(0, 0, 100 * limits(set).pages);
  p.add(OpKind::kDrain, 0);
  p.add(OpKind::kCancel, 0);
  return p.s;
}

/// One page at a time: all walks but one have to ask again.
Scenario walks_wait_for_room_for_a_page(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.pages = 1;
  p.s.config.queue = std::max(1u, limits(set).queue * 3 / 4);
  p.s.traffic.host_min = p.s.traffic.host_max = 400;
  for (std::uint32_t c = 0; c < std::min(limits(set).connections, 2 * limits(set).walks); ++c) {
    p.walk(p.list(c, 0x100 + c, 1), 0, 100);
  }
  return p.s;
}

/// Heads and links that are off by each of the bits that must be 0.
Scenario every_bit_of_a_misaligned_link(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 3;
  for (unsigned bit = 0; bit < 5; ++bit) {
    const std::uint32_t head = p.list(0, 0x100, 1);
    p.s.lists[head].head += 1u << bit;
    p.walk(head, 0, 100);
    const std::uint32_t link = p.list(1, 0x101 + bit, 4);
    p.s.lists[link].records[2].raw.next += 1u << bit;
    for (unsigned times = 0; times < 3; ++times) p.walk(link, 0, 400);
    for (const std::uint32_t list : {head, link}) {
      p.add(OpKind::kDrain, list);
      p.walk(list, 0, 400);
      p.add(OpKind::kDrain, list);
      p.add(OpKind::kCancel, list);
    }
    p.add(OpKind::kDrain, 0);
  }
  return p.s;
}

/// A list of records each of which lies at an address of one bit.
Scenario an_address_of_each_single_bit(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 4;
  const std::uint32_t list = p.list(0, 0, 59);
  auto& records = p.s.lists[list].records;
  for (unsigned i = 0; i < 59; ++i) {
    records[i].address = std::uint64_t{32} << i;
    if (i > 0) records[i - 1].raw.next = records[i].address;
  }
  p.s.lists[list].head = records[0].address;
  p.walk(list, 0, 5900);
  p.walk(list, 5800, 100).retransmit = 1;
  return p.s;
}

/// Addresses of which every bit is 1, and the limits are as high as they go.
Scenario a_list_at_the_end_of_memory(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.prefetch = 48;
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

/// All places of the queue but one are of one connection, and go at once.
Scenario a_cancel_of_a_full_queue(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.traffic.host_min = p.s.traffic.host_max = 600;
  p.list(0, 0x100, 2);
  p.list(1, 0x101, 2);
  for (std::uint32_t i = 0; i < limits(set).queue; ++i) p.walk(0, i % 100, 50);
  p.walk(1, 0, 50);
  for (std::uint32_t i = 0; i < 2; ++i) p.walk(0, i, 50);
  p.add(OpKind::kCancel, 0).gap = 4 * limits(set).queue;
  p.walk(0, 0, 150);
  return p.s;
}

/// Whatever is kept for each connection is used, a bit of it at least. They all share a list, and
/// so a page.
Scenario a_walk_of_each_connection(Set set, std::uint64_t seed) {
  Plan p(set, seed);
  p.s.config.anchor_stride = 1;
  for (std::uint32_t c = 0; c < limits(set).connections; ++c) {
    const std::uint32_t list = p.list(0, 0x100, 2);
    p.s.lists[list].connection = c;
    p.walk(list, 0, 150);
  }
  return p.s;
}

}  // namespace vctoe::cosim
