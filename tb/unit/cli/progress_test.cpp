#include "sw/cli/progress.h"

#include <gtest/gtest.h>

namespace vctoe::cli {
namespace {

TEST(Progress, SaysHowFarAndHowLongStill) {
  const Progress progress({"fig3", "fig8"});
  EXPECT_EQ(progress.line({1.0, 0.5}, 9), "[##################......]  75 %  3 s left  fig8");
  EXPECT_EQ(progress.line({0, 0}, 3), "[........................]   0 %");
  EXPECT_EQ(progress.line({1, 1}, 3), "[########################] 100 %");
  EXPECT_EQ(progress.line({7, 1}, 3), "[########################] 100 %");
}

}  // namespace
}  // namespace vctoe::cli
