#include "sw/cli/process.h"

#include <gtest/gtest.h>

#include <csignal>

namespace vctoe::cli {
namespace {

PoolOptions shell(unsigned parallel) {
  PoolOptions options;
  options.program = "/bin/sh";
  options.parallel = parallel;
  return options;
}

TEST(Process, ResultsComeInTheOrderOfTheJobs) {
  const auto result = run_jobs(
      {{"slow", {"-c", "sleep 0.2; exit 5"}}, {"quick", {"-c", "exit 6"}}, {"last", {"-c", ":"}}},
      shell(2));
  ASSERT_EQ(result.jobs.size(), 3u);
  EXPECT_EQ(result.jobs[0].exit_code, 5);
  EXPECT_EQ(result.jobs[1].exit_code, 6);
  EXPECT_EQ(result.jobs[2].exit_code, 0);
  EXPECT_EQ(result.jobs[0].name, "slow");
  EXPECT_GE(result.jobs[0].wall_s, 0.2);
}

TEST(Process, SignalsAreTold) {
  const auto result = run_jobs({{"a", {"-c", "echo oh; kill -ABRT $$"}}}, shell(1));
  EXPECT_EQ(result.jobs[0].signal, SIGABRT);
  EXPECT_EQ(result.jobs[0].exit_code, -1);
  EXPECT_EQ(result.jobs[0].last_words, "oh\n");
  EXPECT_EQ(result.jobs[0].how_it_ended(), "crashed (Aborted)");
}

TEST(Process, KeepsTheLastWordsOfLongSpeechesFromAWholeLineOn) {
  const auto result =
      run_jobs({{"a", {"-c", "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done >&2"}}},
               shell(1));
  const std::string& words = result.jobs[0].last_words;
  EXPECT_LE(words.size(), 4096u);
  EXPECT_EQ(words.substr(0, 5), "line ");
  EXPECT_EQ(words.substr(words.size() - 10), "line 4999\n");
}

TEST(Process, ThoseThatTakeTooLongAreKilled) {
  PoolOptions options = shell(2);
  options.time_limit_s = 0.2;
  const auto result = run_jobs({{"a", {"-c", "exec sleep 30"}}, {"b", {"-c", ":"}}}, options);
  EXPECT_TRUE(result.jobs[0].timed_out);
  EXPECT_EQ(result.jobs[0].how_it_ended(), "took too long and was stopped");
  EXPECT_FALSE(result.jobs[1].timed_out);
  EXPECT_LT(result.jobs[0].wall_s, 5);
}

TEST(Process, ProgressIsTheLatestLine) {
  PoolOptions options = shell(1);
  std::vector<double> seen;
  options.on_progress = [&](const std::vector<double>& f) { seen.push_back(f.at(0)); };
  // "sh -c script --progress-fd N" gives the script $0 = --progress-fd and $1 = N.
  run_jobs({{"a", {"-c", "eval \"echo 0.25 1 >&$1; echo 0.5 2 >&$1\"; sleep 0.3"}}}, options);
  EXPECT_NE(std::find(seen.begin(), seen.end(), 0.5), seen.end());
  EXPECT_EQ(seen.back(), 1);
}

TEST(Process, AProgramThatIsNotThereEndsWith127) {
  PoolOptions options = shell(1);
  options.program = "/no/such/program";
  EXPECT_EQ(run_jobs({{"a", {}}}, options).jobs[0].exit_code, 127);
}

TEST(Process, NoMoreThanAllowedRunAtOnce) {
  // Each job fails when it meets another one's folder.
  const std::string script =
      "mkdir /tmp/vctoe_alone.$PPID && sleep 0.05 && rmdir /tmp/vctoe_alone.$PPID";
  const std::vector<Job> jobs(4, Job{"a", {"-c", script}});
  for (const auto& r : run_jobs(jobs, shell(1)).jobs) EXPECT_EQ(r.exit_code, 0);
}

}  // namespace
}  // namespace vctoe::cli
