#include "sw/cli/sweep_task.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "models/sim/error.h"
#include "sw/cli/program.h"
#include "sw/cli/signals.h"
#include "sw/cli/sweep_point.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_quantity.h"
#include "sw/scenario/outputs_files.h"
#include "sw/sweep/files.h"
#include "sw/sweep/submission.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;

/// Tasks of an array where nobody says how many there may be: the default of LSF's
/// MAX_JOB_ARRAY_SIZE (lsb.params), the smallest among the batch systems.
constexpr std::size_t kScriptMost = 1000;

std::string estimate_path(const std::string& folder) {
  return folder + "/estimate";
}

std::string absolute(const std::string& folder) {
  return fs::canonical(folder).string();
}

unsigned parallel(const SweepRequest& request) {
  return request.jobs == 0 ? 1 : request.jobs;
}

/// Lines of #SBATCH know no way to say a space, and % means something in names of files.
void check_path(const std::string& path) {
  if (path.find_first_of(" \t\n\"'\\%#") == std::string::npos) return;
  sim::user_error("Slurm cannot be given the folder " + path +
                  ": its path may hold no space, quote, backslash, % and #");
}

std::string read_template(const std::string& path) {
  std::string problem;
  std::string text = config::read_text(path, problem);
  if (!problem.empty()) sim::user_error("cannot read " + path + ": " + problem);
  return text;
}

std::string script_text(const Work& work, const std::string& job, std::size_t tasks) {
  const std::string& file = work.request.template_file;
  return sweep::fill_template(read_template(file), file,
                              {task_command(work, job), 1, tasks, kTaskVariable});
}

/// The user's command over the script; the signal that ended it, or 0.
int hand_over(const SweepRequest& request, const std::string& script) {
  const std::string command = request.submit + " " + sweep::shell_word(script);
  std::fflush(nullptr);
  const int status = std::system(command.c_str());
  if (WIFSIGNALED(status)) return WTERMSIG(status);
  const int code = WEXITSTATUS(status);
  if (code == kInterrupted) return SIGINT;
  if (code != 0) {
    std::fprintf(stderr, "%s: exit code %d\n", command.c_str(), code);
  }
  return 0;
}

}  // namespace

double read_estimate(const std::string& folder) {
  double seconds = 0;
  std::ifstream(estimate_path(folder)) >> seconds;
  return seconds > 0 ? seconds : 0;
}

void write_estimate(const std::string& folder, double seconds) {
  outputs::write_file(estimate_path(folder), config::to_text(seconds) + "\n");
}

std::size_t task_chunk(const Work& work, const std::vector<std::size_t>& points,
                       std::size_t most_tasks, ScenarioPort& scenario) {
  const SweepRequest& request = work.request;
  double seconds = work.mean_s > 0 ? work.mean_s : read_estimate(request.folder);
  if (request.chunk == 0 && seconds <= 0 && !points.empty()) {
    std::size_t trouble = 0;
    seconds = time_sample(work.plan, points, scenario, trouble).value_or(0);
  }
  return sweep::chunk_of({points.size(), request.chunk, seconds, parallel(request), most_tasks});
}

std::string task_command(const Work& work, const std::string& job) {
  const SweepRequest& r = work.request;
  std::string text = sweep::shell_word(fs::read_symlink("/proc/self/exe").string()) +
                     " sweep run-task " + sweep::shell_word(absolute(r.folder)) + " --job " + job;
  if (r.jobs > 1) text += " --jobs " + std::to_string(r.jobs);
  if (r.time_limit_s != SweepRequest{}.time_limit_s) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, " --time-limit %g", r.time_limit_s);
    text += seconds;
  }
  if (!r.memory.empty()) text += " --memory " + sweep::shell_word(r.memory);
  if (r.other_build) text += " --other-build";
  return text;
}

std::string slurm_text(const Work& work, const std::string& job, const std::string& name,
                       std::size_t tasks, std::size_t points, std::size_t chunk) {
  const SweepRequest& request = work.request;
  sweep::BatchScript script;
  script.name = name;
  script.program = program_name();
  script.folder = sweep::job_folder(absolute(request.folder), job);
  check_path(script.folder);
  script.tasks = tasks;
  script.points = points;
  script.chunk = chunk;
  script.max_tasks = request.max_tasks;
  script.cpus = parallel(request);
  script.extra_args = request.slurm_args;
  script.command = task_command(work, job);
  return sweep::slurm_script(script);
}

Outcome run_by_script(const Work& work, ScenarioPort& scenario) {
  const SweepRequest& request = work.request;
  script_text(work, "0001", 1);  // a template that does not do is said before anything is run
  if (work.points.empty()) return {};
  const std::size_t chunk = task_chunk(work, work.points, kScriptMost, scenario);
  if (SignalCatcher::caught() != 0) return {SignalCatcher::caught()};  // while points were timed
  const std::vector<std::string> tasks = sweep::tasks_of(work.points, chunk);
  if (request.dry_run) {
    std::fputs(script_text(work, "NNNN", tasks.size()).c_str(), stdout);
    return {};
  }
  const std::string job = sweep::new_job(request.folder, tasks);
  const std::string script = sweep::job_folder(absolute(request.folder), job) + "/script";
  sweep::write_synced(script, script_text(work, job, tasks.size()));
  std::printf("%zu tasks in %s\n", tasks.size(), script.c_str());
  return {request.submit.empty() ? 0 : hand_over(request, script)};
}

}  // namespace vctoe::cli
