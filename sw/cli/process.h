// Runs programs side by side and tells how each of them ended.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace vctoe::cli {

struct Job {
  std::string name;
  std::vector<std::string> arguments;  ///< argv[1] and on
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

struct PoolOptions {
  std::string program;      ///< path of the executable
  unsigned parallel = 1;    ///< jobs at the same time
  double time_limit_s = 0;  ///< real time of a job before it is killed; 0: none
  /// When set, each job gets "--progress-fd N" behind its arguments, writes "<fraction> ..." lines
  /// there, and this is called with the latest fraction of each job.
  std::function<void(const std::vector<double>& fractions)> on_progress;
};

struct PoolResult {
  std::vector<JobResult> jobs;  ///< in the order of the jobs, whatever the order of their ends
  int interrupted_by = 0;       ///< SIGINT or SIGTERM: all children are dead, some never started
};

/// Returns when all have ended. Children die with this process, however it ends.
/// Throws sim::Error(kInternal) when a process cannot be made.
PoolResult run_jobs(const std::vector<Job>& jobs, const PoolOptions& options);

}  // namespace vctoe::cli
