// Runs jobs side by side, each in a process of its own, and tells how each of them ended.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace vctoe::cli {

struct Job {
  std::string name;
  /// Called in a copy of this process; what it returns is the exit code. It may write
  /// "<fraction> ..." lines to the descriptor, which is -1 when nobody listens.
  std::function<int(int progress_fd)> body;
};

struct JobResult {
  std::string name;
  int exit_code = -1;  ///< -1 when a signal ended it
  int signal = 0;
  bool timed_out = false;
  std::string last_words;  ///< the end of what it wrote to stdout and stderr
  double wall_s = 0;

  /// "crashed (Segmentation fault)", "took too long and was stopped", "ended with exit code 3".
  std::string how_it_ended() const;
};

/// Without spaces and ends of lines at its end.
std::string trimmed(std::string text);

struct PoolOptions {
  unsigned parallel = 1;    ///< jobs at the same time
  double time_limit_s = 0;  ///< real time of a job before it is killed; 0: none
  /// Bytes of address space of a job, beyond which it gets no memory; 0: no limit. None under
  /// AddressSanitizer, which takes terabytes of it.
  std::uint64_t memory_limit = 0;
  /// When set, called as soon as a job has ended of its own, not for those that an interrupt ends.
  std::function<void(std::size_t job, const JobResult& result)> on_end;
  /// When set, called with the latest fraction of each job.
  std::function<void(const std::vector<double>& fractions)> on_progress;
};

struct PoolResult {
  std::vector<JobResult> jobs;  ///< in the order of the jobs, whatever the order of their ends
  int interrupted_by = 0;       ///< SIGINT or SIGTERM: all children are dead, some never started
};

/// Returns when all have ended. Children die with this process, however it ends. To be called while
/// this process has one thread: a copy would miss the others.
/// Throws sim::Error(kInternal) when a process cannot be made.
PoolResult run_jobs(const std::vector<Job>& jobs, const PoolOptions& options);

}  // namespace vctoe::cli
