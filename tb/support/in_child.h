// A run in a process of its own: SystemC elaborates once in a process, lwIP has but one state, and
// a test that compares two runs needs two.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <type_traits>

namespace vctoe::support {

/// What `run()` returns, called in a copy of this process. False: it did not come back, threw, or
/// failed an expectation. To be called before this process simulates anything itself.
template <class Result, class Run>
bool try_in_child(Result& result, Run&& run) {
  static_assert(std::is_trivially_copyable_v<Result>);
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) return false;
  std::fflush(nullptr);
  const bool failed_before = testing::Test::HasFailure();
  const pid_t child = fork();
  if (child == 0) {
    Result made{};
    try {
      made = run();
    } catch (const std::exception& e) {
      ADD_FAILURE() << e.what();
    }
    const bool good = (failed_before || !testing::Test::HasFailure()) &&
                      write(ends[1], &made, sizeof made) == static_cast<ssize_t>(sizeof made);
    std::fflush(nullptr);
    _exit(good ? 0 : 1);
  }
  close(ends[1]);
  const bool got =
      child > 0 && read(ends[0], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  return got && status == 0;
}

/// The same, where a run that fails is a failure of the test.
template <class Body>
auto in_child(Body body) {
  decltype(body()) figures{};
  EXPECT_TRUE(try_in_child(figures, body)) << "the run in a child failed";
  return figures;
}

}  // namespace vctoe::support
