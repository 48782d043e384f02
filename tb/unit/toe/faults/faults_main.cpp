// Runs the tests of the TCP core once for each fault planted into a copy of it, and once without:
//   unit_toe_faults                        all of them; a table; 1 if a fault goes unnoticed
//   unit_toe_faults --fault NAME [gtest]   the tests with one fault
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "planted.h"

namespace {

using vctoe::faults::Entry;
using vctoe::faults::kEntries;

// A fault may keep a simulation from ever ending: that is noticed too. Of CPU time, so that a busy
// machine does not look like a fault.
constexpr rlim_t kMostSeconds = 10;

struct Outcome {
  std::vector<std::string> failed;
  std::string end;  ///< how the process ended, if not by itself
};

void run_child(const char* program, const char* fault, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  const rlimit limit{kMostSeconds, kMostSeconds + 5};
  setrlimit(RLIMIT_CPU, &limit);
  execl(program, program, "--fault", fault, "--gtest_brief=1", "--gtest_color=no", nullptr);
  _exit(127);
}

void note(Outcome& outcome, const std::string& line) {
  static const std::string kMark = "[  FAILED  ] ";
  const std::size_t name = line.find(kMark) == 0 ? kMark.size() : std::string::npos;
  if (name == std::string::npos) return;
  const std::string test = line.substr(name, line.find_first_of(" ,\n", name) - name);
  if (test.find('.') == std::string::npos) return;  // a summary
  if (std::find(outcome.failed.begin(), outcome.failed.end(), test) == outcome.failed.end()) {
    outcome.failed.push_back(test);
  }
}

Outcome run_with(const char* program, const char* fault) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) std::exit(2);
  const pid_t child = fork();
  if (child == 0) run_child(program, fault, pipe_ends[1]);
  close(pipe_ends[1]);
  FILE* output = fdopen(pipe_ends[0], "r");
  Outcome outcome;
  char* line = nullptr;
  std::size_t size = 0;
  while (getline(&line, &size, output) >= 0) note(outcome, line);
  std::free(line);
  std::fclose(output);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) outcome.end = WTERMSIG(status) == SIGXCPU ? "(no end)" : "(crash)";
  if (WIFEXITED(status) && WEXITSTATUS(status) > 1) outcome.end = "(exit)";
  return outcome;
}

bool report(const Entry& entry, const Outcome& outcome, bool expected) {
  const bool noticed = !outcome.failed.empty() || !outcome.end.empty();
  std::string tests;
  for (std::size_t i = 0; i < outcome.failed.size() && i < 3; ++i) {
    tests += (i == 0 ? "" : ", ") + outcome.failed[i];
  }
  if (outcome.failed.size() > 3) tests += ", ...";
  std::printf("| %s | %s | %s | %zu%s | %s |%s\n", entry.name, entry.source, entry.what,
              outcome.failed.size(), outcome.end.c_str(), tests.c_str(),
              noticed == expected ? "" : "  <-- WRONG");
  std::fflush(stdout);
  return noticed == expected;
}

int run_all(const char* program) {
  std::printf(
      "| fault | source | what is wrong | tests failed | first of them |\n|---|---|---|---|---|\n");
  bool good = true;
  for (const Entry& entry : kEntries) {
    good &= report(entry, run_with(program, entry.name), &entry != kEntries);
  }
  return good ? 0 : 1;
}

bool plant(const char* name) {
  for (std::size_t i = 0; i < std::size(kEntries); ++i) {
    if (std::strcmp(kEntries[i].name, name) != 0) continue;
    vctoe::faults::active = static_cast<int>(i);
    return true;
  }
  std::fprintf(stderr, "no such fault: %s\n", name);
  return false;
}

}  // namespace

// SystemC owns main().
extern "C" int sc_main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "--fault") != 0) return run_all(argv[0]);
  if (!plant(argv[2])) return 2;
  argv[2] = argv[0];
  argc -= 2;
  testing::InitGoogleTest(&argc, argv + 2);
  return RUN_ALL_TESTS();
}
