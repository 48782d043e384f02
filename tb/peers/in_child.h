// A run in a process of its own: SystemC elaborates once in a process, and lwIP has but one state.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <type_traits>

namespace vctoe::peers {

/// What `run()` returns in a child. False: it did not come back.
template <class Result, class Run>
bool in_child(Result& result, Run&& run) {
  static_assert(std::is_trivially_copyable_v<Result>);
  int ends[2];
  if (pipe(ends) != 0) return false;
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const Result made = run();
    const bool told = write(ends[1], &made, sizeof made) == static_cast<ssize_t>(sizeof made);
    std::fflush(nullptr);
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  const bool got =
      child > 0 && read(ends[0], &result, sizeof result) == static_cast<ssize_t>(sizeof result);
  close(ends[0]);
  int status = 0;
  if (child > 0) waitpid(child, &status, 0);
  return got && status == 0;
}

}  // namespace vctoe::peers
