#include "sw/cli/process.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace vctoe::cli {
namespace {

PoolOptions at_once(unsigned parallel) {
  PoolOptions options;
  options.parallel = parallel;
  return options;
}

/// A job that becomes a shell.
Job shell(const std::string& name, const std::string& script) {
  return {name, [script](int) {
            execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
            return 127;
          }};
}

TEST(Process, ResultsComeInTheOrderOfTheJobs) {
  const auto result =
      run_jobs({shell("slow", "sleep 0.2; exit 5"), shell("quick", "exit 6"), shell("last", ":")},
               at_once(2));
  ASSERT_EQ(result.jobs.size(), 3u);
  EXPECT_EQ(result.jobs[0].exit_code, 5);
  EXPECT_EQ(result.jobs[1].exit_code, 6);
  EXPECT_EQ(result.jobs[2].exit_code, 0);
  EXPECT_EQ(result.jobs[0].name, "slow");
  EXPECT_GE(result.jobs[0].wall_s, 0.2);
}

TEST(Process, SignalsAreTold) {
  const auto result = run_jobs({shell("a", "echo oh; kill -ABRT $$")}, at_once(1));
  EXPECT_EQ(result.jobs[0].signal, SIGABRT);
  EXPECT_EQ(result.jobs[0].exit_code, -1);
  EXPECT_EQ(result.jobs[0].last_words, "oh\n");
  EXPECT_EQ(result.jobs[0].how_it_ended(), "crashed (Aborted)");
}

TEST(Process, KeepsTheLastWordsOfLongSpeechesFromAWholeLineOn) {
  const auto result =
      run_jobs({shell("a", "i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done >&2")},
               at_once(1));
  const std::string& words = result.jobs[0].last_words;
  EXPECT_LE(words.size(), 4096u);
  EXPECT_EQ(words.substr(0, 5), "line ");
  EXPECT_EQ(words.substr(words.size() - 10), "line 4999\n");
}

TEST(Process, ThoseThatTakeTooLongAreKilled) {
  PoolOptions options = at_once(2);
  options.time_limit_s = 0.2;
  const auto result = run_jobs({shell("a", "exec sleep 30"), shell("b", ":")}, options);
  EXPECT_TRUE(result.jobs[0].timed_out);
  EXPECT_EQ(result.jobs[0].how_it_ended(), "took too long and was stopped");
  EXPECT_FALSE(result.jobs[1].timed_out);
  EXPECT_LT(result.jobs[0].wall_s, 5);
}

TEST(Process, ProgressIsTheLatestLine) {
  PoolOptions options = at_once(1);
  std::vector<double> seen;
  options.on_progress = [&](const std::vector<double>& f) { seen.push_back(f.at(0)); };
  run_jobs({{"a",
             [](int fd) {
               dprintf(fd, "0.25 1\n0.5 2\n");
               usleep(300'000);
               return 0;
             }}},
           options);
  EXPECT_NE(std::find(seen.begin(), seen.end(), 0.5), seen.end());
  EXPECT_EQ(seen.back(), 1);
}

TEST(Process, NobodyListeningForProgressMeansNoDescriptor) {
  EXPECT_EQ(
      run_jobs({{"a", [](int fd) { return fd == -1 ? 0 : 1; }}}, at_once(1)).jobs[0].exit_code, 0);
}

TEST(Process, WhatTheParentHasNotWrittenYetIsNotWrittenTwice) {
  std::printf("once\n");  // stays in the buffer when stdout is a pipe
  const auto result = run_jobs({{"a", [](int) { return 0; }}}, at_once(1));
  EXPECT_EQ(result.jobs[0].last_words, "");
}

TEST(Process, AJobIsStoppedBySignalsAgain) {
  const auto result = run_jobs({{"a",
                                 [](int) {
                                   std::raise(SIGTERM);
                                   return 0;
                                 }}},
                               at_once(1));
  EXPECT_EQ(result.jobs[0].signal, SIGTERM);
}

TEST(Process, NoMoreThanAllowedRunAtOnce) {
  // Each job fails when it meets another one's folder.
  const std::string script =
      "mkdir /tmp/vctoe_alone.$PPID && sleep 0.05 && rmdir /tmp/vctoe_alone.$PPID";
  const std::vector<Job> jobs(4, shell("a", script));
  for (const auto& r : run_jobs(jobs, at_once(1)).jobs) EXPECT_EQ(r.exit_code, 0);
}

}  // namespace
}  // namespace vctoe::cli
