#include "sw/cli/slurm.h"

#include <gtest/gtest.h>

#include "sw/cli/build_id.h"

namespace vctoe::cli {
namespace {

TEST(Slurm, TasksLiveUntilTheirEnd) {
  const auto live = live_tasks(
      "squeue: a warning\n"
      "vctoe-a-0001|1|COMPLETED\n"
      "vctoe-a-0001|2|RUNNING\n"
      "vctoe-a-0001|3|CANCELLED\n"
      "vctoe-a-0001|4|NODE_FAIL\n"
      "vctoe-a-0001|5|PENDING\n"
      "vctoe-a-0001|6|SUSPENDED\n"
      "vctoe-a-0001|7|OUT_OF_MEMORY\n"
      "vctoe-a-0001|8|COMPLETING\n"
      "vctoe-a-0001|9|SOMETHING_NEW\n");
  ASSERT_EQ(live.size(), 5u);
  EXPECT_EQ(live[0].name, "vctoe-a-0001");
  EXPECT_EQ(live[0].index, 2u);
  EXPECT_EQ(live[1].state, "PENDING");
  EXPECT_EQ(live[2].index, 6u);
  EXPECT_EQ(live[3].index, 8u);
  EXPECT_EQ(live[4].index, 9u);
}

TEST(BuildId, IsAHashOfTheProgram) {
  EXPECT_GE(build_id().size(), 16u);
  EXPECT_EQ(build_id().find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace vctoe::cli
