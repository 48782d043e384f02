// One HTML file of a sweep or a run: docs/report.md.
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>

#include "models/sim/error.h"
#include "sw/cli/commands.h"
#include "sw/cli/program.h"
#include "sw/cli/setup.h"
#include "sw/cli/sweep.h"
#include "sw/report/document.h"
#include "sw/report/kept.h"
#include "sw/report/page.h"
#include "sw/report/run_table.h"
#include "sw/sweep/files.h"
#include "sw/sweep/next_unit.h"
#include "sw/sweep/table.h"

namespace vctoe::cli {

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::string problem;
  std::string text = config::read_text(path.string(), problem);
  if (!problem.empty()) sim::user_error("cannot read " + path.string() + ": " + problem);
  return text;
}

/// The parameters of the program with their defaults.
class Settings {
 public:
  explicit Settings(ScenarioPort& scenario) : design_(declared(scenario)) {
    for (const sim::ParamField& f : list_.fields()) defaults_.push_back(sweep::plain_text(f));
    for (const config::Preset& p : scenario.presets()) {
      for (const auto& [path, text] : p.settings) brought_.insert(path);
    }
  }

  const sweep::Design& design() const { return design_; }
  const sim::ParamList& list() const { return list_; }

  /// Of the values that the list has now; `base` replaces them where it has others.
  std::vector<report::Setting> all(const sweep::Settings& base) const {
    std::map<std::string, std::string> texts(base.begin(), base.end());
    std::vector<report::Setting> settings;
    for (std::size_t i = 0; i < defaults_.size(); ++i) {
      const sim::ParamField& field = list_.fields()[i];
      if (field.path == "schemes" || field.path == "seed") continue;
      const auto text = texts.find(field.path);
      settings.push_back({field.path, text == texts.end() ? sweep::plain_text(field) : text->second,
                          defaults_[i], field.sentence, brought_.count(field.path) > 0});
    }
    return settings;
  }

 private:
  sweep::Design declared(ScenarioPort& scenario) {
    scenario.declare(list_);
    return design_of(scenario, list_);
  }

  sim::ParamList list_;
  sweep::Design design_;
  std::vector<std::string> defaults_;
  std::set<std::string> brought_;
};

report::Source of_sweep(const std::string& folder, ScenarioPort& scenario) {
  const Settings settings(scenario);
  const sweep::Plan plan = sweep::Plan::read(folder, program_name());
  report::Source source;
  source.kind = "sweep";
  source.table = gather(folder, plan, settings.design());
  source.settings = settings.all(source.table.head.base);
  // A file without lines: the defaults, not those of traces/default.toml.
  source.command = {"./vctoe", "run", "/dev/null"};
  source.next_unit = sweep::read_one_more(folder).dump();
  source.kept = report::read_all_kept(folder, plan.size());
  return source;
}

report::Source of_run(const std::string& folder, ScenarioPort& scenario) {
  const Settings settings(scenario);
  report::Source source;
  source.kind = "run";
  const fs::path stats = fs::path(folder) / "stats.json", config = fs::path(folder) / "config.toml";
  source.table = report::run_table(text_of(stats), stats.string());
  source.table.head.title = fs::weakly_canonical(folder).filename().string();
  if (fs::exists(config)) {
    config::Loader loader(settings.list());
    loader.load_file(config.string());
    loader.finish();
  }
  source.settings = settings.all({});
  source.command = {"./vctoe", "run", "/dev/null"};
  for (std::size_t i = 0; i < source.table.rows.size(); ++i) {
    report::Kept kept = report::read_kept(i, folder + "/" + source.table.rows[i].point.scheme);
    if (!kept.timeline.empty() || !kept.series.empty()) source.kept.push_back(std::move(kept));
  }
  return source;
}

}  // namespace

int report_of(const ReportRequest& request, ScenarioPort& scenario) {
  const fs::path folder = request.folder;
  const bool planned = fs::exists(folder / "plan.jsonl");
  if (!planned && !fs::exists(folder / "stats.json")) {
    sim::user_error(request.folder + " has neither plan.jsonl of a sweep nor stats.json of a run");
  }
  report::Source source =
      planned ? of_sweep(request.folder, scenario) : of_run(request.folder, scenario);
  const std::string title = source.table.head.title;
  const std::string html =
      report::page(title.empty() ? "vctoe report" : title, report::document(source));
  const std::string out = request.out.empty() ? (folder / "report.html").string() : request.out;
  sweep::write_synced(out, html);
  std::printf("%zu points\nwritten: %s (%.1f MB), opens in any browser\n", source.table.rows.size(),
              out.c_str(), static_cast<double>(html.size()) / 1e6);
  return kOk;
}

}  // namespace vctoe::cli
