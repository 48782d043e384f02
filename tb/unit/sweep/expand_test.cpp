// Every kind of axis, and the points that they make.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "sw/sweep/metrics.h"
#include "sw/sweep/spread.h"
#include "tb/unit/sweep/space.h"

namespace vctoe::sweep::test {
namespace {

using Points = std::vector<std::string>;

TEST(Expand, TheProductOfListsWithTheFirstAxisSlowest) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameter = \"schemes\"\nvalues = [\"fig8\", \"fig3\"]\n"
                         "[[axis]]\nparameter = \"pcie.lanes\"\nvalues = [4, 8]\n"),
            (Points{"schemes=fig8, pcie.lanes=4", "schemes=fig8, pcie.lanes=8",
                    "schemes=fig3, pcie.lanes=4", "schemes=fig3, pcie.lanes=8"}));
}

TEST(Expand, ALinearRangeByCountHasBothEnds) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameter = \"net.delay\"\nfrom = \"10 us\"\nto = \"30 us\"\n"
                         "count = 3\n"),
            (Points{"net.delay=10 us", "net.delay=20 us", "net.delay=30 us"}));
}

TEST(Expand, ALinearRangeByStepEndsAtOrBelowItsEnd) {
  Space space;
  EXPECT_EQ(space
                .points("[[axis]]\nparameter = \"net.loss\"\nfrom = 0.0\nto = 0.3\nstep = 0.1\n"
                        "[[axis]]\nparameter = \"nic.block\"\nfrom = \"1 KiB\"\nto = \"2 KiB\"\n"
                        "step = \"768 B\"\n")
                .size(),
            8U);
}

TEST(Expand, ALogarithmicRangeMultiplies) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameter = \"nic.block\"\nfrom = \"1 KiB\"\nto = \"4 KiB\"\n"
                         "count = 3\nscale = \"log\"\n"),
            (Points{"nic.block=1 KiB", "nic.block=2 KiB", "nic.block=4 KiB"}));
}

TEST(Expand, ValuesThatAreEqualAfterRoundingStandOnce) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameter = \"pcie.lanes\"\nfrom = 1\nto = 3\ncount = 9\n"),
            (Points{"pcie.lanes=1", "pcie.lanes=2", "pcie.lanes=3"}));
}

TEST(Expand, LinkedValuesGoTogether) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameters = [\"pcie.lanes\", \"net.loss\"]\n"
                         "values = [[4, 0.0], [8, 0.1]]\n"),
            (Points{"pcie.lanes=4, net.loss=0.0", "pcie.lanes=8, net.loss=0.1"}));
}

TEST(Expand, AConditionalAxisCountsOnlyWhereItHolds) {
  Space space;
  EXPECT_EQ(space.points("[[axis]]\nparameter = \"net.loss\"\nvalues = [0, 0.1]\n"
                         "[[axis]]\nparameter = \"nic.resend\"\nvalues = [\"posted\", \"pushed\"]\n"
                         "when = { parameter = \"net.loss\", above = 0 }\n"),
            (Points{"net.loss=0.0", "net.loss=0.1, nic.resend=posted",
                    "net.loss=0.1, nic.resend=pushed"}));
}

TEST(Expand, AConditionMayLookAtTheBaseAndEveryComparisonWorks) {
  Space space;  // pcie.lanes is 8, nic.resend is posted
  const auto holds = [&](const std::string& condition) {
    return space
               .points("[[axis]]\nparameter = \"net.loss\"\nvalues = [0, 0.1]\nwhen = { " +
                       condition + " }\n")
               .size() == 2;
  };
  EXPECT_FALSE(holds("parameter = \"pcie.lanes\", above = 8"));
  EXPECT_TRUE(holds("parameter = \"pcie.lanes\", at_least = 8"));
  EXPECT_TRUE(holds("parameter = \"pcie.lanes\", at_most = 8"));
  EXPECT_FALSE(holds("parameter = \"pcie.lanes\", below = 8"));
  EXPECT_TRUE(holds("parameter = \"net.delay\", is = \"0.01 ms\""));
  EXPECT_FALSE(holds("parameter = \"nic.resend\", is_not = \"posted\""));
  EXPECT_TRUE(holds("parameter = \"nic.resend\", one_of = [\"pushed\", \"posted\"]"));
}

