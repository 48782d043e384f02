#include "sw/cli/slurm.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "models/sim/error.h"
#include "sw/cli/process.h"
#include "sw/sweep/submission.h"

namespace vctoe::cli {

namespace {

struct Said {
  bool good = false;
  std::string text;
};

/// Runs a command; its stderr is part of the text.
Said ask(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1 </dev/null").c_str(), "r");
  if (pipe == nullptr) return {false, "cannot start a process"};
  Said said;
  std::array<char, 4096> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) said.text += buffer.data();
  const int status = pclose(pipe);
  said.good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  said.text = trimmed(said.text);
  return said;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ",") + name;
  return text;
}

std::string mine(const std::vector<std::string>& names) {
  return " --user=" + std::to_string(getuid()) + " --name=" + joined(names);
}

}  // namespace

std::size_t slurm_most_tasks() {
  const Said said = ask("scontrol show config");
  const std::size_t at = said.text.find("MaxArraySize");
  const std::size_t equals = said.text.find('=', at);
  if (!said.good || at == std::string::npos || equals == std::string::npos) {
    sim::user_error("Slurm does not answer: " + said.text.substr(0, 400) +
                    "; scontrol and sbatch come with slurm-client");
  }
  const auto size = std::strtoul(said.text.c_str() + equals + 1, nullptr, 10);
  if (size < 2) sim::user_error("this Slurm allows no job arrays (MaxArraySize)");
  return size - 1;
}

std::string slurm_submit(const std::string& script) {
  const Said said = ask("sbatch --parsable " + sweep::shell_word(script));
  if (!said.good) sim::user_error("sbatch refused " + script + ": " + said.text);
  const std::string last = said.text.substr(said.text.rfind('\n') + 1);  // after any warnings
  return last.substr(0, last.find(';'));
}

std::vector<SlurmTask> live_tasks(const std::string& squeue) {
  constexpr std::array<const char*, 10> kEnds{
      "BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
      "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};
  std::vector<SlurmTask> live;
  std::istringstream in(squeue);
  std::string line;
  while (std::getline(in, line)) {
    const std::size_t one = line.find('|'), two = line.find('|', one + 1);
    if (one == std::string::npos || two == std::string::npos) continue;  // a warning
    SlurmTask task{line.substr(0, one), 0, line.substr(two + 1)};
    task.index = std::strtoul(line.c_str() + one + 1, nullptr, 10);
    if (std::find(kEnds.begin(), kEnds.end(), task.state) == kEnds.end()) live.push_back(task);
  }
  return live;
}

std::optional<std::vector<SlurmTask>> slurm_tasks(const std::vector<std::string>& names,
                                                  std::string& words) {
  const Said said = ask("squeue --noheader --array --states=all --format='%j|%K|%T'" + mine(names));
  words = said.text;
  if (!said.good) return std::nullopt;
  return live_tasks(said.text);
}

bool slurm_cancel(const std::vector<std::string>& names, std::string& words) {
  const Said said = ask("scancel" + mine(names));
  words = said.text;
  return said.good;
}

}  // namespace vctoe::cli
