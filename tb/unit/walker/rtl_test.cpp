// The RTL behind the model's interface, and the two in lockstep.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "models/nic/lockstep_walker.h"
#include "models/nic/rtl_walker.h"
#include "tb/unit/walker/walker_bench.h"

namespace vctoe::nic {
namespace {

using sim::Time;

/// What a walker said, and when.
std::string story(bool free_running) {
  WalkerParams p;
  p.impl = WalkerImpl::kRtl;
  WalkerBench b(p, "bench", WalkerImpl::kRtl);
  auto& rtl = dynamic_cast<RtlWalker&>(b.walker);
  if (free_running) rtl.run_free();
  std::ostringstream told;
  b.on_block = [&](const BlockRequest& r) {
    told << sim::now().ps << " block " << r.txn << ' ' << r.sequence << '\n';
  };
  b.on_done = [&](sim::TxnId txn) { told << sim::now().ps << " done " << txn << '\n'; };
  std::vector<TestList> lists;
  for (std::uint32_t c = 0; c < 6; ++c) {
    lists.push_back(b.make(c, 7 * c, std::vector<std::uint32_t>(40, 700), 5));
  }
  for (std::uint32_t i = 1; i <= 60; ++i) {
    b.walker.walk(WalkerBench::ask(lists[i % 6], i, i / 6 * 1500, 1500));
    if (i == 30) b.walker.cancel(3);
    sc_core::sc_start(static_cast<double>(1 + i * 7919 % 900), sc_core::SC_NS);
  }
  sc_core::sc_start(100, sc_core::SC_US);
  EXPECT_EQ(b.walker.busy(), 0u);
  EXPECT_LT(rtl.cycles_run(), free_running ? 50'000u : 8'000u);
  return told.str();
}

TEST(RtlWalker, StoppingTheClockChangesNoTime) {
  const std::string file = testing::TempDir() + "/rtl_walker_story";
  const pid_t child = fork();  // a SystemC kernel elaborates once per process
  if (child == 0) {
    std::ofstream(file) << story(true);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  std::stringstream free_running;
  free_running << std::ifstream(file).rdbuf();
  const std::string gated = story(false);
  EXPECT_GT(gated.size(), 1000u);
  EXPECT_EQ(gated, free_running.str());
}

TEST(RtlWalker, TransactionIdsOf64BitsComeBackWhole) {
  WalkerBench b({}, "bench", WalkerImpl::kRtl);
  const TestList list = b.make(1, 0, {1000, 1000});
  const sim::TxnId large = (sim::TxnId{1} << 40) + 5;
  const auto& w = b.run(WalkerBench::ask(list, large, 0, 2000));
  EXPECT_EQ(w.done, 1);
  EXPECT_EQ(w.blocks, flatten(list, WalkerBench::ask(list, large, 0, 2000), 65536, false));
  EXPECT_EQ(b.memory.log.front().tlp.txn, large);
}

TEST(RtlWalker, CountersAreThoseOfTheModel) {
  std::uint64_t counted[2][kCounters];
  WalkerBench model({}, "tlm", WalkerImpl::kTlm), circuit({}, "rtl", WalkerImpl::kRtl);
  for (const bool rtl : {false, true}) {
    WalkerBench& b = rtl ? circuit : model;
    const TestList list = b.make(1, 0, std::vector<std::uint32_t>(30, 1000), 3);
    for (std::uint32_t i = 0; i < 15; ++i) b.run(WalkerBench::ask(list, i + 1, i * 2000, 2000));
    b.run(WalkerBench::ask(list, 99, 30'000, 1));  // behind the list's end
    EXPECT_EQ(b.fault_of(99), Fault::kRange);
    b.walker.settle_stats();
    for (std::uint32_t i = 0; i < kCounters; ++i) {
      counted[rtl ? 1 : 0][i] = b.walker.counter(static_cast<WalkerCounter>(i));
    }
  }
  for (std::uint32_t i = 0; i < kCounters; ++i) EXPECT_EQ(counted[0][i], counted[1][i]) << i;
}

TEST(RtlWalker, WhatDoesNotFitIsTheUsersErrorThatNamesParameterAndLimit) {
  const auto message = [](const WalkerParams& p, std::uint64_t connections) -> std::string {
    try {
      walker_set_for(p, connections);
    } catch (const sim::Error& e) {
      EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
      return e.what();
    }
    return "";
  };
  WalkerParams p;
  p.impl = WalkerImpl::kRtl;
  EXPECT_STREQ(walker_set_for(p, 1024).name, "standard");
  EXPECT_STREQ(walker_set_for(p, 1025).name, "large");
  p.tags = 129;
  EXPECT_EQ(message(p, 8), "nic.walker.tags = 129: with nic.walker.impl = rtl at most 128");
  p.tags = 32;
  p.parked = 100;
  EXPECT_EQ(message(p, 8),
            "nic.walker.engines + nic.walker.parked = 104: with nic.walker.impl = rtl at most 64");
  p.parked = 1;
  p.record_cache = 24;
  EXPECT_NE(message(p, 8).find("record_cache = 24"), std::string::npos);
  p.record_cache = 64;
  EXPECT_NE(message(p, 5000).find("4096"), std::string::npos);
  p.engines = p.request_queue = p.anchors = 1;
  p.tags = 3;
  p.translation_cache = 2;
  p.record_cache = 4;
  EXPECT_STREQ(walker_set_for(p, 8).name, "small");
}

TEST(Lockstep, APlantedDifferenceStopsTheRunWithAReportAndWaves) {
  WalkerParams p;
  WalkerParams other = p;
  other.granularity = {900};
  WalkerBench b(p, "bench", WalkerImpl::kLockstep, &other);
  const TestList list = b.make(5, 100, {800, 1000, 1000});
  ASSERT_TRUE(b.walker.walk(WalkerBench::ask(list, 77, 0, 2800)));
  std::string text;
  sc_core::sc_report_handler::set_handler(&sc_core::sc_report_handler::default_handler);
  try {
    sc_core::sc_start();
  } catch (...) {
    text = sim::last_failure().text;
  }
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
  for (const char* part : {" us, cycle ", "connection 5, transaction 77", " + 1000, sequence 900",
                           " + 900, sequence 900", "last events of the RTL",
                           "last events of the model", "fetch of record"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
  }
  const std::string note = b.walker.leave_evidence(testing::TempDir(), "planted");
  EXPECT_NE(note.find("planted.vcd"), std::string::npos);
  std::stringstream vcd;
  vcd << std::ifstream(testing::TempDir() + "/planted.vcd").rdbuf();
  EXPECT_NE(vcd.str().find("out_length_o"), std::string::npos);
  EXPECT_NE(vcd.str().find("b" + std::string(21, '0') + "1111101000"), std::string::npos)
      << "the block of 1000 B is in the dump";
  EXPECT_TRUE(std::filesystem::exists(testing::TempDir() + "/planted.gtkw"));
}

TEST(Lockstep, AnOutputThatNeverComesIsFoundAtTheEnd) {
  WalkerParams p;
  WalkerParams other = p;
  other.max_records = 2;
  WalkerBench b(p, "bench", WalkerImpl::kLockstep, &other);
  const TestList list = b.make(1, 0, {1000, 1000, 1000});
  b.run(WalkerBench::ask(list, 1, 0, 2000));
  b.walker.check_end();
  other.max_records = 0;
  b.unresolvable.insert(node_page(0x5000));
  TestList lost = list;
  lost.connection = 2;
  lost.places = {0x5000};
  b.run(WalkerBench::ask(lost, 2, 0, 1000));
  b.walker.check_end();
}

}  // namespace
}  // namespace vctoe::nic
