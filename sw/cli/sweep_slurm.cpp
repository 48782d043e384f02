// vctoe sweep run --engine slurm: one job array, watched until it ends.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "models/sim/error.h"
#include "sw/cli/progress.h"
#include "sw/cli/signals.h"
#include "sw/cli/slurm.h"
#include "sw/cli/sweep_engine.h"
#include "sw/cli/sweep_task.h"
#include "sw/sweep/files.h"
#include "sw/sweep/point_result.h"
#include "sw/sweep/selection.h"
#include "sw/sweep/submission.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;

constexpr double kLeastPoll = 2;          ///< seconds; more often would be a burden to a cluster
constexpr int kCancelPolls = 30;          ///< until it is said that Slurm does not stop the tasks
constexpr std::size_t kUsualMost = 1000;  ///< tasks, where Slurm cannot be asked

/// Names of the submission's files besides those of submission.h.
constexpr char kName[] = "/slurm";   ///< holds the name of the job
constexpr char kEnded[] = "/ended";  ///< there when nobody needs to ask Slurm about it any more

/// Jobs of this sweep, which Slurm knows by a name that nothing else has.
class Watch {
 public:
  explicit Watch(const Work& work) : work_(work) {}

  /// Finds what earlier drivers left behind in the queue; its points.
  std::set<std::size_t> adopt();
  void submit(const std::vector<std::size_t>& points, ScenarioPort& scenario);
  /// Until no task lives, or until a signal, which cancels them all.
  int wait();

 private:
  struct Submission {
    std::string job, name;
  };
  std::string name_of(const std::string& job) const;
  std::vector<std::string> names() const;
  std::vector<SlurmTask> tasks();
  void sleep() const;
  std::size_t finished_points();
  void cancel();
  void close();

  const Work& work_;
  std::vector<Submission> submissions_;
  std::set<std::size_t> waited_for_;
  bool told_silence_ = false;
};

std::string Watch::name_of(const std::string& job) const {
  const std::string where = fs::canonical(work_.request.folder).string() + work_.plan.id();
  return "vctoe-" + sweep::sha256(where).substr(0, 10) + "-" + job;
}

std::vector<std::string> Watch::names() const {
  std::vector<std::string> all;
  for (const Submission& s : submissions_) all.push_back(s.name);
  return all;
}

/// Live ones; waits for a Slurm that does not answer, as a controller may be restarted.
std::vector<SlurmTask> Watch::tasks() {
  std::string words;
  for (;;) {
    if (auto tasks = slurm_tasks(names(), words)) return *tasks;
    if (SignalCatcher::caught() != 0) return {};
    if (!told_silence_) {
      std::fprintf(stderr, "Slurm does not answer, still trying: %s\n", words.c_str());
    }
    told_silence_ = true;
    sleep();
  }
}

void Watch::sleep() const {
  const double seconds = std::max(kLeastPoll, work_.request.poll_s);
  usleep(static_cast<useconds_t>(seconds * 1e6));  // a signal ends it
}

std::set<std::size_t> Watch::adopt() {
  const std::string& folder = work_.request.folder;
  for (const std::string& job : sweep::jobs(folder)) {
    const std::string path = sweep::job_folder(folder, job);
    std::error_code ignored;
    if (fs::exists(path + kName, ignored) && !fs::exists(path + kEnded, ignored)) {
      submissions_.push_back({job, name_of(job)});
    }
  }
  std::set<std::size_t> points;
  if (submissions_.empty()) return points;
  for (const SlurmTask& task : tasks()) {
    const std::string job = task.name.substr(task.name.rfind('-') + 1);
    const std::string text = sweep::points_of_task(folder, job, task.index);
    for (const std::size_t p : sweep::selection_of(text, work_.plan.size(), "tasks")) {
      points.insert(p);
    }
  }
  if (points.empty()) {
    close();
  } else {
    std::printf("Slurm already runs tasks of this sweep: waiting for these, too\n");
  }
  waited_for_ = points;
  return points;
}

