// The four commands of Slurm that a sweep needs. None of them needs accounting (sacct).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace vctoe::cli {

/// A task of an array that has not come to its end: it waits, runs, or is about to run again.
struct SlurmTask {
  std::string name;  ///< of its job
  std::size_t index = 0;
  std::string state;  ///< as squeue prints it: "PENDING"
};

/// The longest array that begins with task 1 (MaxArraySize is one more than the highest index).
/// Throws sim::Error(kUser) when Slurm does not answer.
std::size_t slurm_most_tasks();

/// The number of the new job. Throws sim::Error(kUser) with the words of sbatch.
std::string slurm_submit(const std::string& script);

/// Of this user's jobs with these names; none when Slurm does not answer: `words` then says why.
std::optional<std::vector<SlurmTask>> slurm_tasks(const std::vector<std::string>& names,
                                                  std::string& words);

/// False when Slurm does not answer.
bool slurm_cancel(const std::vector<std::string>& names, std::string& words);

/// Reads what squeue prints: "name|index|state" a line; tasks at their end are left out.
std::vector<SlurmTask> live_tasks(const std::string& squeue);

}  // namespace vctoe::cli
