#include "sw/sweep/sweep_file.h"

#include <algorithm>
#include <filesystem>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_names.h"
#include "sw/sweep/axis_reader.h"
#include "sw/sweep/metrics.h"

namespace vctoe::sweep {

namespace {

namespace fs = std::filesystem;

/// Values of nested tables by their dotted path. Inline tables are tables.
void flatten(const toml::table& table, const std::string& prefix,
             std::map<std::string, const toml::node*>& out) {
  for (const auto& [key, node] : table) {
    const std::string path = prefix + std::string(key.str());
    if (const toml::table* inner = node.as_table()) {
      flatten(*inner, path + ".", out);
    } else {
      out[path] = &node;
    }
  }
}

class Reader {
 public:
  Reader(const std::string& file, const toml::table& root, const Design& design,
         config::Report& report)
      : file_(file), root_(root), reader_(design, file_, reduction_, report) {}

  Study read(const std::string& subset);

 private:
  void choose(const std::string& name);
  void read_settings();
  void apply_reduction();
  void read_record();
  void read_objective(const toml::node& node);
  void check_conditions();
  std::string text(const char* key);
  template <class Each>
  void each(const char* key, Each each);

  const std::string file_;
  const toml::table& root_;
  Reduction reduction_;
  AxisReader reader_;
  Study study_;
};

std::string Reader::text(const char* key) {
  const toml::node* node = root_.get(key);
  if (node == nullptr) return "";
  if (const auto* s = node->as_string()) return s->get();
  reader_.wrong(node->source(), std::string(key) + " is text in quotes");
  return "";
}

template <class Each>
void Reader::each(const char* key, Each each) {
  const toml::node* list = root_.get(key);
  if (list == nullptr) return;
  if (!list->is_array()) {
    return reader_.wrong(list->source(), std::string(key) + " is a list of tables",
                         "write [[" + std::string(key) + "]]");
  }
  for (const toml::node& node : *list->as_array()) each(node);
}

/// Finds the subset and takes it apart.
void Reader::choose(const std::string& name) {
  if (name.empty()) return;
  const toml::table* subsets = root_["subset"].as_table();
  const toml::table* chosen = subsets == nullptr ? nullptr : (*subsets)[name].as_table();
  if (chosen == nullptr) {
    std::vector<std::string> names;
    if (subsets != nullptr) {
      for (const auto& [key, node] : *subsets) names.emplace_back(key.str());
    }
    std::string hint = names.empty() ? "the file has none" : "legal: ";
    for (const auto& n : names) hint += (&n == &names.front() ? "" : ", ") + n;
    return reader_.wrong(subsets == nullptr ? root_.source() : subsets->source(),
                         "no subset is called \"" + name + "\"", hint);
  }
  flatten(*chosen, "", reduction_.values);
  const auto take = [&](const char* key) -> const toml::node* {
    const auto it = reduction_.values.find(key);
    if (it == reduction_.values.end()) return nullptr;
    const toml::node* node = it->second;
    reduction_.values.erase(it);
    return node;
  };
  reduction_.count = take("count");
  reduction_.repeats = take("repeats");
}

void Reader::read_settings() {
  const toml::node* node = root_.get("set");
  if (node == nullptr) return;
  if (!node->is_table()) return reader_.wrong(node->source(), "set is a table", "write [set]");
  std::map<std::string, const toml::node*> values;
  flatten(*node->as_table(), "", values);
  for (const auto& [path, value] : values) {
    const sim::ParamField* field = reader_.parameter(path, value->source());
    if (field == nullptr) continue;
    if (reader_.swept(path)) {
      reader_.wrong(value->source(), path + " is an axis: [set] cannot give it a value");
      continue;
    }
    if (reduction_.values.count(path) != 0) continue;
    study_.settings.emplace_back(path, reader_.value(*field, *value));
  }
}

/// What a subset says of parameters that are no axes.
void Reader::apply_reduction() {
  for (const auto& [path, value] : reduction_.values) {
    const sim::ParamField* field = reader_.parameter(path, value->source());
    if (field == nullptr || reader_.swept(path)) continue;
    if (value->is_array()) {
      reader_.wrong(value->source(), path + " is no axis: a subset gives it one value");
    } else {
      study_.settings.emplace_back(path, reader_.value(*field, *value));
    }
  }
}

void Reader::read_record() {
  const toml::node* list = root_.get("record");
  if (list == nullptr) return;
  if (!list->is_array()) return reader_.wrong(list->source(), "record is a list of patterns");
  for (const toml::node& node : *list->as_array()) {
    if (const auto* pattern = node.as_string()) {
      study_.record.push_back(pattern->get());
    } else {
      reader_.wrong(node.source(), "a pattern is text in quotes");
    }
  }
}

void Reader::read_objective(const toml::node& node) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return reader_.wrong(node.source(), "an objective is a table");
  reader_.check_keys(*table, {"metric", "direction", "at_least", "at_most"});
  Objective objective;
  const toml::node* metric = table->get("metric");
  objective.metric = metric == nullptr ? "" : metric->value_or(std::string());
  if (objective.metric.empty()) return reader_.wrong(node.source(), "which metric?");
  const std::string problem = metric_problem(objective.metric, study_.record);
  if (!problem.empty()) reader_.wrong(metric->source(), problem);
  const toml::node* direction = table->get("direction");
  const std::string way = direction == nullptr ? "" : direction->value_or(std::string());
  objective.maximise = way == "max";
  if (way != "max" && way != "min") {
    reader_.wrong(direction == nullptr ? node.source() : direction->source(), "which direction?",
                  "legal: \"max\", \"min\"");
  }
  const auto bound = [&](const char* key) -> std::optional<double> {
    const toml::node* value = table->get(key);
    if (value == nullptr) return std::nullopt;
    if (!value->is_number()) reader_.wrong(value->source(), std::string(key) + " is a number");
    return value->value_or(0.0);
  };
  objective.at_least = bound("at_least");
  objective.at_most = bound("at_most");
  if (objective.at_least && objective.at_most && *objective.at_least > *objective.at_most) {
    reader_.wrong(node.source(), "nothing is at least and at most this");
  }
  study_.objectives.push_back(std::move(objective));
}

/// A condition looks at what is settled by the time its axis has its turn.
void Reader::check_conditions() {
  for (std::size_t i = 0; i < study_.axes.size(); ++i) {
    if (!study_.axes[i].when) continue;
    for (std::size_t later = i + 1; later < study_.axes.size(); ++later) {
      const auto& paths = study_.axes[later].paths;
      if (std::find(paths.begin(), paths.end(), study_.axes[i].when->path) == paths.end()) continue;
      reader_.wrong(root_.source(),
                    "the condition of " + study_.axes[i].paths.front() + " looks at " +
                        study_.axes[i].when->path + ", an axis further down",
                    "write that axis (a sample stands behind all axes) first");
    }
  }
}

Study Reader::read(const std::string& subset) {
  reader_.check_keys(root_, {"title", "question", "base", "repeats", "record", "set", "axis",
                             "sample", "objective", "subset"});
  choose(subset);
  study_.title = text("title");
  study_.question = text("question");
  study_.base = text("base");
  if (!study_.base.empty()) study_.base = (fs::path(file_).parent_path() / study_.base).string();
  each("axis", [&](const toml::node& node) { reader_.read_axis(node, study_.axes); });
  each("sample", [&](const toml::node& node) { reader_.read_sample(node, study_.axes); });
  check_conditions();
  read_settings();
  apply_reduction();
  read_record();
  each("objective", [&](const toml::node& node) { read_objective(node); });
  const toml::node* repeats =
      reduction_.repeats != nullptr ? reduction_.repeats : root_.get("repeats");
  if (repeats != nullptr) {
    study_.repeats = reader_.count(*repeats, "repeats", 1);
    if (study_.repeats > 1 && reader_.swept("seed")) {
      reader_.wrong(repeats->source(), "repeats needs the seed, which is an axis");
    }
  }
  return study_;
}

}  // namespace

Study read_study(const std::string& path, const std::string& subset, const Design& design,
                 bool colour) {
  config::Report report;
  std::string problem;
  const std::string text = config::read_text(path, problem);
  if (!problem.empty()) sim::user_error(path + ": error: cannot read it: " + problem);
  report.add_source(path, text);
  Study study;
  try {
    const toml::table root = toml::parse(text, path);
    study = Reader(path, root, design, report).read(subset);
  } catch (const toml::parse_error& e) {
    report.add({config::locate(path, e.source()), std::string(e.description()), ""});
  }
  if (!report.empty()) sim::user_error(report.format(colour));
  return study;
}

}  // namespace vctoe::sweep
