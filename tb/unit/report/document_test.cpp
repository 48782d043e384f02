#include "sw/report/document.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "models/sim/error.h"
#include "sw/report/run_table.h"
#include "tb/unit/sweep/table_of.h"

namespace vctoe::report {
namespace {

using Json = nlohmann::json;

Json made(const std::vector<sweep::test::Made>& points) {
  Source source;
  source.kind = "sweep";
  source.table = sweep::test::table_of(points);
  source.settings = {{"net.delay", "1 us", "50 us", "one way", false}};
  return Json::parse(document(source));
}

TEST(Document, LevelsOfNumbersRise) {
  const Json json = made({{"fig3", 100e-6, {{"goodput", 1}}}, {"fig8", 9e-6, {{"goodput", 2}}}});
  EXPECT_EQ(json["axes"][1]["levels"], Json::parse(R"(["9 us","100 us"])"));
  EXPECT_EQ(json["axes"][1]["codes"], Json::parse("[1,0]"));
  EXPECT_EQ(json["axes"][0]["levels"], Json::parse(R"(["fig3","fig8"])"));
  EXPECT_EQ(json["axes"][1]["doc"], "one way");
}

TEST(Document, WhatWasNotMeasuredIsNull) {
  const Json json =
      made({{"fig3", 1e-6, {{"goodput", 1}}}, {"fig3", 2e-6, {}, sweep::State::kCrashed}});
  EXPECT_EQ(json["metrics"][0]["values"], Json::parse("[1,null]"));
  EXPECT_EQ(json["points"]["state"]["levels"], Json::parse(R"(["ok","crashed"])"));
}

TEST(Document, TellsWhatAPointSets) {
  const Json json = made({{"fig3", 1e-6, {{"goodput", 1}}}});
  EXPECT_EQ(json["changed"]["net.delay"]["levels"], Json::parse(R"(["1 us"])"));
  EXPECT_EQ(json["settings"], Json::parse(R"([["net.delay","1 us","50 us","one way",0]])"));
}

TEST(Document, NineDigitsOfAFigure) {
  const Json json = made({{"fig3", 1e-6, {{"goodput", 1.23456789012345}}}});
  EXPECT_EQ(json["metrics"][0]["values"][0], 1.23456789);
}

TEST(Document, HasAFrontWhereAnyPointIsOk) {
  EXPECT_EQ(made({{"fig3", 1e-6, {{"goodput", 1}, {"pinned_integral", 1}}},
                  {"fig3", 2e-6, {{"goodput", 2}, {"pinned_integral", 1}}}})["analysis"]["front"]
                .size(),
            1U);
  EXPECT_EQ(made({{"fig3", 1e-6, {}, sweep::State::kMissing}})["analysis"]["front"].size(), 0U);
}

TEST(RunTable, HasARowForEachScheme) {
  const sweep::Table table = run_table(
      R"({"schema":"vctoe-stats","program":"vctoe 0.1.0","seed":7,"runs":[
        {"scheme":"fig3","ok":true,"failure":"","summary":{"sha256_source":"x",
          "goodput":{"value":5,"unit":"bit/s"},"time.wire":{"value":null,"unit":"s"}}},
        {"scheme":"fig8","ok":false,"failure":"crashed"}]})",
      "stats.json");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].metrics[0].value, 5);
  EXPECT_EQ(table.rows[0].metrics[0].def.better, "max");
  EXPECT_TRUE(std::isnan(table.rows[0].metrics[1].value));
  EXPECT_EQ(table.rows[1].state, sweep::State::kFailed);
  EXPECT_EQ(table.rows[1].reason, "crashed");
  EXPECT_EQ(table.rows[1].point.seed, "7");
}

TEST(RunTable, RefusesWhatIsNone) {
  EXPECT_THROW(run_table("{}", "stats.json"), sim::Error);
}

}  // namespace
}  // namespace vctoe::report
