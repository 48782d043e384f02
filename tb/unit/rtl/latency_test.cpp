// The cycle contract of rtl/README.md: each figure of its tables is measured here on the standard
// parameter set, and each formula is tried at several values of its parameters.
#include <gtest/gtest.h>

#include <algorithm>

#include "tb/unit/rtl/rig.h"

namespace vctoe::test {
namespace {

constexpr std::uint64_t kList = 0x10000;
constexpr unsigned kSize = 1000;  // bytes of a record
constexpr const char* kWalkPins = "walk_valid_i walk_ready_o walk_txn_i engine_state[3:0]:state ";
constexpr const char* kOutPins = "out_valid_o out_kind_o:kind out_txn_o out_address_o ";
constexpr const char* kFetchPins =
    "fetch_valid_o fetch_tag_o fetch_address_o rsp_valid_i rsp_ready_o rsp_tag_i ";

std::string pins(std::initializer_list<const char*> groups) {
  std::string all;
  for (const char* group : groups) all += group;
  return all;
}

// A walk that is over before the next begins; returns the cycle in which its first output was
// shown.
std::uint64_t whole_walk(Rig& rig, const Walk& walk) {
  rig.walk(walk);
  const std::size_t before = rig.beats().size();
  rig.until(Port::kOut, kDone);
  rig.settle();
  for (std::size_t i = before; i < rig.beats().size(); ++i) {
    if (rig.beats()[i].port == Port::kOut) return rig.beats()[i].shown;
  }
  return 0;
}

// ---- records in the cache ----

TEST(Latency, from_walk_to_first_block_of_cached_record) {
  Rig rig("cached_block");
  rig.list(kList, 2, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  const std::uint64_t asked = rig.walk({kList, 0, 10, 5, 2});
  const Beat block = rig.until(Port::kOut, kBlock);
  const Beat done = rig.until(Port::kOut, kDone);
  rig.figure("cached_block", asked, block.shown);
  rig.figure("done", block.cycle, done.shown);
  rig.settle();
  rig.picture(asked - 1, done.cycle + 2, pins({kWalkPins, kOutPins, "busy_o queue_o quiet_o"}));
}

TEST(Latency, each_remembered_place_of_the_row_costs_one_cycle) {
  Rig rig;
  rig.list(kList, 12, kSize);
  rig.pins().cfg_anchor_stride_i = 1;
  rig.pins().cfg_anchors_i = 8;
  whole_walk(rig, {kList, 0, 1, 5, 1});
  std::vector<std::uint64_t> measured;
  // The newest place moves on record by record and leaves an anchor at each.
  for (unsigned record = 0; record < 10; ++record) {
    rig.settle();
    whole_walk(rig, {kList, record * kSize, 1, 5, 2});
    const std::uint64_t asked = rig.walk({kList, record * kSize, 1, 5, 3});
    measured.push_back(rig.until(Port::kOut, kBlock).shown - asked);
    rig.settle();
  }
  for (unsigned record = 0; record < 10; ++record) {
    EXPECT_EQ(measured[record], 8 + std::min(1 + record, 1u + 8u)) << record;
  }
  // The place of retransmission is the last that a row has.
  whole_walk(rig, {kList, 0, 1, 5, 4, true});
  const std::uint64_t asked = rig.walk({kList, 0, 1, 5, 5, true});
  EXPECT_EQ(rig.until(Port::kOut, kBlock).shown - asked, 8u + 10);
}

TEST(Latency, per_further_cached_record) {
  Rig rig("further_record");
  rig.list(kList, 8, kSize);
  whole_walk(rig, {kList, 7 * kSize, 1, 5, 1});
  std::uint64_t first = 0, previous = 0;
  for (unsigned further = 0; further < 4; ++further) {
    whole_walk(rig, {kList, 0, 1, 5, 2});  // the newest place is the head again
    const std::uint64_t asked = rig.walk({kList, further * kSize, 1, 5, 3});
    const Beat block = rig.until(Port::kOut, kBlock);
    const std::uint64_t took = block.shown - asked;
    if (further == 0) {
      first = took;
    } else {
      EXPECT_EQ(took, first + 2 * further);
    }
    if (further == 3) {
      rig.figure("further_record", asked + previous, block.shown);
      rig.picture(asked - 1, block.cycle + 3, pins({kWalkPins, kOutPins}));
    }
    previous = took;
    rig.settle();
  }
}

TEST(Latency, per_block_within_a_record_and_at_its_end) {
  Rig rig("next_block");
  rig.list(kList, 4, kSize);
  whole_walk(rig, {kList, 2 * kSize, 1, 5, 1});
  whole_walk(rig, {kList, 0, 1, 5, 2});
  rig.pins().cfg_granularity_i = 400;
  rig.walk({kList, 0, 1500, 5, 3});  // 400, 400, 200; 400, 100
  std::vector<Beat> blocks;
  for (int i = 0; i < 5; ++i) blocks.push_back(rig.until(Port::kOut, kBlock));
  const Beat done = rig.until(Port::kOut, kDone);
  rig.figure("next_block", blocks[0].shown, blocks[1].shown);
  EXPECT_EQ(blocks[2].shown - blocks[1].shown, 1u);
  rig.figure("next_record_block", blocks[2].shown, blocks[3].shown);
  rig.steps(3);
  rig.picture(blocks[0].shown - 2, done.cycle + 2,
              pins({"engine_state[3:0]:state ", kOutPins, "out_length_o out_last_o"}));
}

TEST(Latency, next_walk_of_the_connection_after_done) {
  Rig rig("next_walk");
  rig.list(kList, 2, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  rig.walk({kList, 0, 10, 5, 2});
  rig.walk({kList, 10, 10, 5, 3});
  const Beat done = rig.until(Port::kOut, kDone);
  const Beat block = rig.until(Port::kOut, kBlock);
  rig.figure("next_walk", done.cycle, block.shown);
  rig.steps(3);
  rig.picture(
      done.cycle - 3, block.cycle + 3,
      pins({"engine_state[3:0]:state engine_state[7:4]:state ", kOutPins, "busy_o queue_o"}));
}

// ---- records that are read ----

TEST(Latency, from_walk_to_fetch_to_block_with_the_translation_present) {
  Rig rig("fetch");
  rig.host = false;
  rig.list(kList, 3, kSize);
  rig.walk({kList, 0, 1, 5, 1});  // brings the translation
  rig.until(Port::kOut, kNode);
  rig.fill(kList);
  rig.complete(rig.until(Port::kFetch));
  rig.until(Port::kOut, kDone);
  rig.settle();
  const std::uint64_t asked = rig.walk({kList, kSize, 1, 6, 2});
  Beat fetch = rig.until(Port::kFetch);
  rig.figure("fetch", asked, fetch.shown);
  rig.steps(2);
  std::uint64_t completed = rig.complete(fetch);
  fetch = rig.until(Port::kFetch);
  rig.figure("completion_fetch", completed, fetch.shown);
  rig.steps(2);
  completed = rig.complete(fetch);
  const Beat block = rig.until(Port::kOut, kBlock);
  rig.figure("completion_block", completed, block.shown);
  rig.until(Port::kOut, kDone);
  rig.steps(3);
  rig.picture(asked - 1, block.cycle + 3, pins({kWalkPins, kFetchPins, kOutPins}));
}

TEST(Latency, translation_miss_node_request_fill_fetch_and_block) {
  Rig rig("node");
  rig.host = false;
  rig.list(kList, 1, kSize);
  rig.settle();
  const std::uint64_t asked = rig.walk({kList, 0, 1, 5, 1});
  const Beat node = rig.until(Port::kOut, kNode);
  rig.figure("node", asked, node.shown);
  rig.steps(2);
  const std::uint64_t filled = rig.fill(kList);
  const Beat fetch = rig.until(Port::kFetch);
  rig.figure("fill_fetch", filled, fetch.shown);
  rig.steps(2);
  const std::uint64_t completed = rig.complete(fetch);
  const Beat block = rig.until(Port::kOut, kBlock);
  rig.figure("parked_block", completed, block.shown);
  rig.until(Port::kOut, kDone);
  rig.steps(3);
  rig.picture(asked - 1, block.cycle + 3,
              pins({kWalkPins, kOutPins, "fill_valid_i fill_ready_o ", kFetchPins}));
}

TEST(Latency, records_are_read_ahead_one_after_the_other) {
  Rig rig("prefetch");
  rig.list(kList, 8, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  rig.pins().cfg_prefetch_i = 3;
  rig.host = false;
  rig.walk({kList, 0, 1, 6, 2});
  const std::uint64_t read = rig.complete(rig.until(Port::kFetch));
  std::vector<Beat> fetches;
  std::vector<std::uint64_t> completed;
  for (int i = 0; i < 3; ++i) {
    fetches.push_back(rig.until(Port::kFetch));
    rig.step();
    completed.push_back(rig.complete(fetches.back()));
  }
  rig.figure("prefetch", read, fetches[0].shown);
  rig.figure("prefetch_next", completed[0], fetches[1].shown);
  EXPECT_EQ(fetches[2].shown - completed[1], fetches[1].shown - completed[0]);
  rig.settle();
  EXPECT_EQ(rig.beats().back().cycle, completed[2]) << "no fourth";
  rig.picture(read - 2, completed[1] + 2,
              pins({"engine_state[3:0]:state ", kFetchPins, "fetch_prefetch_o ", kOutPins}));
}

TEST(Latency, fetch_through_an_invalidated_page_is_repeated) {
  Rig rig("stale");
  rig.host = false;
  rig.list(kList, 1, kSize);
  rig.walk({kList, 0, 1, 5, 1});
  rig.until(Port::kOut, kNode);
  rig.fill(kList);
  const Beat fetch = rig.until(Port::kFetch);
  rig.invalidate(kList);
  const std::uint64_t completed = rig.complete(fetch);
  const Beat release = rig.until(Port::kOut, kRelease);
  rig.figure("stale_release", completed, release.shown);
  const Beat node = rig.until(Port::kOut, kNode);
  rig.figure("stale_node", completed, node.shown);
  rig.steps(3);
  rig.picture(completed - 2, node.cycle + 3,
              pins({kFetchPins, "engine_state[3:0]:state ", kOutPins}));
}

// ---- faults ----

TEST(Latency, fault_of_a_link) {
  Rig rig("link_fault");
  rig.settle();
  const std::uint64_t asked = rig.walk({0, 0, 1, 5, 1});
  const Beat fault = rig.until(Port::kOut, kFault);
  EXPECT_EQ(fault.code, 1u);
  rig.figure("link_fault", asked, fault.shown);
  rig.steps(3);
  rig.picture(asked - 1, fault.cycle + 3, pins({kWalkPins, kOutPins, "out_code_o"}));
}

TEST(Latency, fault_of_a_page_that_the_host_cannot_identify) {
  Rig rig("failed_fill");
  rig.host = false;
  rig.settle();
  rig.walk({kList, 0, 1, 5, 1});
  rig.until(Port::kOut, kNode);
  const std::uint64_t filled = rig.fill(kList, true);
  const Beat fault = rig.until(Port::kOut, kFault);
  EXPECT_EQ(fault.code, 6u);
  rig.figure("failed_fill", filled, fault.shown);
  rig.steps(3);
  rig.picture(filled - 2, fault.cycle + 3,
              pins({"fill_valid_i fill_ready_o fill_failed_i engine_state[3:0]:state ", kOutPins,
                    "out_code_o"}));
}

TEST(Latency, fault_of_a_completion_and_of_a_record) {
  Rig rig("completion_fault");
  rig.list(kList, 2, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  rig.host = false;
  rig.walk({kList, kSize, 1, 5, 2});
  std::uint64_t completed = rig.complete(rig.until(Port::kFetch), true);
  Beat fault = rig.until(Port::kOut, kFault);
  EXPECT_EQ(fault.code, 7u);
  rig.figure("completion_fault", completed, fault.shown);
  rig.steps(3);
  const std::uint64_t first = completed;
  rig.memory[kList + 32].size = 0;
  rig.walk({kList, kSize, 1, 5, 3});
  completed = rig.complete(rig.until(Port::kFetch));
  fault = rig.until(Port::kOut, kFault);
  EXPECT_EQ(fault.code, 4u);
  rig.figure("record_fault", completed, fault.shown);
  rig.steps(3);
  rig.picture(first - 3, fault.cycle + 3,
              pins({kFetchPins, "rsp_error_i engine_state[3:0]:state ", kOutPins, "out_code_o"}));
}

// ---- cancel, invalidation ----

TEST(Latency, cancel_of_an_idle_walker) {
  Rig rig("cancel");
  rig.list(kList, 1, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  const std::uint64_t asked = rig.cycle();
  const std::uint64_t over = rig.cancel(5);
  rig.figure("cancel", asked, over);
  rig.settle();
  rig.picture(asked - 1, over + 3,
              pins({"cancel_valid_i cancel_ready_o cancel_connection_i ", kOutPins, "quiet_o"}));
}

TEST(Latency, cancel_and_invalidation_follow_sets_and_pages) {
  for (unsigned sets : {1u, 2u, 8u, 16u}) {
    for (unsigned pages : {1u, 2u, 7u, 16u}) {
      Rig rig;
      rig.pins().cfg_set_mask_i = sets - 1;
      rig.pins().cfg_pages_i = pages;
      std::uint64_t asked = rig.cycle();
      EXPECT_EQ(rig.cancel(5) - asked, 2 + std::max(sets, pages)) << sets << ' ' << pages;
      rig.settle();
      asked = rig.cycle();
      EXPECT_EQ(rig.invalidate(kList) - asked, 2 + sets) << sets << ' ' << pages;
    }
  }
}

// Whoever is busy with whatever when the cancel comes: it is over within the bound of
// rtl/README.md.
TEST(Latency, cancel_under_load_keeps_its_bound) {
  const unsigned places = 8 + 2;
  const unsigned bound = 2 + std::max({16u, 16u, 5 * (places + 4), 32u + 1, 4u});
  std::uint64_t worst = 0;
  Rig rig;
  rig.list(kList, 60, kSize);
  rig.pins().cfg_prefetch_i = 4;
  rig.pins().cfg_anchor_stride_i = 1;
  for (unsigned round = 0; round < 200; ++round) {
    for (unsigned i = 0; i < 8; ++i) {
      rig.walk({kList, (round * 7 + i * 3) % 50 * kSize, 1 + 777 * (round % 5),
                static_cast<std::uint16_t>(i), 1});
    }
    rig.steps(static_cast<int>(round % 61));
    const std::uint64_t asked = rig.cycle();
    worst = std::max(worst, rig.cancel(static_cast<std::uint16_t>(round % 8)) - asked);
  }
  EXPECT_LE(worst, bound);
  EXPECT_GE(worst, 18u);
  RecordProperty("worst", static_cast<int>(worst));
}

TEST(Latency, invalidation_and_its_release) {
  Rig rig("invalidate");
  rig.list(kList, 1, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  const std::uint64_t asked = rig.cycle();
  const std::uint64_t over = rig.invalidate(kList);
  rig.settle();
  for (const Beat& beat : rig.beats()) {
    if (beat.cycle >= asked && beat.port == Port::kOut) {
      EXPECT_EQ(beat.kind, static_cast<unsigned>(kRelease));
      rig.figure("release", asked, beat.shown);
    }
  }
  rig.figure("invalidate", asked, over);
  rig.picture(asked - 1, over + 3, pins({"inv_valid_i inv_ready_o ", kOutPins, "quiet_o"}));
}

// ---- counters ----

TEST(Latency, counters_are_read_one_cycle_later) {
  Rig rig("counter");
  rig.list(kList, 1, kSize);
  whole_walk(rig, {kList, 0, 1, 5, 1});
  const unsigned expected[] = {1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0};
  const std::uint64_t first = rig.cycle();
  for (unsigned index = 0; index < 16; ++index) {
    rig.pins().perf_index_i = index;
    rig.step();
    rig.pins().eval();
    EXPECT_EQ(rig.pins().perf_value_o, expected[index]) << index;
  }
  rig.figure("counter", first, first + 1);
  rig.steps(2);
  rig.picture(first, first + 13, "perf_index_i perf_value_o");
}

}  // namespace
}  // namespace vctoe::test