void Watch::submit(const std::vector<std::size_t>& points, ScenarioPort& scenario) {
  const SweepRequest& request = work_.request;
  const std::size_t chunk = task_chunk(work_, points, slurm_most_tasks(), scenario);
  if (SignalCatcher::caught() != 0) return;  // while points were timed
  const std::vector<std::string> tasks = sweep::tasks_of(points, chunk);
  const std::string job = sweep::new_job(request.folder, tasks);
  const std::string path = sweep::job_folder(request.folder, job);
  sweep::write_synced(path + "/script",
                      slurm_text(work_, job, name_of(job), tasks.size(), points.size(), chunk));
  sweep::write_synced(path + kName, name_of(job) + "\n");
  submissions_.push_back({job, name_of(job)});
  waited_for_.insert(points.begin(), points.end());
  std::string number;
  try {
    number = slurm_submit(path + "/script");
  } catch (const sim::Error&) {
    if (submissions_.size() == 1) close();
    throw;
  }
  std::printf("job %s: %zu tasks of %s points each\n", number.c_str(), tasks.size(),
              chunk == 1 ? "one" : ("up to " + std::to_string(chunk)).c_str());
  std::fflush(stdout);
}

std::size_t Watch::finished_points() {
  std::error_code ignored;
  std::size_t there = 0;
  for (const std::size_t p : waited_for_) {
    there += fs::exists(sweep::result_path(work_.request.folder, p), ignored) ? 1 : 0;
  }
  return there;
}

void Watch::cancel() {
  std::fprintf(stderr, "\ncancelling the tasks\n");
  std::string words;
  if (!slurm_cancel(names(), words)) {
    std::fprintf(stderr, "scancel failed: %s\n", words.c_str());
    return;
  }
  for (int i = 0; i < kCancelPolls; ++i) {
    const auto live = slurm_tasks(names(), words);
    if (live && live->empty()) return close();
    sleep();
  }
  std::fprintf(stderr, "Slurm still knows tasks of %s; scancel --name=%s ends them\n",
               work_.request.folder.c_str(), names().back().c_str());
}

/// Nobody needs to ask for them again.
void Watch::close() {
  for (const Submission& s : submissions_) {
    std::ofstream(sweep::job_folder(work_.request.folder, s.job) + kEnded);
  }
  submissions_.clear();
}

int Watch::wait() {
  if (submissions_.empty()) return 0;
  Progress progress({"points"});
  const bool show = isatty(STDERR_FILENO) != 0;
  while (SignalCatcher::caught() == 0) {
    const std::vector<SlurmTask> live = tasks();
    if (SignalCatcher::caught() != 0) break;
    if (live.empty()) {
      close();
      return 0;
    }
    if (show && !waited_for_.empty()) {
      progress.update(
          {static_cast<double>(finished_points()) / static_cast<double>(waited_for_.size())});
    }
    sleep();
  }
  cancel();
  return SignalCatcher::caught();
}

void print_script(const Work& work, ScenarioPort& scenario) {
  std::size_t most = kUsualMost;
  try {
    most = slurm_most_tasks();
  } catch (const sim::Error& e) {
    std::fprintf(stderr, "%s; %zu tasks at most are assumed\n", e.what(), most);
  }
  const std::size_t chunk = task_chunk(work, work.points, most, scenario);
  const std::size_t tasks = sweep::tasks_of(work.points, chunk).size();
  std::fputs(slurm_text(work, "NNNN", "vctoe-NAME", tasks, work.points.size(), chunk).c_str(),
             stdout);
}

}  // namespace

Outcome run_on_slurm(const Work& work, ScenarioPort& scenario) {
  if (work.request.dry_run) {
    print_script(work, scenario);
    return {};
  }
  const SignalCatcher catcher;
  Watch watch(work);
  const std::set<std::size_t> adopted = watch.adopt();
  std::vector<std::size_t> rest;
  std::set_difference(work.points.begin(), work.points.end(), adopted.begin(), adopted.end(),
                      std::back_inserter(rest));
  if (!rest.empty() && SignalCatcher::caught() == 0) watch.submit(rest, scenario);
  return {watch.wait()};
}

}  // namespace vctoe::cli
