#include "sw/cli/process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "models/sim/error.h"
#include "sw/cli/signals.h"

namespace vctoe::cli {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLastWords = 4096;
constexpr int kPollMs = 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Pipe {
  int read_end = -1, write_end = -1;
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) {
      sim::model_error(std::string("cannot make a pipe: ") + std::strerror(errno));
    }
    read_end = ends[0];
    write_end = ends[1];
    fcntl(read_end, F_SETFL, O_NONBLOCK);
  }
};

/// A running child and what it has said.
struct Child {
  std::size_t job = 0;
  pid_t pid = -1;
  int pid_fd = -1;  ///< readable once it has ended
  int words_fd = -1, progress_fd = -1;
  std::string words, progress;
  Clock::time_point start;
  bool timed_out = false;
};

/// pidfd_open(2), whose declaration in glibc 2.36 lacks C linkage. -1 on kernels without it: the
/// end of the child is then seen at the next look.
int open_pid(pid_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
}

void limit_memory(std::uint64_t bytes) {
#ifndef __SANITIZE_ADDRESS__
  const rlimit limit{bytes, bytes};
  if (bytes != 0) setrlimit(RLIMIT_AS, &limit);
#else
  static_cast<void>(bytes);
#endif
}

/// In the child.
[[noreturn]] void become(const Job& job, int words, int progress, pid_t parent,
                         std::uint64_t memory_limit) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);  // the parent died before the line above
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(words, STDOUT_FILENO);
  dup2(words, STDERR_FILENO);
  limit_memory(memory_limit);
  const int code = job.body(progress);
  std::fflush(nullptr);
  _exit(code);  // what is left on the stack and in static objects is the parent's to take down
}

class Pool {
 public:
  Pool(const std::vector<Job>& jobs, const PoolOptions& options)
      : jobs_(jobs), options_(options), fractions_(jobs.size(), 0) {
    result_.jobs.resize(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) result_.jobs[i].name = jobs[i].name;
  }
  ~Pool() { kill_all(); }
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  PoolResult run();

 private:
  void start(std::size_t job);
  void listen();
  void take_words(Child& child) const;
  void take_progress(Child& child);
  void reap();
  void finish(Child& child, int status);
  void kill_all();

  const std::vector<Job>& jobs_;
  const PoolOptions& options_;
  std::vector<Child> children_;
  std::vector<double> fractions_;
  PoolResult result_;
};

void Pool::start(std::size_t job) {
  const Pipe words, progress;
  const pid_t parent = getpid();
  std::fflush(nullptr);  // or the child would write it once more
  const pid_t pid = fork();
  if (pid == 0) {
    become(jobs_[job], words.write_end, options_.on_progress ? progress.write_end : -1, parent,
           options_.memory_limit);
  }
  const int reason = errno;
  close(words.write_end);
  close(progress.write_end);
  if (pid < 0) sim::model_error(std::string("cannot start a process: ") + std::strerror(reason));
  children_.push_back(
      {job, pid, open_pid(pid), words.read_end, progress.read_end, "", "", Clock::now(), false});
}

/// Appends what there is to read; closes the descriptor at its end.
void drain(int& fd, std::string& text) {
  std::array<char, 4096> buffer{};
  while (fd >= 0) {
    const ssize_t n = read(fd, buffer.data(), buffer.size());
    if (n > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(n));
    } else if (n < 0 && (errno == EAGAIN || errno == EINTR)) {
      return;
    } else {
      close(fd);
      fd = -1;
    }
  }
}

void Pool::take_words(Child& child) const {
  drain(child.words_fd, child.words);
  if (child.words.size() <= kLastWords) return;
  child.words.erase(0, child.words.size() - kLastWords);
  // What is left starts with a whole line.
  child.words.erase(0, child.words.find('\n') + 1);
}

void Pool::take_progress(Child& child) {
  drain(child.progress_fd, child.progress);
  const auto end = child.progress.rfind('\n');
  if (end == std::string::npos) return;
  const auto begin = end == 0 ? std::string::npos : child.progress.rfind('\n', end - 1);
  const char* line = child.progress.c_str() + (begin == std::string::npos ? 0 : begin + 1);
  fractions_[child.job] = std::strtod(line, nullptr);
  child.progress.erase(0, end + 1);
}

void Pool::listen() {
  std::vector<pollfd> fds;
  for (const Child& c : children_) {
    fds.push_back({c.pid_fd, POLLIN, 0});
    fds.push_back({c.words_fd, POLLIN, 0});
    fds.push_back({c.progress_fd, POLLIN, 0});
  }
  poll(fds.data(), fds.size(), kPollMs);
  for (Child& c : children_) {
    take_words(c);
    take_progress(c);
  }
}

void Pool::finish(Child& child, int status) {
  take_words(child);
  JobResult& r = result_.jobs[child.job];
  r.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  r.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  r.timed_out = child.timed_out;
  r.last_words = child.words;
  r.wall_s = seconds_since(child.start);
  fractions_[child.job] = 1;
  for (const int fd : {child.pid_fd, child.words_fd, child.progress_fd}) {
    if (fd >= 0) close(fd);
  }
}

void Pool::reap() {
  for (std::size_t i = 0; i < children_.size();) {
    Child& c = children_[i];
    if (options_.time_limit_s > 0 && seconds_since(c.start) > options_.time_limit_s) {
      c.timed_out = true;
      kill(c.pid, SIGKILL);
    }
    int status = 0;
    if (waitpid(c.pid, &status, WNOHANG) != c.pid) {
      ++i;
      continue;
    }
    const std::size_t job = c.job;
    finish(c, status);
    children_.erase(children_.begin() + static_cast<std::ptrdiff_t>(i));
    if (options_.on_end) options_.on_end(job, result_.jobs[job]);
  }
}

void Pool::kill_all() {
  for (Child& c : children_) {
    kill(c.pid, SIGKILL);
    int status = 0;
    waitpid(c.pid, &status, 0);
    finish(c, status);
  }
  children_.clear();
}

PoolResult Pool::run() {
  const SignalCatcher catcher;
  std::size_t next = 0;
  while (next < jobs_.size() || !children_.empty()) {
    while (next < jobs_.size() && children_.size() < options_.parallel) start(next++);
    listen();
    reap();
    if (options_.on_progress) options_.on_progress(fractions_);
    if (SignalCatcher::caught() != 0) {
      result_.interrupted_by = SignalCatcher::caught();
      kill_all();
      break;
    }
  }
  return result_;
}

}  // namespace

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

std::string JobResult::how_it_ended() const {
  if (timed_out) return "took too long and was stopped";
  if (signal != 0) return std::string("crashed (") + strsignal(signal) + ")";
  return "ended with exit code " + std::to_string(exit_code);
}

PoolResult run_jobs(const std::vector<Job>& jobs, const PoolOptions& options) {
  return Pool(jobs, options).run();
}

}  // namespace vctoe::cli