TEST(Expand, ALatinHypercubeTakesOneValueOfEachStratum) {
  Space space;
  const Study study = space.read(
      "[[sample]]\nkind = \"latin_hypercube\"\ncount = 10\nseed = 3\n"
      "of = [ { parameter = \"net.loss\", from = 0.0, to = 1.0 },\n"
      "       { parameter = \"nic.resend\", values = [\"posted\", \"pushed\"] } ]\n");
  ASSERT_EQ(study.axes.size(), 1U);
  std::set<int> strata;
  int pushed = 0;
  for (const auto& entry : study.axes[0].entries) {
    strata.insert(static_cast<int>(std::stod(entry[0]) * 10));
    pushed += entry[1] == "pushed" ? 1 : 0;
  }
  EXPECT_EQ(strata.size(), 10U);
  EXPECT_EQ(pushed, 5);
}

TEST(Expand, DrawsDependOnSeedAndNameAndNothingElse) {
  EXPECT_EQ(draws(1, "a", 5, false), draws(1, "a", 5, false));
  EXPECT_NE(draws(1, "a", 5, false), draws(2, "a", 5, false));
  EXPECT_NE(draws(1, "a", 5, true), draws(1, "b", 5, true));
  // A longer random sample begins with the shorter one.
  const auto longer = draws(1, "a", 9, false);
  EXPECT_TRUE(std::equal(longer.begin(), longer.begin() + 5, draws(1, "a", 5, false).begin()));
}

TEST(Expand, DrawnWholeNumbersReachBothEnds) {
  Space space;
  const auto& lanes = *space.design.find("pcie.lanes");
  EXPECT_EQ(drawn(space.design, lanes, {1, 4, false}, 0.0), "1");
  EXPECT_EQ(drawn(space.design, lanes, {1, 4, false}, 0.2499), "1");
  EXPECT_EQ(drawn(space.design, lanes, {1, 4, false}, 0.7501), "4");
  EXPECT_EQ(drawn(space.design, lanes, {1, 4, false}, 0.9999), "4");
}

TEST(Expand, ASubsetReducesAxesAndReplacesTheBase) {
  Space space;
  const std::string file =
      "[set]\nnic.block = \"2 MiB\"\n[[axis]]\nparameter = \"pcie.lanes\"\nvalues = [1, 2, 4]\n"
      "[subset.quick]\npcie.lanes = [2]\nnic.block = \"4 KiB\"\n";
  EXPECT_EQ(space.points(file, "quick"), (Points{"nic.block=4 KiB, pcie.lanes=2"}));
  EXPECT_EQ(space.points(file).size(), 3U);
}

TEST(Expand, TheNumberOfPointsIsKnownBeforehandAndSaturates) {
  Study study;
  study.repeats = 3;
  study.axes.push_back({{"a"}, {{"1"}, {"2"}}, std::nullopt});
  EXPECT_EQ(most_points(study), 6U);
  for (int i = 0; i < 70; ++i) study.axes.push_back(study.axes.front());
  EXPECT_EQ(most_points(study), ~std::uint64_t{0});
}

TEST(Expand, ReadingLeavesTheParametersAsTheyWere) {
  Space space;
  space.points(
      "[[axis]]\nparameter = \"net.delay\"\nfrom = \"20 us\"\nto = \"30 us\"\ncount = 3\n");
  EXPECT_EQ(space.delay, sim::Time::from_us(10));
}

TEST(Expand, EveryValueReadsBackAsItIsWritten) {
  Space space;
  space.seed = ~std::uint64_t{0};
  space.file = "a \"b\" \\c";
  const auto saved = space.design.save();
  space.seed = 1;
  space.file.clear();
  space.resend = Way::kPushed;
  space.design.restore(saved);
  EXPECT_EQ(space.seed, ~std::uint64_t{0});
  EXPECT_EQ(space.file, "a \"b\" \\c");
  EXPECT_EQ(space.resend, Way::kPosted);
}

TEST(Metrics, PatternsCoverTheWholePath) {
  EXPECT_TRUE(matches("sender.*.reads", "sender.nic.dma.reads"));
  EXPECT_TRUE(matches("*", "anything"));
  EXPECT_TRUE(matches("a*b*c", "a.b.b.c"));
  EXPECT_FALSE(matches("sender.*", "receiver.nic"));
  EXPECT_FALSE(matches("reads", "sender.reads"));
}

}  // namespace
}  // namespace vctoe::sweep::test
