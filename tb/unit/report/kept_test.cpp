#include "sw/report/kept.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "models/sim/error.h"
#include "sw/report/lanes.h"

namespace vctoe::report {
namespace {

using Json = nlohmann::json;

TEST(Distribution, QuantilesAreValuesThatWereMeasured) {
  const std::vector<double> v{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  EXPECT_EQ(quantile(v, 0.5), 5);
  EXPECT_EQ(quantile(v, 0.9), 9);
  EXPECT_EQ(quantile(v, 0.99), 10);
  EXPECT_EQ(quantile({7}, 0.5), 7);
}

TEST(Distribution, BarsCountEveryValueOnce) {
  const std::vector<Bar> bars = histogram({0, 1, 2, 3, 4, 5, 6, 7, 8});
  ASSERT_EQ(bars.size(), 3U);
  EXPECT_EQ(bars[0].from, 0);
  EXPECT_EQ(bars[2].to, 8);
  EXPECT_EQ(bars[0].count, 3U);  // 0 1 2, up to 8/3
  EXPECT_EQ(bars[1].count, 3U);
  EXPECT_EQ(bars[2].count, 3U);  // 8 belongs to the last
}

TEST(Distribution, EqualValuesAreOneBar) {
  const std::vector<Bar> bars = histogram({2, 2, 2});
  ASSERT_EQ(bars.size(), 1U);
  EXPECT_EQ(bars[0].count, 3U);
  EXPECT_TRUE(histogram({}).empty());
}

TEST(Series, HasSharesThatEndAtOne) {
  const Json json = Json::parse(series(
      R"({"schema":"vctoe-series","version":1,"scheme":"fig3","pinned":[[0,1]],
          "latency":{"what":"w","unit":"s","sorted":[1,2,3,4]}})",
      "series.json"));
  EXPECT_EQ(json["latency"]["cdf"], Json::parse("[[1,0.25],[2,0.5],[3,0.75],[4,1]]"));
  EXPECT_EQ(json["latency"]["count"], 4);
  EXPECT_EQ(json["latency"]["quantiles"]["max"], 4);
}

TEST(Series, NamesTheFileThatIsNone) {
  try {
    series("{}", "kept/000001/series.json");
    FAIL();
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    EXPECT_NE(std::string(e.what()).find("kept/000001/series.json"), std::string::npos);
  }
}

std::string timeline(const std::string& events) {
  return R"({"traceEvents":[{"ph":"M","name":"process_name","pid":0,"tid":0,"args":{"name":"sender"}},
    {"ph":"M","name":"thread_name","pid":0,"tid":0,"args":{"name":"application"}},
    {"ph":"M","name":"thread_name","pid":0,"tid":8000,"args":{"name":"sent"}})" +
         events + "]}";
}

std::string slice(const char* name, int thread, double at, double length) {
  return Json{{"ph", "X"}, {"name", name}, {"pid", 0}, {"tid", thread}, {"ts", at}, {"dur", length}}
      .dump();
}

TEST(Lanes, KeepEverySliceWithinTheBudget) {
  const Json json = Json::parse(
      lanes(timeline("," + slice("post", 0, 5, 10) + "," + slice("DATA", 8001, 7, 1)), "t", 100));
  EXPECT_EQ(json["slices"], Json::parse("[0,0,5.0,10.0,0,1,0, 1,1,7.0,1.0,1,1,0]"));
  EXPECT_EQ(json["lanes"][1]["lane"], "sent");
  EXPECT_EQ(json["lanes"][1]["rows"], 2);
  EXPECT_EQ(json["start"], 5.0);
  EXPECT_EQ(json["end"], 15.0);
}

TEST(Lanes, MergeNeighboursAboveTheBudgetButNotWhatWasSentAgain) {
  std::string events;
  for (int k = 0; k < 100; ++k) {
    events += "," + slice(k == 50 ? "RETX" : "DATA", 8000, 2 * k, 1.5);
  }
  const Json json = Json::parse(lanes(timeline(events), "t", 10));
  EXPECT_EQ(json["total"], 100);
  ASSERT_EQ(json["slices"].size(), 3U * 7);  // before it, itself, behind it
  EXPECT_EQ(json["slices"][5], 50);
  EXPECT_EQ(json["names"][json["slices"][7 + 4].get<int>()], "RETX");
  EXPECT_EQ(json["slices"][7 + 5], 1);
  EXPECT_EQ(json["slices"][14 + 5], 49);
  EXPECT_GT(json["merged_below"], 0.5);
}

TEST(Lanes, RefuseWhatIsNoTimeline) {
  EXPECT_THROW(lanes("[1", "t", 10), sim::Error);
}

}  // namespace
}  // namespace vctoe::report
