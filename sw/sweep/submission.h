// Points as the tasks of a job array, and the texts that a batch system gets. A submission has the
// folder DIR/jobs/0001: `tasks` (line N: the points of task N), `script`, and the logs of tasks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace vctoe::sweep {

struct ChunkNeeds {
  std::size_t points = 0;
  std::size_t stated = 0;         ///< points a task, as the user wants; 0: to be found
  double seconds = 0;             ///< real time that a point is thought to take; 0: unknown
  unsigned parallel = 1;          ///< points at the same time in a task
  std::size_t most_tasks = 1000;  ///< that an array may have
};

/// How many points a task gets: so many that it takes a minute, as a batch system takes about a
/// second to start it, and so many that the array does not become too long. Throws
/// sim::Error(kUser) when the stated number makes it too long.
std::size_t chunk_of(const ChunkNeeds& needs);

/// Each task's points as --points takes them, in the order of the points.
std::vector<std::string> tasks_of(const std::vector<std::size_t>& points, std::size_t chunk);

/// Makes the folder of a submission and writes its tasks; its name, as "0001".
std::string new_job(const std::string& folder, const std::vector<std::string>& tasks);
std::string job_folder(const std::string& folder, const std::string& job);
/// All of them, in order.
std::vector<std::string> jobs(const std::string& folder);
/// The points of task N, counted from 1. Throws sim::Error(kUser) when there is no such task.
std::string points_of_task(const std::string& folder, const std::string& job, std::size_t task);

struct BatchScript {
  std::string name;     ///< of the job, for squeue
  std::string program;  ///< "vctoe 0.1.0"
  std::string folder;   ///< of the submission, absolute
  std::size_t tasks = 0, points = 0, chunk = 0;
  std::size_t max_tasks = 0;            ///< at the same time; 0: as many as Slurm likes
  unsigned cpus = 1;                    ///< of a task
  std::vector<std::string> extra_args;  ///< of the user, verbatim, a line each
  std::string command;                  ///< to which the number of the task is added
};

/// For sbatch.
std::string slurm_script(const BatchScript& script);

struct Placeholders {
  std::string command;    ///< {command}
  std::size_t first = 1;  ///< {first}: number of the first task
  std::size_t last = 1;   ///< {last}
  std::string index_env;  ///< {index_env}: the variable in which the command finds its number
};

/// The template with these in place of their names in braces; other braces stay as they are. Throws
/// sim::Error(kUser) when {command}, {last} or {index_env} is missing; `name` is the file's.
std::string fill_template(const std::string& text, const std::string& name,
                          const Placeholders& values);

/// As one word of a shell.
std::string shell_word(const std::string& text);

}  // namespace vctoe::sweep
