// Runs commands in turn and prints for each the least CPU time (its own and its children's) and the
// greatest resident memory. Taking turns, and the least of many, is what one can do on a machine
// that others use too. A program that prints {"cpu_s": ..} has measured itself, without its start.
//
//   side_by_side ROUNDS NAME COMMAND [NAME COMMAND ...]     a command is words between blanks
//
// Prints a line for each: NAME CPU_SECONDS RESIDENT_KIB. Exit code 1 if a command fails.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Command {
  std::string name, line;
  double cpu_s = 1e9;
  long resident_kib = 0;
};

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

[[noreturn]] void become(const std::string& line, int output) {
  std::istringstream in(line);
  std::vector<std::string> words{std::istream_iterator<std::string>(in), {}};
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  dup2(output, STDOUT_FILENO);
  execvp(argv[0], argv.data());
  _exit(127);
}

/// What is written to the pipe until its end.
std::string read_all(int fd) {
  std::string text;
  std::array<char, 4096> buffer{};
  for (ssize_t n = 0; (n = read(fd, buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  close(fd);
  return text;
}

bool run(Command& c) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
  const pid_t pid = fork();
  if (pid == 0) become(c.line, ends[1]);
  close(ends[1]);
  const std::string output = read_all(ends[0]);
  int status = 0;
  rusage usage{};
  if (wait4(pid, &status, 0, &usage) != pid || status != 0) return false;
  constexpr char kOwn[] = "\"cpu_s\": ";
  const std::size_t own = output.find(kOwn);
  const double cpu_s = own == std::string::npos
                           ? seconds(usage.ru_utime) + seconds(usage.ru_stime)
                           : std::strtod(&output[own + sizeof kOwn - 1], nullptr);
  c.cpu_s = std::min(c.cpu_s, cpu_s);
  c.resident_kib = std::max(c.resident_kib, usage.ru_maxrss);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4 || argc % 2 != 0) {
    std::fprintf(stderr, "usage: side_by_side ROUNDS NAME COMMAND [NAME COMMAND ...]\n");
    return 2;
  }
  std::vector<Command> commands;
  for (int i = 2; i < argc; i += 2) commands.push_back({argv[i], argv[i + 1]});
  for (int round = 0; round < std::atoi(argv[1]); ++round) {
    for (Command& c : commands) {
      if (run(c)) continue;
      std::fprintf(stderr, "%s failed: %s\n", c.name.c_str(), c.line.c_str());
      return 1;
    }
  }
  for (const Command& c : commands) {
    std::printf("%s %.4f %ld\n", c.name.c_str(), c.cpu_s, c.resident_kib);
  }
  return 0;
}
