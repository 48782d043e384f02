// Reset, back-pressure and combinational paths, as rtl/README.md states them.
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <utility>

#include "tb/unit/rtl/rig.h"

namespace vctoe::test {
namespace {

constexpr std::uint64_t kList = 0x10000;

// Beats of `port` from `cycle` on.
std::size_t count(const Rig& rig, Port port, std::uint64_t cycle) {
  std::size_t beats = 0;
  for (const Beat& beat : rig.beats()) beats += beat.port == port && beat.cycle >= cycle;
  return beats;
}

TEST(Rules, completions_and_fills_are_taken_while_nothing_can_leave) {
  Rig rig;
  rig.host = false;
  for (unsigned i = 0; i < 8; ++i) rig.list(kList + i * 0x1000, 1, 1000);
  std::vector<Beat> fetches;
  for (unsigned i = 0; i < 4; ++i) {
    rig.walk({kList + i * 0x1000, 0, 1, static_cast<std::uint16_t>(i), i});
    rig.until(Port::kOut, kNode);
    rig.fill(kList + i * 0x1000);
    fetches.push_back(rig.until(Port::kFetch));
  }
  rig.walk({kList + 4 * 0x1000, 0, 1, 4, 4});
  rig.until(Port::kOut, kNode);
  rig.pins().out_ready_i = 0;
  rig.pins().fetch_ready_i = 0;
  const std::uint64_t stopped = rig.cycle();
  for (const Beat& fetch : fetches) rig.complete(fetch);
  rig.fill(kList + 4 * 0x1000);
  EXPECT_EQ(rig.cycle() - stopped, fetches.size() + 1) << "one a cycle";
  rig.steps(50);
  EXPECT_EQ(count(rig, Port::kOut, stopped), 0u);
  rig.pins().out_ready_i = 1;
  rig.steps(50);
  EXPECT_EQ(count(rig, Port::kOut, stopped), 2 * fetches.size());
}

TEST(Rules, reset_forgets_everything_and_takes_no_walk_in_the_first_cycle) {
  Rig rig;
  rig.host = false;
  rig.list(kList, 1, 1000);
  rig.walk({kList, 0, 1, 5, 1});
  rig.until(Port::kOut, kNode);
  rig.fill(kList);
  rig.until(Port::kFetch);
  rig.pins().rst_ni = 0;
  rig.steps(1);
  rig.pins().rst_ni = 1;
  rig.pins().eval();
  EXPECT_EQ(rig.pins().busy_o, 0);
  EXPECT_FALSE(rig.pins().fetch_valid_o || rig.pins().out_valid_o || rig.pins().walk_ready_o);
  rig.step();
  EXPECT_TRUE(rig.pins().walk_ready_o);
  const std::uint64_t asked = rig.walk({kList, 0, 1, 5, 1});
  EXPECT_EQ(rig.until(Port::kOut, kNode).shown - asked, 8u) << "the page is asked for anew";
}

TEST(Rules, a_cancel_goes_first_and_no_walk_is_taken_with_it) {
  Rig rig;
  rig.pins().inv_valid_i = 1;
  rig.pins().walk_valid_i = 1;
  rig.pins().walk_head_i = kList;
  rig.pins().walk_length_i = 1;
  rig.list(kList, 1, 1000);
  const std::uint64_t over = rig.cancel(5);
  EXPECT_EQ(count(rig, Port::kWalk, 0), 0u);
  EXPECT_EQ(count(rig, Port::kInvalidate, 0), 0u);
  EXPECT_EQ(rig.until(Port::kWalk).cycle, over + 1);
}

// ---- combinational paths ----

struct Pin {
  const char* name;
  std::function<void(VWalkerStandard&)> flip;
};

struct Output {
  const char* name;
  std::function<std::uint64_t(VWalkerStandard&)> value;
};

#define FLIP(pin)                                 \
  {                                               \
#pin, [](VWalkerStandard & p) { p.pin ^= 1; } \
  }
#define READ(pin)                                                  \
  {                                                                \
#pin, [](VWalkerStandard & p) { return std::uint64_t{p.pin}; } \
  }

const Pin kInputs[] = {FLIP(cfg_engines_i),       FLIP(cfg_walks_i),
                       FLIP(cfg_queue_i),         FLIP(cfg_tags_i),
                       FLIP(cfg_pages_i),         FLIP(cfg_set_mask_i),
                       FLIP(cfg_prefetch_i),      FLIP(cfg_anchors_i),
                       FLIP(cfg_anchor_stride_i), FLIP(cfg_max_records_i),
                       FLIP(cfg_granularity_i),   FLIP(cfg_split_i),
                       FLIP(cfg_ordered_i),       FLIP(walk_valid_i),
                       FLIP(walk_txn_i),          FLIP(walk_connection_i),
                       FLIP(walk_asid_i),         FLIP(walk_head_i),
                       FLIP(walk_sequence_i),     FLIP(walk_first_sequence_i),
                       FLIP(walk_length_i),       FLIP(walk_block_size_i),
                       FLIP(walk_end_sequence_i), FLIP(walk_retransmit_i),
                       FLIP(fill_valid_i),        FLIP(fill_failed_i),
                       FLIP(fill_asid_i),         FLIP(fill_page_i),
                       FLIP(fill_frame_i),        FLIP(inv_valid_i),
                       FLIP(inv_asid_i),          FLIP(inv_page_i),
                       FLIP(cancel_valid_i),      FLIP(cancel_connection_i),
                       FLIP(fetch_ready_i),       FLIP(rsp_valid_i),
                       FLIP(rsp_tag_i),           FLIP(rsp_error_i),
                       FLIP(rsp_data_i[3]),       FLIP(out_ready_i),
                       FLIP(perf_index_i)};

const Output kOutputs[] = {READ(walk_ready_o),     READ(fill_ready_o),     READ(inv_ready_o),
                           READ(cancel_ready_o),   READ(fetch_valid_o),    READ(fetch_tag_o),
                           READ(fetch_address_o),  READ(fetch_txn_o),      READ(fetch_connection_o),
                           READ(fetch_asid_o),     READ(fetch_prefetch_o), READ(rsp_ready_o),
                           READ(out_valid_o),      READ(out_kind_o),       READ(out_txn_o),
                           READ(out_connection_o), READ(out_asid_o),       READ(out_address_o),
                           READ(out_length_o),     READ(out_sequence_o),   READ(out_retransmit_o),
                           READ(out_last_o),       READ(out_code_o),       READ(busy_o),
                           READ(queue_o),          READ(quiet_o),          READ(perf_value_o)};

TEST(Rules, combinational_paths_are_the_documented_ones) {
  std::set<std::pair<std::string, std::string>> paths;
  Rig rig;
  rig.list(kList, 60, 1000);
  rig.pins().cfg_prefetch_i = 2;
  VWalkerStandard& p = rig.pins();
  for (unsigned cycle = 0; cycle < 3000; ++cycle) {
    // Something of everything is going on.
    p.walk_valid_i = cycle % 7 == 0;
    p.walk_connection_i = cycle % 9;
    p.walk_head_i = kList;
    p.walk_sequence_i = cycle * 131 % 60000;
    p.walk_length_i = 1 + cycle % 3000;
    p.out_ready_i = cycle % 5 != 0;
    p.fetch_ready_i = cycle % 3 != 0;
    if (cycle % 500 == 0) p.cancel_valid_i = 1;
    if (cycle % 500 == 100) p.inv_valid_i = 1;
    p.inv_page_i = kList >> 12;
    p.eval();
    for (const Pin& pin : kInputs) {
      std::vector<std::uint64_t> before;
      for (const Output& output : kOutputs) before.push_back(output.value(p));
      pin.flip(p);
      p.eval();
      for (std::size_t i = 0; i < before.size(); ++i) {
        if (kOutputs[i].value(p) != before[i]) paths.emplace(pin.name, kOutputs[i].name);
      }
      pin.flip(p);
      p.eval();
    }
    const std::size_t before = rig.beats().size();
    rig.step();
    for (std::size_t i = before; i < rig.beats().size(); ++i) {
      if (rig.beats()[i].port == Port::kCancel) p.cancel_valid_i = 0;
      if (rig.beats()[i].port == Port::kInvalidate) p.inv_valid_i = 0;
    }
  }
  const std::set<std::pair<std::string, std::string>> documented = {
      {"cancel_valid_i", "walk_ready_o"}, {"inv_valid_i", "fill_ready_o"}};
  EXPECT_EQ(paths, documented);
}

}  // namespace
}  // namespace vctoe::test
