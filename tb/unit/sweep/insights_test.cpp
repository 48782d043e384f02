// The document that a sweep becomes, against tables computed by hand.
#include "sw/sweep/insights.h"

#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "sw/sweep/regions.h"
#include "tb/unit/sweep/table_of.h"

namespace vctoe::sweep {
namespace {

using Json = nlohmann::ordered_json;
using test::Made;
using test::table_of;

Made speed(const std::string& scheme, double delay, double goodput, double pinned) {
  return {scheme, delay, {{"goodput", goodput}, {"pinned_integral", pinned}}};
}

/// Elapsed time as 1 s, of which `limit` takes most.
Made limited(const std::string& scheme, double delay, const std::string& limit) {
  Made made{scheme, delay, {}};
  for (const char* part : {"walker", "host", "wire"}) {
    made.metrics.emplace_back("time." + std::string(part), part == limit ? 0.6 : 0.2);
  }
  return made;
}

TEST(Insights, FrontKneeAndRankingAreThoseOfTheObjectives) {
  // Pinned less and faster is better; the knee is the one that bulges most; 3 is beaten by 1.
  const Table table =
      table_of({speed("fig3", 1e-5, 0, 0), speed("fig3", 2e-5, 6, 1), speed("fig8", 1e-5, 8, 5),
                speed("fig8", 2e-5, 5, 9), speed("fig11", 1e-5, 10, 10)},
               {{"goodput", true, 5.0, {}}, {"pinned_integral", false, {}, 9.5}});
  const Json all = insights(table);
  EXPECT_EQ(all["front"], Json({0, 1, 2, 4}));
  EXPECT_EQ(all["knee"], 1);
  EXPECT_EQ(all["ranking"], Json({2, 1, 3}));  // 0 is too slow, 4 pins too much
  EXPECT_EQ(all["objectives"][0]["at_least"], 5);
  EXPECT_FALSE(all["objectives"][0].contains("at_most"));
  EXPECT_EQ(all["objectives"][1]["direction"], "min");
}

TEST(Insights, PointsThatAreNotOkTakeNoPart) {
  Made broken = speed("fig3", 1e-5, 99, 0);
  broken.state = State::kFailed;
  const Table table = table_of({broken, speed("fig8", 1e-5, 1, 1)});
  const Json all = insights(table);
  EXPECT_EQ(all["front"], Json({1}));
  EXPECT_EQ(all["ranking"], Json({1}));
  EXPECT_EQ(all["assumes"][0], "1 of 2 points have no result that is ok and take no part");
  EXPECT_THROW(insights(table_of({broken})), sim::Error);
}

TEST(Insights, SeedsCountOnceAndGiveIntervals) {
  Made lucky = speed("fig3", 1e-5, 9, 1), unlucky = speed("fig3", 1e-5, 1, 1);
  unlucky.seed = 2;
  const Table table = table_of({lucky, unlucky, speed("fig8", 1e-5, 6, 1)});
  const Json all = insights(table, {"goodput", Json::array()});
  // Nine is luck: fig3 is at five.
  EXPECT_EQ(all["front"], Json({2}));
  EXPECT_EQ(all["ranking"], Json({2, 0}));
  ASSERT_EQ(all["intervals"].size(), 1U);
  EXPECT_EQ(all["intervals"][0]["points"], Json({0, 1}));
  EXPECT_EQ(all["intervals"][0]["mean"], 5);
  // t of one degree of freedom times the deviation over the root of two: 12.706 * 4.
  EXPECT_NEAR(all["intervals"][0]["half_width"].get<double>(), 50.82, 0.01);
}

TEST(Insights, EffectsStandByLevelInTheOrderOfNumbers) {
  const Table table = table_of({speed("fig8", 5e-5, 4, 0), speed("fig3", 5e-5, 2, 0),
                                speed("fig8", 1e-5, 8, 0), speed("fig3", 1e-5, 6, 0)});
  const Json all = insights(table, {"goodput", Json::array()});
  ASSERT_EQ(all["effects"].size(), 2U);
  const Json& delay = all["effects"][1];
  EXPECT_EQ(delay["factor"], "net.delay");
  EXPECT_EQ(delay["levels"][0], Json({{"value", "10 us"}, {"mean", 7.0}, {"points", 2}}));
  EXPECT_EQ(delay["levels"][1]["mean"], 3);
  EXPECT_EQ(delay["span"], 4);
  // 4^2 against 2^2, without anything together.
  EXPECT_NEAR(all["sensitivity"][0]["first_order"].get<double>(), 0.2, 1e-12);
  EXPECT_NEAR(all["sensitivity"][1]["first_order"].get<double>(), 0.8, 1e-12);
  EXPECT_NEAR(all["interactions"][0]["strength"].get<double>(), 0, 1e-12);
}

TEST(Insights, ManyNumbersArePutIntoBinsNamedAfterTheirEnds) {
  std::vector<Made> points;
  for (int i = 1; i <= 40; ++i) points.push_back(speed("fig3", i * 1e-6, i, 0));
  const Json all = insights(table_of(points), {"goodput", Json::array()});
  const Json& levels = all["effects"][0]["levels"];
  ASSERT_EQ(levels.size(), 8U);
  EXPECT_EQ(levels[0]["value"], "1 us to 5 us");
  EXPECT_EQ(levels[7]["value"], "36 us to 40 us");
  EXPECT_EQ(levels[0]["mean"], 3);
  EXPECT_GT(all["sensitivity"][0]["first_order"].get<double>(), 0.9);
}

TEST(Insights, AnUnknownMetricIsSaidToBeOne) {
  const Table table = table_of({speed("fig3", 1e-5, 1, 1)});
  try {
    insights(table, {"godput", Json::array()});
    FAIL() << "no error";
  } catch (const sim::Error& e) {
    EXPECT_NE(std::string(e.what()).find("did you mean \"goodput\"?"), std::string::npos);
  }
}

TEST(Regions, ThePartThatTakesMostLimitsThePoint) {
  Table table = table_of({limited("fig3", 1e-5, "host"), limited("fig3", 1e-5, "wire"),
                          speed("fig3", 1e-5, 1, 1), limited("fig3", 1e-5, "none")});
  EXPECT_EQ(limits_of(table), (std::vector<std::string>{"host", "wire", "", "walker"}));
  EXPECT_EQ(insights(table)["limit_of"], Json({"host", "wire", nullptr, "walker"}));
}

TEST(Regions, BoxesFollowTheLimits) {
  // fig3 waits for the host everywhere, fig8 for the walker up to 20 us and for the wire beyond.
  std::vector<Made> points;
  for (const double delay : {1e-5, 2e-5, 5e-5, 1e-4}) {
    points.push_back(limited("fig3", delay, "host"));
    points.push_back(limited("fig8", delay, delay < 3e-5 ? "walker" : "wire"));
  }
  const Json all = insights(table_of(points));
  const Json& regions = all["regions"];
  ASSERT_EQ(regions.size(), 3U);
  EXPECT_EQ(regions[0]["limit"], "host");
  EXPECT_EQ(regions[0]["points"], 4);
  EXPECT_EQ(regions[0]["where"], Json::parse(R"([{"factor":"scheme","values":["fig3"]}])"));
  EXPECT_EQ(regions[1]["limit"], "walker");
  EXPECT_EQ(regions[1]["where"], Json::parse(R"([{"factor":"scheme","values":["fig8"]},
      {"factor":"net.delay","values":["10 us","20 us"]}])"));
  EXPECT_EQ(regions[2]["limit"], "wire");
  EXPECT_EQ(regions[2]["where"][1]["values"], Json({"50 us", "100 us"}));
}

TEST(Regions, NamesWithTheSameLimitShareABox) {
  std::vector<Made> points;
  for (const double delay : {1e-5, 2e-5}) {
    for (const char* scheme : {"fig3", "fig8", "fig12"}) {
      points.push_back(limited(scheme, delay, "wire"));
    }
    for (const char* scheme : {"fig11+fig9", "fig11+fig10"}) {
      points.push_back(limited(scheme, delay, "host"));
    }
  }
  const Json regions = insights(table_of(points))["regions"];
  ASSERT_EQ(regions.size(), 2U);
  EXPECT_EQ(regions[0]["where"][0]["values"], Json({"fig3", "fig8", "fig12"}));
  EXPECT_EQ(regions[1]["where"][0]["values"], Json({"fig11+fig9", "fig11+fig10"}));
}

TEST(Regions, AMinorityIsCountedButNamesNoBox) {
  // 1 of 200 is below what a cut has to tidy.
  std::vector<Made> points;
  for (int i = 0; i < 200; ++i)
    points.push_back(limited("fig3", i * 1e-6, i == 77 ? "host" : "wire"));
  const Json regions = insights(table_of(points))["regions"];
  ASSERT_EQ(regions.size(), 1U);
  EXPECT_EQ(regions[0]["points"], 200);
  EXPECT_EQ(regions[0]["agree"], 199);
}

TEST(Regions, OneLimitIsOneRegionWithoutConditions) {
  const Json all =
      insights(table_of({limited("fig3", 1e-5, "wire"), limited("fig8", 2e-5, "wire")}));
  ASSERT_EQ(all["regions"].size(), 1U);
  EXPECT_EQ(all["regions"][0]["where"], Json::array());
  EXPECT_EQ(insights(table_of({speed("fig3", 1e-5, 1, 1)}))["regions"], Json::array());
}

}  // namespace
}  // namespace vctoe::sweep
