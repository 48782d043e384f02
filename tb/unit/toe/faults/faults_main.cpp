// Runs the tests of the TCP core once for each fault planted into a copy of it, and once without:
//   unit_toe_faults                        all of them; a table; 1 if a fault goes unnoticed
//   unit_toe_faults --rows CSV [--all]     also 1 if a row of docs/tcp_requirements.csv names a
//   fault
//                                          that none of its tests notices, or a test that notices
//                                          none of its faults. Without --all a fault meets only
//                                          the tests of its rows
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
#include <map>
#include <set>
#include <string>
#include <vector>

#include "planted.h"
#include "tb/unit/toe/requirement_rows.h"

namespace {

using vctoe::faults::Entry;
using vctoe::faults::kEntries;

// A fault may keep a simulation from ever ending: that is noticed too. Of CPU time, so that a busy
// machine does not look like a fault.
constexpr rlim_t kMostSeconds = 4;

struct Outcome {
  std::vector<std::string> failed;
  std::string running;  ///< the test that began last
  std::string end;      ///< how the process ended, if not by itself
};

struct Options {
  std::vector<vctoe::requirements::Row> rows;
  bool all = false;  ///< whole suite for every fault
};

std::string text_of(const std::set<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ":") + name;
  return out;
}

/// The tests that a fault meets, as a filter: those of the rows that name it.
std::string filter_for(const Options& options, const std::string& fault) {
  std::set<std::string> tests;
  for (const auto& row : options.rows) {
    const auto faults = vctoe::requirements::faults_of(row);
    if (std::find(faults.begin(), faults.end(), fault) == faults.end()) continue;
    for (const auto& test : vctoe::requirements::words(row.test)) tests.insert(test);
  }
  return tests.empty() || options.all ? "*" : text_of(tests);
}

void run_child(const char* program, const char* fault, const std::string& tests, int output) {
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  const rlimit limit{kMostSeconds, kMostSeconds + 5};
  setrlimit(RLIMIT_CPU, &limit);
  const std::string filter = "--gtest_filter=" + tests;
  execl(program, program, "--fault", fault, filter.c_str(), "--gtest_color=no", nullptr);
  _exit(127);
}

/// What stands behind `mark` in a line of GoogleTest, if it names a test.
std::string test_behind(const std::string& line, const std::string& mark) {
  if (line.rfind(mark, 0) != 0) return {};
  const std::string test =
      line.substr(mark.size(), line.find_first_of(" ,\n", mark.size()) - mark.size());
  return test.find('.') == std::string::npos ? std::string{} : test;  // otherwise a summary
}

void note(Outcome& outcome, const std::string& line) {
  const std::string begun = test_behind(line, "[ RUN      ] ");
  if (!begun.empty()) outcome.running = begun;
  const std::string test = test_behind(line, "[  FAILED  ] ");
  if (test.empty()) return;
  if (std::find(outcome.failed.begin(), outcome.failed.end(), test) == outcome.failed.end()) {
    outcome.failed.push_back(test);
  }
}

Outcome run_with(const char* program, const char* fault, const std::string& tests) {
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0) std::exit(2);
  const pid_t child = fork();
  if (child == 0) run_child(program, fault, tests, pipe_ends[1]);
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
  if (!outcome.end.empty()) outcome.failed.push_back(outcome.running);
  return outcome;
}

bool report(const Entry& entry, const Outcome& outcome, bool expected) {
  const bool noticed = !outcome.failed.empty();
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

/// True if each fault that the row names fails one of its tests, and each of its tests one fault.
bool row_holds(const vctoe::requirements::Row& row,
               const std::map<std::string, Outcome>& outcomes) {
  const auto faults = vctoe::requirements::faults_of(row);
  const auto tests = vctoe::requirements::words(row.test);
  const auto notices = [&](const std::string& test, const std::string& fault) {
    const auto& failed = outcomes.at(fault).failed;
    return std::find(failed.begin(), failed.end(), test) != failed.end();
  };
  bool good = true;
  for (const std::string& fault : faults) {
    const auto noticed = [&](const std::string& test) { return notices(test, fault); };
    if (std::any_of(tests.begin(), tests.end(), noticed)) continue;
    std::printf("%s: none of its tests notices %s\n", row.id.c_str(), fault.c_str());
    good = false;
  }
  for (const std::string& test : tests) {
    const auto fails = [&](const std::string& fault) { return notices(test, fault); };
    if (faults.empty() || std::any_of(faults.begin(), faults.end(), fails)) continue;
    std::printf("%s: %s notices none of its faults\n", row.id.c_str(), test.c_str());
    good = false;
  }
  return good;
}

int run_all(const char* program, const Options& options) {
  std::printf(
      "| fault | source | what is wrong | tests failed | first of them |\n|---|---|---|---|---|\n");
  bool good = true;
  std::map<std::string, Outcome> outcomes;
  for (const Entry& entry : kEntries) {
    Outcome& outcome = outcomes[entry.name];
    outcome = run_with(program, entry.name, filter_for(options, entry.name));
    good &= report(entry, outcome, &entry != kEntries);
  }
  for (const auto& row : options.rows) good &= row_holds(row, outcomes);
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
  if (argc < 3 || std::strcmp(argv[1], "--fault") != 0) {
    Options options;
    if (argc >= 3 && std::strcmp(argv[1], "--rows") == 0) {
      options.rows = vctoe::requirements::read(argv[2]);
      options.all = argc > 3 && std::strcmp(argv[3], "--all") == 0;
    }
    return run_all(argv[0], options);
  }
  if (!plant(argv[2])) return 2;
  argv[2] = argv[0];
  argc -= 2;
  testing::InitGoogleTest(&argc, argv + 2);
  return RUN_ALL_TESTS();
}
