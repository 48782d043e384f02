#include <gtest/gtest.h>

#include <cstdlib>

#include "sw/scenario/config_report.h"

namespace vctoe::config {
namespace {

TEST(Report, ColourIsOnlyPaint) {
  Report report;
  report.add_source("a.toml", "x = 1\n");
  report.add({{"a.toml", 1, 5, 1}, "no", "yes"});
  const std::string plain = report.format(false);
  std::string painted = report.format(true);
  EXPECT_NE(painted, plain);
  for (std::size_t at; (at = painted.find('\033')) != std::string::npos;) {
    painted.erase(at, painted.find('m', at) - at + 1);
  }
  EXPECT_EQ(painted, plain);
}

TEST(Report, CaretStandsBelowItsColumnBehindTabs) {
  Report report;
  report.add_source("a.toml", "\tx = 1\n");
  report.add({{"a.toml", 1, 6, 99}, "no", ""});
  EXPECT_EQ(report.format(false),
            "a.toml:1:6: error: no\n    1 | \tx = 1\n      | \t    ^\n1 error; nothing was run");
}

TEST(Report, NoColorIsHonoured) {
  setenv("NO_COLOR", "1", 1);
  EXPECT_FALSE(wants_colour(2));
}

}  // namespace
}  // namespace vctoe::config
