#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "models/sim/error.h"
#include "sw/scenario/outputs_json.h"
#include "tb/unit/outputs/sample_run.h"

namespace vctoe::outputs {
namespace {

struct Counters {
  std::uint64_t reads = 7;
  double share = 0.1;
  sim::Time busy = sim::Time::from_us(10);
  sim::Level pinned;
  sim::Histogram latency;
  void declare(sim::StatList& list) const {
    list.add("reads", reads, "1", "reads issued");
    list.add("share", share, "1", "share of hits");
    list.add("busy", busy, "s", "time busy");
    list.add("pinned", pinned, "B", "bytes pinned");
    list.add("latency", latency, "ns", "latency");
  }
};

RunSummary run_with_statistics() {
  Counters counters;
  counters.pinned.set(4096, sim::Time::zero());
  counters.pinned.set(0, sim::Time::from_s(2));
  for (const std::uint64_t v : {100, 200, 300, 5000}) counters.latency.record(v);
  sim::StatList list;
  list.group("nic", counters);
  RunSummary run = sample_run("fig8");
  run.statistics = snapshot(list);
  return run;
}

TEST(Json, EachKindOfStatisticHasItsNumbersUnitAndText) {
  const auto json =
      nlohmann::json::parse(stats_document({run_entry(run_with_statistics())}, 7, "0.1.0"));
  const auto& stats = json["runs"][0]["stats"];
  EXPECT_EQ(stats["nic.reads"],
            (nlohmann::json{{"value", 7}, {"unit", "1"}, {"text", "reads issued"}}));
  EXPECT_EQ(stats["nic.share"]["value"], 0.1);
  EXPECT_EQ(stats["nic.busy"]["value"], 1e-5);  // and not 9.999999999999999e-06
  EXPECT_EQ(stats["nic.pinned"]["value"], 0);
  EXPECT_EQ(stats["nic.pinned"]["peak"], 4096);
  EXPECT_EQ(stats["nic.pinned"]["integral"], 8192.0);
  EXPECT_EQ(stats["nic.latency"]["count"], 4);
  EXPECT_EQ(stats["nic.latency"]["min"], 100);
  EXPECT_EQ(stats["nic.latency"]["max"], 5000);
  EXPECT_EQ(stats["nic.latency"]["mean"], 1400.0);
  EXPECT_EQ(stats["nic.latency"]["p50"], 255);  // upper end of [128, 256)
  EXPECT_EQ(stats["nic.latency"]["p99"], 5000);
}

TEST(Json, WhatIsHandedOverIsTakenOver) {
  const RunSummary run = run_with_statistics();
  const RunResult result = take_over(hand_over(run));
  EXPECT_EQ(result.entry, run_entry(run));
  EXPECT_EQ(result.summary.pinned_byte_s, 1234.5);
  EXPECT_EQ(result.summary.time_s, run.time_s);
  RunSummary bare = run;
  bare.statistics.clear();
  EXPECT_EQ(run_entry(result.summary), run_entry(bare));
}

TEST(Json, EachPartOfTheElapsedTimeIsAFigureInSeconds) {
  const auto json = nlohmann::json::parse(run_entry(sample_run("fig8")));
  EXPECT_EQ(json["summary"]["time.walker"], (nlohmann::json{{"value", 0.0}, {"unit", "s"}}));
  EXPECT_EQ(json["summary"]["time.host"]["value"], 0.0001);
  EXPECT_EQ(json["summary"]["time.application"]["value"], 0.001);
}

TEST(Json, NotMeasuredIsNullAndReadsBackAsNotMeasured) {
  RunSummary run = sample_run("fig8");
  run.victim_slowdown = kNotMeasured;
  EXPECT_TRUE(
      nlohmann::json::parse(run_entry(run))["summary"]["victim_slowdown"]["value"].is_null());
  EXPECT_TRUE(std::isnan(take_over(hand_over(run)).summary.victim_slowdown));
}

TEST(Json, ARunThatWasNotDoneHasNullForWhatOnlyAWholeTransferHas) {
  RunSummary late = sample_run("fig8");
  late.ok = late.complete = false;
  late.failure = "stream.time_limit = 1 ms was over";
  late.received_bytes = 77;
  late.goodput_bps = late.completion_s = late.hold_s = kNotMeasured;
  const auto json = nlohmann::json::parse(run_entry(late));
  EXPECT_EQ(json["complete"], false);
  EXPECT_EQ(json["failure"], late.failure);
  for (const char* name : {"goodput", "completion", "hold"}) {
    EXPECT_TRUE(json["summary"][name]["value"].is_null()) << name;
  }
  EXPECT_EQ(json["summary"]["received"]["value"], 77);
  EXPECT_EQ(json["summary"]["swap_in"]["value"], late.swap_in_bytes);
  EXPECT_EQ(run_entry(take_over(hand_over(late)).summary), run_entry(late));
}

TEST(Json, StatsDocumentDoesNotDependOnRealTime) {
  RunSummary fast = sample_run("fig3"), slow = sample_run("fig3");
  slow.wall_s = 99;
  EXPECT_EQ(run_entry(fast), run_entry(slow));
  const auto json = nlohmann::json::parse(stats_document({run_entry(fast)}, 7, "0.1.0"));
  EXPECT_EQ(json["schema"], "vctoe-stats");
  EXPECT_EQ(json["version"], 1);
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["runs"].size(), 1u);
  EXPECT_EQ(json["runs"][0]["summary"]["goodput"]["unit"], "bit/s");
}

TEST(Json, StatsDocumentIsLaidOutAsIfItWereWrittenAtOnce) {
  const std::string entry = run_entry(run_with_statistics());
  const std::string text = stats_document({entry, entry}, 7, "0.1.0");
  EXPECT_EQ(nlohmann::ordered_json::parse(text).dump(1) + "\n", text);
}

TEST(Json, KeysKeepTheirOrder) {
  const std::string text = run_entry(run_with_statistics());
  EXPECT_LT(text.find("\"nic.reads\""), text.find("\"nic.busy\""));
  EXPECT_LT(text.find("\"scheme\""), text.find("\"ok\""));
}

TEST(Json, NoTwoStatisticsHaveOnePath) {
  const Counters counters;
  sim::StatList list;
  list.group("nic", counters);
  list.group("nic", counters);
  EXPECT_THROW(snapshot(list), sim::Error);
}

TEST(Json, GarbageIsAnInternalError) {
  for (const char* text : {"", "\n", "{\n", "{}\n", "[1]\n", "{}"}) {
    try {
      take_over(text);
      ADD_FAILURE() << text;
    } catch (const sim::Error& e) {
      EXPECT_EQ(e.kind(), sim::FailureKind::kInternal);
    }
  }
}

}  // namespace
}  // namespace vctoe::outputs
