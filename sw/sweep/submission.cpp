#include "sw/sweep/submission.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/sweep/files.h"
#include "sw/sweep/selection.h"

namespace vctoe::sweep {

namespace {

namespace fs = std::filesystem;

constexpr double kTaskSeconds = 60;
constexpr char kPlain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:,@";

std::size_t divided_up(std::size_t a, std::size_t b) {
  return (a + b - 1) / b;
}

}  // namespace

std::size_t chunk_of(const ChunkNeeds& needs) {
  const std::size_t least = std::max<std::size_t>(1, divided_up(needs.points, needs.most_tasks));
  if (needs.stated != 0) {
    if (needs.stated >= least) return needs.stated;
    sim::user_error("--chunk " + std::to_string(needs.stated) + " makes " +
                    std::to_string(divided_up(needs.points, needs.stated)) +
                    " tasks, and an array may have " + std::to_string(needs.most_tasks) +
                    ": --chunk has to be " + std::to_string(least) + " or more");
  }
  if (needs.seconds <= 0) return least;
  const double minute = std::ceil(kTaskSeconds * needs.parallel / needs.seconds);
  return std::max(least, static_cast<std::size_t>(std::min(
                             minute, static_cast<double>(std::max<std::size_t>(1, needs.points)))));
}

std::vector<std::string> tasks_of(const std::vector<std::size_t>& points, std::size_t chunk) {
  std::vector<std::string> tasks;
  for (std::size_t at = 0; at < points.size(); at += chunk) {
    const auto begin = points.begin() + static_cast<std::ptrdiff_t>(at);
    const auto size = static_cast<std::ptrdiff_t>(std::min(chunk, points.size() - at));
    tasks.push_back(selection_text({begin, begin + size}));
  }
  return tasks;
}

std::string job_folder(const std::string& folder, const std::string& job) {
  return folder + "/jobs/" + job;
}

std::string new_job(const std::string& folder, const std::vector<std::string>& tasks) {
  std::error_code ignored;
  fs::create_directories(folder + "/jobs", ignored);
  const std::vector<std::string> present = jobs(folder);
  std::size_t number = present.empty() ? 1 : std::stoul(present.back()) + 1;
  std::string path;
  char name[32];
  do {  // another driver may be quicker
    std::snprintf(name, sizeof name, "%04zu", number++);
    path = job_folder(folder, name);
    errno = 0;
  } while (mkdir(path.c_str(), 0777) != 0 && errno == EEXIST);
  if (errno != 0) sim::user_error("cannot write " + path + ": " + std::strerror(errno));
  std::string text;
  for (const std::string& task : tasks) text += task + "\n";
  write_synced(path + "/tasks", text);
  return name;
}

std::vector<std::string> jobs(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder + "/jobs", ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos) names.push_back(name);
  }
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() < b.size() : a < b;
  });
  return names;
}

std::string points_of_task(const std::string& folder, const std::string& job, std::size_t task) {
  const std::string path = job_folder(folder, job) + "/tasks";
  std::string problem;
  std::istringstream in(config::read_text(path, problem));
  if (!problem.empty()) sim::user_error("cannot read " + path + ": " + problem);
  std::string line;
  std::size_t count = 0;
  while (std::getline(in, line)) {
    if (++count == task) return line;
  }
  sim::user_error("there is no task " + std::to_string(task) + ": " + path + " has 1 to " +
                  std::to_string(count));
}

std::string slurm_script(const BatchScript& s) {
  std::string text = "#!/bin/bash\n# " + s.program + ": " + std::to_string(s.points) +
                     " points of a sweep, " + std::to_string(s.chunk) +
                     " to a task. The points of task N are in line N of\n# " + s.folder +
                     "/tasks\n# A task runs only what has no valid result, so it may run twice.\n";
  const auto line = [&](const std::string& option) { text += "#SBATCH " + option + "\n"; };
  line("--job-name=" + s.name);
  line("--array=1-" + std::to_string(s.tasks) +
       (s.max_tasks == 0 ? "" : "%" + std::to_string(s.max_tasks)));
  line("--requeue");
  line("--ntasks=1");
  line("--cpus-per-task=" + std::to_string(s.cpus));
  line("--open-mode=append");
  line("--output=" + s.folder + "/%a.log");
  for (const std::string& args : s.extra_args) line(args);
  return text + "exec " + s.command + " --task \"$SLURM_ARRAY_TASK_ID\"\n";
}

std::string fill_template(const std::string& text, const std::string& name,
                          const Placeholders& values) {
  const std::pair<const char*, std::string> all[] = {{"{command}", values.command},
                                                     {"{first}", std::to_string(values.first)},
                                                     {"{last}", std::to_string(values.last)},
                                                     {"{index_env}", values.index_env}};
  for (const char* needed : {"{command}", "{last}", "{index_env}"}) {
    if (text.find(needed) == std::string::npos) {
      sim::user_error(name + " does not contain " + needed +
                      ": a template has {command}, {last}, {index_env} and mostly {first}");
    }
  }
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto found = std::find_if(std::begin(all), std::end(all), [&](const auto& p) {
      return text.compare(at, std::strlen(p.first), p.first) == 0;
    });
    out += found == std::end(all) ? std::string(1, text[at]) : found->second;
    at += found == std::end(all) ? 1 : std::strlen(found->first);
  }
  return out;
}

std::string shell_word(const std::string& text) {
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string::npos) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace vctoe::sweep
