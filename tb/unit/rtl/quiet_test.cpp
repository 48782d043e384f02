// quiet_o: while it is high and no input is offered, the clock may stand. Two walkers get the same
// random stimuli, one with a free-running clock, one whose clock stands whenever it may: every
// output is the same in every cycle.
#include <gtest/gtest.h>

#include <random>

#include "tb/unit/rtl/rig.h"

namespace vctoe::test {
namespace {

constexpr std::uint64_t kList = 0x10000;

bool input_offered(const VWalkerStandard& p) {
  return p.walk_valid_i || p.fill_valid_i || p.inv_valid_i || p.cancel_valid_i || p.rsp_valid_i;
}

std::vector<std::uint64_t> outputs(VWalkerStandard& p) {
  p.eval();
  std::vector<std::uint64_t> all = {p.walk_ready_o,   p.fill_ready_o,  p.rsp_ready_o, p.inv_ready_o,
                                    p.cancel_ready_o, p.fetch_valid_o, p.out_valid_o, p.busy_o,
                                    p.queue_o,        p.quiet_o,       p.perf_value_o};
  if (p.fetch_valid_o) {
    all.insert(all.end(), {p.fetch_tag_o, p.fetch_address_o, p.fetch_txn_o, p.fetch_connection_o,
                           p.fetch_asid_o, p.fetch_prefetch_o});
  }
  if (p.out_valid_o) {
    all.insert(all.end(),
               {p.out_kind_o, p.out_txn_o, p.out_connection_o, p.out_asid_o, p.out_address_o,
                p.out_length_o, p.out_sequence_o, p.out_retransmit_o, p.out_last_o, p.out_code_o});
  }
  return all;
}

// Requests at random, far enough apart that the walker is quiet now and then. An input that is
// offered stays until it is taken.
class Stimuli {
 public:
  explicit Stimuli(unsigned seed) : random_(seed) {}

  void drive(Rig& rig) {
    VWalkerStandard& p = rig.pins();
    p.out_ready_i = one_in(4) ? 0 : 1;
    p.fetch_ready_i = one_in(4) ? 0 : 1;
    if (!p.walk_valid_i && one_in(60)) {
      p.walk_valid_i = 1;
      p.walk_txn_i = number(1000);
      p.walk_connection_i = number(70);
      p.walk_asid_i = Rig::kAsid;
      p.walk_head_i = one_in(20) ? 0 : kList;
      p.walk_sequence_i = number(60000);
      p.walk_length_i = 1 + number(3000);
      p.walk_retransmit_i = number(2);
    }
    if (!p.cancel_valid_i && one_in(400)) {
      p.cancel_valid_i = 1;
      p.cancel_connection_i = number(70);
    }
    if (!p.inv_valid_i && one_in(400)) {
      p.inv_valid_i = 1;
      p.inv_asid_i = Rig::kAsid;
      p.inv_page_i = kList >> 12;
    }
  }

  // What was taken in the cycle that is over.
  static void taken(Rig& rig, std::size_t before) {
    VWalkerStandard& p = rig.pins();
    for (std::size_t i = before; i < rig.beats().size(); ++i) {
      if (rig.beats()[i].port == Port::kWalk) p.walk_valid_i = 0;
      if (rig.beats()[i].port == Port::kCancel) p.cancel_valid_i = 0;
      if (rig.beats()[i].port == Port::kInvalidate) p.inv_valid_i = 0;
    }
  }

 private:
  unsigned number(unsigned below) { return static_cast<unsigned>(random_() % below); }
  bool one_in(unsigned times) { return number(times) == 0; }

  std::mt19937 random_;
};

TEST(Quiet, a_clock_that_stands_while_quiet_changes_nothing) {
  std::uint64_t stood = 0, cycles = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    Rig free_running, gated;
    Stimuli for_free(seed), for_gated(seed);
    for (Rig* rig : {&free_running, &gated}) {
      rig->list(kList, 60, 1000);
      rig->pins().cfg_prefetch_i = seed % 4;
      rig->pins().cfg_ordered_i = seed % 2;
      rig->host_delay = 5 + seed * 10;
      rig->pins().perf_index_i = seed % 13;
      rig->steps(2);
    }
    for (unsigned i = 0; i < 10000; ++i) {
      for_free.drive(free_running);
      for_gated.drive(gated);
      free_running.drive_host();
      gated.drive_host();
      ASSERT_EQ(outputs(free_running.pins()), outputs(gated.pins())) << seed << " cycle " << i;
      const bool stands = gated.pins().quiet_o && !input_offered(gated.pins());
      const std::size_t before = free_running.beats().size();
      free_running.step();
      gated.step(!stands);
      Stimuli::taken(free_running, before);
      Stimuli::taken(gated, before);
      stood += stands;
      ++cycles;
    }
  }
  // It is quiet often enough for the test to mean something.
  EXPECT_GT(stood, cycles / 8);
  EXPECT_LT(stood, cycles * 4 / 5);
  RecordProperty("stood", static_cast<int>(stood));
}

}  // namespace
}  // namespace vctoe::test
