// Points as tasks of a job array, and the texts for batch systems.
#include "sw/sweep/submission.h"

#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "sw/sweep/claim.h"
#include "sw/sweep/selection.h"

namespace vctoe::sweep {
namespace {

using List = std::vector<std::size_t>;

template <typename Action>
std::string refused(Action action) {
  try {
    action();
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    return e.what();
  }
  return "";
}

void expect_in(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << text;
}

TEST(Selection, NumbersRangesAndAll) {
  EXPECT_EQ(selection_of("3,7..9", 10, "--points"), (List{3, 7, 8, 9}));
  EXPECT_EQ(selection_of("", 3, "--points"), (List{0, 1, 2}));
  EXPECT_EQ(selection_of("4..4", 5, "--points"), (List{4}));
  EXPECT_EQ(selection_of("", 0, "--points"), List{});
}

TEST(Selection, WhatIsNoListIsSaid) {
  for (const char* text : {"a", "1,", ",1", "1..", "..1", "2..1", "1-2", "1,,2", " 1", "-1"}) {
    expect_in(refused([&] { selection_of(text, 10, "--points"); }), "is no list of points");
  }
  expect_in(refused([&] { selection_of("1..10", 10, "--points"); }), "the plan ends with point 9");
}

TEST(Selection, TheShortestText) {
  EXPECT_EQ(selection_text({}), "");
  EXPECT_EQ(selection_text({3}), "3");
  EXPECT_EQ(selection_text({3, 4}), "3..4");
  EXPECT_EQ(selection_text({1, 3, 4, 5, 9}), "1,3..5,9");
}

TEST(Chunk, ATaskTakesAMinute) {
  EXPECT_EQ(chunk_of({1000, 0, 1.0, 1, 1000}), 60u);
  EXPECT_EQ(chunk_of({1000, 0, 0.7, 1, 1000}), 86u);
  EXPECT_EQ(chunk_of({1000, 0, 1.0, 4, 1000}), 240u);
  EXPECT_EQ(chunk_of({1000, 0, 90.0, 1, 1000}), 1u);
  EXPECT_EQ(chunk_of({10, 0, 0.001, 1, 1000}), 10u);
  EXPECT_EQ(chunk_of({10, 0, 0, 1, 1000}), 1u) << "nothing is known of the time";
}

TEST(Chunk, AnArrayIsNoLongerThanTheClusterAllows) {
  EXPECT_EQ(chunk_of({100'000, 0, 90.0, 1, 1000}), 100u);
  EXPECT_EQ(chunk_of({1001, 0, 90.0, 1, 1000}), 2u);
  EXPECT_EQ(chunk_of({1001, 2, 1.0, 1, 1000}), 2u);
  expect_in(refused([] {
              chunk_of({1001, 1, 1.0, 1, 1000});
            }),
            "--chunk 1 makes 1001 tasks, and an array may have 1000: --chunk has to be 2 or more");
}

TEST(Tasks, EveryPointIsInOne) {
  EXPECT_EQ(tasks_of({1, 2, 3, 7, 9}, 2), (std::vector<std::string>{"1..2", "3,7", "9"}));
  EXPECT_TRUE(tasks_of({}, 2).empty());
}

TEST(SlurmScript, IsReadableAndTakesTheUsersArgumentsVerbatim) {
  BatchScript script;
  script.name = "vctoe-1";
  script.program = "vctoe 0.1.0";
  script.folder = "/data/jobs/0001";
  script.tasks = 9;
  script.points = 504;
  script.chunk = 60;
  script.max_tasks = 4;
  script.cpus = 2;
  script.extra_args = {"--partition=long  --mem=2G", "--comment=\"a b\""};
  script.command = "/usr/bin/vctoe sweep run-task /data --job 0001";
  EXPECT_EQ(
      slurm_script(script),
      "#!/bin/bash\n"
      "# vctoe 0.1.0: 504 points of a sweep, 60 to a task. The points of task N are in line N of\n"
      "# /data/jobs/0001/tasks\n"
      "# A task runs only what has no valid result, so it may run twice.\n"
      "#SBATCH --job-name=vctoe-1\n"
      "#SBATCH --array=1-9%4\n"
      "#SBATCH --requeue\n"
      "#SBATCH --ntasks=1\n"
      "#SBATCH --cpus-per-task=2\n"
      "#SBATCH --open-mode=append\n"
      "#SBATCH --output=/data/jobs/0001/%a.log\n"
      "#SBATCH --partition=long  --mem=2G\n"
      "#SBATCH --comment=\"a b\"\n"
      "exec /usr/bin/vctoe sweep run-task /data --job 0001 --task \"$SLURM_ARRAY_TASK_ID\"\n");
  script.max_tasks = 0;
  expect_in(slurm_script(script), "--array=1-9\n");
}

TEST(Template, OnlyTheFourNamesAreFilledIn) {
  const Placeholders values{"run {first}", 1, 8, "V"};
  EXPECT_EQ(fill_template("{first}-{last} {index_env}={} ${X} {command}", "t", values),
            "1-8 V={} ${X} run {first}");
  expect_in(refused([&] { fill_template("{command} {index_env}", "t.sh", values); }),
            "t.sh does not contain {last}");
}

TEST(ShellWord, IsQuotedWhereItHasTo) {
  EXPECT_EQ(shell_word("/usr/bin/x-1.0"), "/usr/bin/x-1.0");
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's $1"), "'it'\\''s $1'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Claims, APointHasOneHolderAtATime) {
  const std::string folder = testing::TempDir();
  {
    const Claim first(folder, 7), second(folder, 7), other(folder, 8);
    EXPECT_TRUE(first.held());
    EXPECT_FALSE(second.held());
    EXPECT_TRUE(other.held());
  }
  EXPECT_TRUE(Claim(folder, 7).held());
}

TEST(Claims, WithoutAFileForTheLocksEverybodyHasTheRight) {
  EXPECT_TRUE(Claim("/nowhere", 7).held());
}

}  // namespace
}  // namespace vctoe::sweep
