#include <cstdio>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"
#include "sw/cli/setup.h"
#include "sw/scenario/config_names.h"
#include "sw/scenario/config_print.h"

namespace vctoe::cli {

namespace {

/// The path or group closest to what was asked for.
std::string nearest_path(const sim::ParamList& list, const std::string& prefix) {
  std::vector<std::string> names;
  for (const sim::ParamField& f : list.fields()) {
    for (std::size_t dot = f.path.find('.'); dot != std::string::npos;
         dot = f.path.find('.', dot + 1)) {
      names.push_back(f.path.substr(0, dot));
    }
    names.push_back(f.path);
  }
  return config::nearest(prefix, names);
}

}  // namespace

int params(const std::string& prefix, ParamsFormat format, ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  if (config::params_text(list, prefix).empty()) {
    const std::string near = nearest_path(list, prefix);
    sim::user_error("no parameter or group " + prefix +
                    (near.empty() ? "" : "; did you mean " + near + "?"));
  }
  const std::string text = format == ParamsFormat::kJson ? config::params_json(list, prefix)
                           : format == ParamsFormat::kMarkdown
                               ? config::params_markdown(list, prefix)
                               : config::params_text(list, prefix);
  std::fputs(text.c_str(), stdout);
  return kOk;
}

int config_check(const std::string& file, const std::vector<std::string>& sets,
                 ScenarioPort& scenario) {
  sim::ParamList list;
  scenario.declare(list);
  RunRequest request;
  request.scenario = file;
  request.sets = sets;
  load_scenario(request, scenario, list);
  std::printf("%s: no errors, %zu parameters\n", file.c_str(), list.fields().size());
  return kOk;
}

}  // namespace vctoe::cli
