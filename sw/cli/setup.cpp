#include "sw/cli/setup.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_names.h"
#include "sw/scenario/config_report.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;

template <class T>
T& param(const sim::ParamList& list, const std::string& path) {
  for (const sim::ParamField& f : list.fields()) {
    if (f.path != path) continue;
    if (auto* const* value = std::get_if<T*>(&f.ref)) return **value;
  }
  sim::model_error("the scenario declares no parameter " + path + " of the expected type");
}

/// Why the file cannot be read to its end; empty when it can be opened and gives a first byte or is
/// empty.
std::string reading_problem(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::strerror(errno);
  char byte = 0;
  std::string problem = read(fd, &byte, 1) < 0 ? std::strerror(errno) : "";
  close(fd);
  return problem;
}

/// Reports unknown names and repetitions; makes `text` the full names if there are none.
void check_schemes(std::string& text, const ScenarioPort& scenario,
                   std::vector<std::string>& problems) {
  const auto names = split_names(text);
  const auto& known = scenario.schemes();
  if (names.empty()) problems.push_back("schemes names no scheme");
  std::string legal;
  for (const auto& k : known) legal += (legal.empty() ? "" : ", ") + k;
  std::vector<std::string> full;
  const std::size_t problems_before = problems.size();
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      const auto near = config::nearest(name, known);
      std::string problem = "schemes: unknown scheme \"" + name + "\"";
      if (!near.empty()) problem.append("; did you mean \"").append(near).append("\"?");
      problems.push_back(problem.append(" (legal: ").append(legal).append(")"));
      continue;
    }
    full.push_back(scenario.full_name(name));
    if (std::find(full.begin(), full.end() - 1, full.back()) != full.end() - 1) {
      problems.push_back("schemes: \"" + full.back() + "\" is named twice");
    }
  }
  if (problems.size() != problems_before) return;
  text.clear();
  for (const auto& name : full) text += (text.empty() ? "" : ",") + name;
}

}  // namespace

std::string scenario_path(const std::string& name) {
  const fs::path traces = fs::path(VCTOE_SOURCE_DIR) / "traces";
  if (name.empty()) return (traces / "default.toml").string();
  const fs::path known = traces / (name + ".toml");
  std::error_code ignored;
  const bool bare = name.find('/') == std::string::npos;
  if (bare && !fs::exists(name, ignored) && fs::exists(known, ignored)) return known.string();
  return name;
}

std::string& text_param(const sim::ParamList& list, const std::string& path) {
  return param<std::string>(list, path);
}
std::uint64_t& whole_param(const sim::ParamList& list, const std::string& path) {
  return param<std::uint64_t>(list, path);
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::string name;
  for (const char c : text + ",") {
    if (c != ',' && c != ' ') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::move(name));
      name.clear();
    }
  }
  return names;
}

void settle_file(const config::Loader& loader, const sim::ParamList& list,
                 std::vector<std::string>& problems) {
  std::string& file = text_param(list, "file");
  if (file.empty()) return;
  // A path in a file is relative to that file, one on the command line to the working directory.
  file = fs::absolute(fs::path(loader.directory_of("file")) / file).lexically_normal().string();
  const std::string problem = reading_problem(file);
  if (!problem.empty()) problems.push_back("file: cannot read " + file + ": " + problem);
}

void load_scenario(const RunRequest& request, ScenarioPort& scenario, const sim::ParamList& list) {
  config::Loader loader(list, config::wants_colour(STDERR_FILENO));
  for (config::Preset& preset : scenario.presets()) loader.add_preset(std::move(preset));
  loader.load_file(scenario_path(request.scenario));
  for (const std::string& assignment : request.sets) loader.set(assignment);
  if (request.file) loader.set("--file", "file", *request.file);
  if (request.seed) loader.set("--seed", "seed", *request.seed);
  if (!request.schemes.empty()) {
    std::string names;
    for (const auto& s : request.schemes) names += (names.empty() ? "" : ",") + s;
    loader.set("--scheme", "schemes", names);
  }
  loader.add_validator([&](std::vector<std::string>& problems) {
    settle_file(loader, list, problems);
    check_schemes(text_param(list, "schemes"), scenario, problems);
    scenario.check(problems);
  });
  loader.finish();
}

}  // namespace vctoe::cli
