#include "tb/cosim/directed.h"

#include "tb/cosim/directed_full.h"
#include "tb/cosim/plan.h"

namespace vctoe::cosim {
namespace {

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
  for (std::uint32_t c = 0; c < 4; ++c) p.list(c, 0x100, 4, 1024, std::uint64_t{32} * c);
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
  for (std::uint32_t c = 0; c < 2; ++c) p.list(c, 0x100, 8, 512, std::uint64_t{64} * c);
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
      {"a cancel gives all pages back", a_cancel_gives_all_pages_back, nullptr},
      {"an address of each single bit", an_address_of_each_single_bit, nullptr},
      {"a list at the end of memory", a_list_at_the_end_of_memory, nullptr},
      {"walks wait for room for a page", walks_wait_for_room_for_a_page, nullptr},
      {"every bit of a misaligned link", every_bit_of_a_misaligned_link, nullptr},
      {"a cancel of a full queue", a_cancel_of_a_full_queue, nullptr},
      {"a walk of each connection", a_walk_of_each_connection, nullptr},
      {"a list of four gigabytes", a_list_of_four_gigabytes, nullptr},
      {"a list of many records", a_list_of_many_records, nullptr},
  };
  return tests;
}

}  // namespace vctoe::cosim
