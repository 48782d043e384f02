#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/process.h"
#include "sw/cli/program.h"
#include "sw/cli/progress.h"
#include "sw/cli/setup.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_print.h"
#include "sw/scenario/outputs_files.h"
#include "sw/scenario/outputs_json.h"
#include "sw/scenario/outputs_table.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;
using outputs::RunResult;
using outputs::RunSummary;

std::string out_dir_of(const RunRequest& request) {
  if (!request.out_dir.empty()) return request.out_dir;
  return (fs::path("out") / fs::path(scenario_path(request.scenario)).stem()).string();
}

/// Absolute, because a run may change its folder; one file a scheme where there are several.
std::string recording_of(const RunRequest& request, const std::string& scheme,
                         std::size_t schemes) {
  if (request.record_walker.empty()) return "";
  const std::string path = fs::absolute(request.record_walker).string();
  return schemes == 1 ? path : path + "." + scheme;
}

std::vector<Job> jobs_for(const RunRequest& request, const std::string& file,
                          const std::vector<std::string>& schemes, const std::string& out,
                          ScenarioPort& scenario) {
  const waves::Options waves = parse_waves(request.waves);
  std::vector<Job> jobs;
  for (const std::string& scheme : schemes) {
    RunOneRequest one;
    one.scheme = scheme;
    one.options.out_dir = (fs::path(out) / scheme).string();
    one.options.file = file;
    one.options.pcap = request.pcap;
    one.options.trace = request.trace;
    one.options.timeline = request.timeline;
    one.options.waves = waves;
    one.options.record_walker = recording_of(request, scheme, schemes.size());
    one.options.snaplen = request.snaplen;
    outputs::prepare_directory(one.options.out_dir);
    fs::remove(one.options.out_dir + "/result.json");
    jobs.push_back({scheme, [one, &scenario](int progress_fd) mutable {
                      one.progress_fd = progress_fd;
                      return run_one(one, scenario);
                    }});
  }
  return jobs;
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

/// What a child left behind, or a summary that says how it broke off.
RunResult collect(const JobResult& job, const std::string& out) {
  const std::string path = out + "/" + job.name + "/result.json";
  std::string problem;
  const std::string text = config::read_text(path, problem);
  fs::remove(path);
  std::error_code kept;  // the scheme's directory, unless something was recorded
  fs::remove(fs::path(path).parent_path(), kept);
  if ((job.exit_code == kOk || job.exit_code == kCheckFailed) && problem.empty()) {
    RunResult result = outputs::take_over(text);
    result.summary.wall_s = job.wall_s;
    return result;
  }
  RunSummary broken;
  broken.scheme = job.name;
  broken.finished = false;
  const bool explained = job.exit_code == kCheckFailed || job.exit_code == kUsage;
  const std::string words = trimmed(job.last_words);
  if (explained && !words.empty()) {
    broken.failure = words;
  } else {
    broken.failure = job.how_it_ended() + (words.empty() ? "" : "; its last words:\n" + words);
  }
  return {broken, outputs::run_entry(broken)};
}

/// The worst of all: a bug of the model before a fault of the user before a check that failed.
int exit_code_of(const std::vector<JobResult>& jobs) {
  int code = kOk;
  for (const JobResult& j : jobs) {
    const bool known = j.exit_code >= kOk && j.exit_code <= kInternal;
    code = std::max(code, known ? j.exit_code : static_cast<int>(kInternal));
  }
  return code;
}

/// The fault is the user's and nothing came of the run: what an earlier one left stays.
bool all_refused(const std::vector<JobResult>& jobs) {
  return std::all_of(jobs.begin(), jobs.end(),
                     [](const JobResult& j) { return j.exit_code == kUsage; });
}

/// Runs that broke off, those for the same reason in one message; and what good runs had to say.
void print_messages(const std::vector<RunSummary>& runs, const std::vector<JobResult>& jobs) {
  std::vector<std::pair<std::string, std::string>> reasons;  // failure, schemes
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (runs[i].finished) {
      const std::string words = trimmed(jobs[i].last_words);
      if (!words.empty()) std::fprintf(stderr, "%s: %s\n", jobs[i].name.c_str(), words.c_str());
      continue;
    }
    auto known = std::find_if(reasons.begin(), reasons.end(),
                              [&](const auto& r) { return r.first == runs[i].failure; });
    if (known == reasons.end()) known = reasons.insert(known, {runs[i].failure, ""});
    known->second += (known->second.empty() ? "" : ", ") + runs[i].scheme;
  }
  for (const auto& [failure, schemes] : reasons) {
    std::fprintf(stderr, "%s: error: %s\n", schemes.c_str(), failure.c_str());
  }
}

PoolResult run_all(const RunRequest& request, const std::vector<Job>& jobs) {
  PoolOptions options;
  options.parallel =
      request.jobs != 0 ? request.jobs : std::max(1U, std::thread::hardware_concurrency());
  options.time_limit_s = request.time_limit_s;
  std::vector<std::string> names;
  names.reserve(jobs.size());
  for (const Job& job : jobs) names.push_back(job.name);
  Progress progress(names);
  if (isatty(STDERR_FILENO) != 0) {
    options.on_progress = [&](const std::vector<double>& f) { progress.update(f); };
  }
  return run_jobs(jobs, options);
}

}  // namespace

int run(const RunRequest& request, ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  load_scenario(request, scenario, list);
  const auto schemes = split_names(text_param(list, "schemes"));
  const std::string out = out_dir_of(request);
  outputs::prepare_directory(out);

  const PoolResult pool =
      run_all(request, jobs_for(request, text_param(list, "file"), schemes, out, scenario));
  if (pool.interrupted_by != 0) {
    std::fputs("interrupted\n", stderr);
    return kInterrupted;
  }
  std::vector<RunSummary> runs;
  std::vector<std::string> entries;
  for (const JobResult& job : pool.jobs) {
    RunResult result = collect(job, out);
    runs.push_back(std::move(result.summary));
    entries.push_back(std::move(result.entry));
  }
  if (all_refused(pool.jobs)) {
    print_messages(runs, pool.jobs);
    return kUsage;
  }
  // Together with the results, so that what an earlier run left belongs together until then.
  outputs::write_file(
      out + "/config.toml",
      config::final_configuration(
          list, "Every parameter of this run; to repeat it: vctoe run " + out + "/config.toml"));
  const std::string document =
      outputs::stats_document(entries, whole_param(list, "seed"), VCTOE_VERSION);
  outputs::write_file(out + "/stats.json", document);
  if (request.json) {
    std::fputs(document.c_str(), stdout);
  } else {
    std::fputs(outputs::summary_table(runs).c_str(), stdout);
    std::printf("\nwritten: %s/stats.json, %s/config.toml%s\n", out.c_str(), out.c_str(),
                request.pcap || request.trace || request.timeline || request.waves.on
                    ? (", " + out + "/<scheme>/").c_str()
                    : "");
  }
  std::fflush(stdout);
  print_messages(runs, pool.jobs);
  return exit_code_of(pool.jobs);
}

}  // namespace vctoe::cli
