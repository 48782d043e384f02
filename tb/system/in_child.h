// A run in a process of its own, for tests that compare two: a SystemC kernel elaborates once per
// process.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <type_traits>

namespace vctoe::scenario {

/// What `body` returns, called in a copy of this process. A test failure if that fails. To be
/// called before this process simulates anything itself.
template <class Body>
auto in_child(Body body) {
  using Figures = decltype(body());
  static_assert(std::is_trivially_copyable_v<Figures>);
  Figures figures{};
  int ends[2] = {-1, -1};
  if (pipe(ends) != 0) {
    ADD_FAILURE() << "no pipe";
    return figures;
  }
  const pid_t child = fork();
  if (child == 0) {
    try {
      figures = body();
    } catch (const std::exception& e) {
      ADD_FAILURE() << e.what();
    }
    const bool ok = !testing::Test::HasFailure() && write(ends[1], &figures, sizeof figures) ==
                                                        static_cast<ssize_t>(sizeof figures);
    _exit(ok ? 0 : 1);
  }
  close(ends[1]);
  const ssize_t got = read(ends[0], &figures, sizeof figures);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(got, static_cast<ssize_t>(sizeof figures));
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "the run in a child failed";
  return figures;
}

}  // namespace vctoe::scenario
