// One more unit of a resource.
#include "sw/sweep/next_unit.h"

#include <gtest/gtest.h>

#include <set>

#include "tb/unit/sweep/space.h"
#include "tb/unit/sweep/table_of.h"

namespace vctoe::sweep {
namespace {

using test::Made;

/// "path: from -> to", one a change.
std::vector<std::string> told(const std::vector<UnitChange>& changes) {
  std::vector<std::string> out;
  for (const UnitChange& c : changes) out.push_back(c.parameter + ": " + c.from + " -> " + c.to);
  return out;
}

using Texts = std::vector<std::string>;

TEST(NextUnit, StepsByWhatTheResourceComesIn) {
  test::Space s;
  const auto step = [&](const char* path, UnitStep how) {
    return told(next_unit({"wire", {path}, how, {}}, s.design, {}));
  };
  EXPECT_EQ(step("pcie.lanes", UnitStep::kDouble), Texts{"pcie.lanes: 8 -> 16"});
  EXPECT_EQ(step("pcie.lanes", UnitStep::kOneMore), Texts{"pcie.lanes: 8 -> 9"});
  EXPECT_EQ(step("net.delay", UnitStep::kHalf), Texts{"net.delay: 10 us -> 5 us"});
  EXPECT_EQ(step("nic.block", UnitStep::kQuarter), Texts{"nic.block: 1 MiB -> 1280 KiB"});
  EXPECT_EQ(s.lanes, 8U);  // nothing is changed
  const Remedy name{"host", {"nic.resend"}, UnitStep::kNextName, {"posted", "pushed"}};
  EXPECT_EQ(told(next_unit(name, s.design, {})), Texts{"nic.resend: posted -> pushed"});
}

TEST(NextUnit, BeyondTheRangeThereIsNone) {
  test::Space s;
  s.lanes = 16;
  EXPECT_TRUE(next_unit({"pcie", {"pcie.lanes"}, UnitStep::kDouble, {}}, s.design, {}).empty());
  EXPECT_TRUE(next_unit({"pcie", {"no.such"}, UnitStep::kDouble, {}}, s.design, {}).empty());
  s.loss = 0;  // twice nothing is nothing
  EXPECT_TRUE(next_unit({"wire", {"net.loss"}, UnitStep::kDouble, {}}, s.design, {}).empty());
  s.resend = Way::kPushed;
  const Remedy name{"host", {"nic.resend"}, UnitStep::kNextName, {"posted", "pushed"}};
  EXPECT_TRUE(next_unit(name, s.design, {}).empty());
}

TEST(NextUnit, AnAxisOfTheSweepHasItsOwnSteps) {
  test::Space s;
  const std::vector<Factor> axes{{"pcie.lanes", "1", {}, {}, {"4", "8", "12"}},
                                 {"net.delay", "s", {}, {}, {"2 us", "10 us", "50 us"}}};
  const Remedy lanes{"pcie", {"pcie.lanes"}, UnitStep::kDouble, {}};
  EXPECT_EQ(told(next_unit(lanes, s.design, axes)), Texts{"pcie.lanes: 8 -> 12"});
  s.lanes = 4;
  EXPECT_EQ(told(next_unit(lanes, s.design, axes)), Texts{"pcie.lanes: 4 -> 8"});
  s.lanes = 12;  // its end: twice is too much
  EXPECT_TRUE(next_unit(lanes, s.design, axes).empty());
  const Remedy shorter{"wire", {"net.delay"}, UnitStep::kHalf, {}};
  EXPECT_EQ(told(next_unit(shorter, s.design, axes)), Texts{"net.delay: 10 us -> 2 us"});
}

TEST(NextUnit, WhatBelongsTogetherChangesTogetherOrNotAtAll) {
  test::Space s;
  const Remedy both{"window", {"nic.block", "pcie.lanes"}, UnitStep::kDouble, {}};
  EXPECT_EQ(told(next_unit(both, s.design, {})),
            (Texts{"nic.block: 1 MiB -> 2 MiB", "pcie.lanes: 8 -> 16"}));
  s.lanes = 16;
  EXPECT_TRUE(next_unit(both, s.design, {}).empty());
}

TEST(NextUnit, EveryPartOfTheElapsedTimeHasARemedy) {
  std::set<std::string> limits;
  for (const Remedy& r : remedies()) limits.insert(r.limit);
  EXPECT_EQ(limits, (std::set<std::string>{"walker", "host", "swap_in", "pinning", "pcie",
                                           "dma_tags", "packet_buffer", "window", "wire",
                                           "loss_recovery", "application"}));
}

TEST(NextUnit, ThePointInTheMiddleStandsForItsRegion) {
  const auto point = [](double host) {
    return Made{"fig3", 1e-5, {{"time.host", host}, {"time.wire", 0.1}, {"completion", 1}}};
  };
  const Table table = test::table_of({point(0.9), point(0.5), point(0.05), point(0.7)});
  const auto limits = limits_of(table);
  const Region all{"host", {0, 1, 2, 3}, 3, {}};
  EXPECT_EQ(representative(table, limits, all), 3U);  // 0.5, 0.7, 0.9; the third is the wire's
  const Region two{"host", {0, 3}, 2, {}};
  EXPECT_EQ(representative(table, limits, two), 3U);  // of two the lower
}

}  // namespace
}  // namespace vctoe::sweep
