#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#include "models/sim/error.h"
#include "sw/scenario/config.h"
#include "sw/scenario/config_names.h"
#include "sw/scenario/config_report.h"
#include "sw/scenario/config_toml.h"
#include "sw/scenario/config_value.h"

namespace vctoe::config {

namespace {

namespace fs = std::filesystem;

std::string parent_of(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}
std::string leaf_of(const std::string& path) {
  return path.substr(path.rfind('.') + 1);
}
std::string joined(const std::string& table, std::string_view key) {
  return table.empty() ? std::string(key) : table + "." + std::string(key);
}
std::string in_table(const std::string& table) {
  return table.empty() ? " at the top level" : " in [" + table + "]";
}

bool is_word(char c) {
  return c == '_' || c == '.' || std::isalnum(static_cast<unsigned char>(c));
}

/// Position of `path` as a whole word in `text`, npos when it is not there.
std::size_t find_word(const std::string& text, const std::string& path) {
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + 1)) {
    const std::size_t end = at + path.size();
    const bool starts = at == 0 || !is_word(text[at - 1]);
    // A full stop behind the path ends the sentence; a dot and a letter continue the path.
    const bool ends = end == text.size() || !is_word(text[end]) ||
                      (text[end] == '.' && (end + 1 == text.size() || text[end + 1] == ' '));
    if (starts && ends) return at;
  }
  return std::string::npos;
}

}  // namespace

std::string read_text(const std::string& path, std::string& problem) {
  std::string text;
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return problem = std::strerror(errno), text;
  char buffer[1 << 14];
  std::size_t n = 0;
  while ((n = std::fread(buffer, 1, sizeof buffer, file)) > 0) text.append(buffer, n);
  if (std::ferror(file) != 0) problem = std::strerror(errno);
  std::fclose(file);
  return problem.empty() ? text : "";
}

/// Later than any file.
constexpr unsigned kCommandLine = ~0u;

class Loader::Impl {
 public:
  Impl(const sim::ParamList& list, bool colour) : colour_(colour) { index(list); }

  void load(const std::string& path, const Location& asked_from);
  void set(const std::string& option, const std::string& assignment);
  void finish();
  std::string directory_of(const std::string& path) const;
  unsigned next_set() { return ++sets_; }
  void add(Validator v) { validators_.push_back(std::move(v)); }
  void add(Preset p) { presets_.push_back(std::move(p)); }

 private:
  void index(const sim::ParamList& list);
  void apply_includes(const std::string& file, const toml::table& root);
  void apply(const std::string& file, const std::string& table, const toml::table& entries);
  void apply_entry(const std::string& file, const std::string& table, const toml::key& key,
                   const toml::node& node);
  void assign_at(const sim::ParamField& field, const Value& value, const Location& where);
  void apply_preset(const Preset& preset);
  unsigned layer_of(const std::string& path) const;
  std::string hint_for_key(const std::string& table, const std::string& key) const;
  Location location_of_problem(const std::string& text) const;

  bool colour_;
  std::map<std::string, const sim::ParamField*> fields_;
  std::set<std::string> tables_;
  std::map<std::string, Location> origin_;  ///< of every parameter that was set
  std::map<std::string, unsigned> layer_;   ///< and when: files in their order from 1
  unsigned layers_ = 0;
  unsigned layer_now_ = 0;
  std::vector<Validator> validators_;
  std::vector<Preset> presets_;
  std::vector<fs::path> open_;  ///< files being read, outermost first
  std::string main_file_;
  unsigned sets_ = 0;
  Report report_;
};

void Loader::Impl::index(const sim::ParamList& list) {
  for (const sim::ParamField& f : list.fields()) {
    if (!fields_.emplace(f.path, &f).second) {
      sim::model_error("parameter " + f.path + " is declared twice");
    }
    if (!in_range(f)) {
      sim::model_error("default of parameter " + f.path + " = " + toml_value(f) +
                       " is outside its range: " + range_text(f));
    }
    for (std::string t = parent_of(f.path); !t.empty(); t = parent_of(t)) tables_.insert(t);
  }
  for (const auto& [path, field] : fields_) {
    if (tables_.count(path) != 0) sim::model_error("parameter " + path + " is also a table");
  }
}

void Loader::Impl::load(const std::string& path, const Location& asked_from) {
  if (main_file_.empty()) main_file_ = path;
  std::error_code ignored;
  const fs::path self = fs::weakly_canonical(path, ignored);
  if (std::find(open_.begin(), open_.end(), self) != open_.end()) {
    report_.add({asked_from, path + " includes itself", ""});
    return;
  }
  std::string problem;
  const std::string text = read_text(path, problem);
  if (!problem.empty()) {
    Location where = asked_from;
    if (where.file.empty()) where.file = path;
    report_.add({where, "cannot read " + path + ": " + problem, ""});
    return;
  }
  report_.add_source(path, text);
  open_.push_back(self);
  try {
    const toml::table root = toml::parse(text, path);
    apply_includes(path, root);
    layer_now_ = ++layers_;
    apply(path, "", root);
  } catch (const toml::parse_error& e) {
    report_.add({locate(path, e.source()), std::string(e.description()), ""});
  }
  open_.pop_back();
}

void Loader::Impl::apply_includes(const std::string& file, const toml::table& root) {
  const toml::node* list = root.get("include");
  if (list == nullptr) return;
  const toml::array* names = list->as_array();
  if (names == nullptr) {
    report_.add({locate(file, list->source()), "include is not a list of file names",
                 "write include = [\"other.toml\"]"});
    return;
  }
  for (const toml::node& name : *names) {
    const Location where = locate(file, name.source());
    if (const auto* text = name.as_string()) {
      load((fs::path(file).parent_path() / text->get()).string(), where);
    } else {
      report_.add({where, "include takes file names in quotes", ""});
    }
  }
}

void Loader::Impl::apply(const std::string& file, const std::string& table,
                         const toml::table& entries) {
  for (const auto& [key, node] : entries) apply_entry(file, table, key, node);
}

void Loader::Impl::apply_entry(const std::string& file, const std::string& table,
                               const toml::key& key, const toml::node& node) {
  const std::string path = joined(table, key.str());
  if (path == "include") return;
  const Location at_key = locate(file, key.source());
  if (const auto field = fields_.find(path); field != fields_.end()) {
    assign_at(*field->second, value_of_node(node), locate(file, node.source()));
  } else if (const toml::table* inner = node.as_table()) {
    if (tables_.count(path) != 0) return apply(file, path, *inner);
    const auto near = nearest(path, {tables_.begin(), tables_.end()});
    report_.add({at_key, "unknown table [" + path + "]",
                 near.empty() ? "" : "did you mean [" + near + "]?"});
  } else if (tables_.count(path) != 0) {
    report_.add({at_key, path + " is a table, not a value", "write [" + path + "] and its keys"});
  } else {
    report_.add({at_key, "unknown key \"" + std::string(key.str()) + "\"" + in_table(table),
                 hint_for_key(table, std::string(key.str()))});
  }
}

std::string Loader::Impl::hint_for_key(const std::string& table, const std::string& key) const {
  std::vector<std::string> siblings, namesakes, all;
  for (const auto& [path, field] : fields_) {
    if (parent_of(path) == table) siblings.push_back(leaf_of(path));
    if (leaf_of(path) == key) namesakes.push_back(path);
    all.push_back(path);
  }
  const auto sibling = nearest(key, siblings);
  if (!sibling.empty()) return "did you mean \"" + sibling + "\"?";
  if (!namesakes.empty()) {
    const std::size_t more = namesakes.size() - 1;
    return "\"" + key + "\" exists as " + namesakes.front() +
           (more > 0 ? " and " + std::to_string(more) + " more" : "");
  }
  const auto near = nearest(joined(table, key), all);
  return near.empty() ? "" : "did you mean " + near + "?";
}

void Loader::Impl::assign_at(const sim::ParamField& field, const Value& value,
                             const Location& where) {
  if (const auto error = assign(field, value)) {
    report_.add({where, error->message, error->hint});
  } else {
    origin_[field.path] = where;
    layer_[field.path] = layer_now_;
  }
}

/// 0 when it was not set.
unsigned Loader::Impl::layer_of(const std::string& path) const {
  const auto it = layer_.find(path);
  return it == layer_.end() ? 0 : it->second;
}

void Loader::Impl::apply_preset(const Preset& preset) {
  const auto selector = fields_.find(preset.selector);
  const unsigned chosen = layer_of(preset.selector);
  if (selector == fields_.end() || chosen == 0) return;
  if (toml_value(*selector->second) != toml_quoted(preset.value)) return;
  for (const auto& [path, value] : preset.settings) {
    const auto field = fields_.find(path);
    if (field == fields_.end())
      sim::model_error("preset of a parameter that is not there: " + path);
    if (layer_of(path) >= chosen) continue;
    if (const auto error = assign(*field->second, value_of_text(*field->second, value))) {
      sim::model_error("preset " + path + " = " + value + ": " + error->message);
    }
  }
}

void Loader::Impl::set(const std::string& option, const std::string& assignment) {
  report_.add_source(option, assignment);
  layer_now_ = kCommandLine;
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    Problem problem;
    problem.where = {option, 1, 1, assignment.size()};
    problem.message = "\"" + assignment + "\" is no assignment";
    problem.hint = "write path=value, such as --set net.delay=\"10 us\"";
    report_.add(std::move(problem));
    return;
  }
  const std::string path = assignment.substr(0, equals);
  const auto field = fields_.find(path);
  if (field == fields_.end()) {
    const Location where{option, 1, 1, path.size()};
    const bool table = tables_.count(path) != 0;
    report_.add({where, table ? path + " is a table, not a value" : "unknown parameter " + path,
                 table ? "" : hint_for_key(parent_of(path), leaf_of(path))});
    return;
  }
  const std::string value = assignment.substr(equals + 1);
  assign_at(*field->second, value_of_text(*field->second, value),
            {option, 1, equals + 2, std::max<std::size_t>(1, value.size())});
}

Location Loader::Impl::location_of_problem(const std::string& text) const {
  Location where{main_file_};
  std::size_t first = std::string::npos;
  for (const auto& [path, location] : origin_) {
    const std::size_t at = find_word(text, path);
    if (at >= first) continue;
    first = at;
    where = location;
  }
  return where;
}

void Loader::Impl::finish() {
  if (report_.empty()) {
    for (const Preset& p : presets_) apply_preset(p);
    std::vector<std::string> problems;
    for (const Validator& v : validators_) v(problems);
    for (const std::string& p : problems) report_.add({location_of_problem(p), p, ""});
  }
  if (!report_.empty()) sim::user_error(report_.format(colour_));
}

std::string Loader::Impl::directory_of(const std::string& path) const {
  const auto it = origin_.find(path);
  if (it == origin_.end() || it->second.file.rfind("--", 0) == 0) return "";
  const std::string folder = fs::path(it->second.file).parent_path().string();
  return folder.empty() ? "." : folder;
}

Loader::Loader(const sim::ParamList& list, bool colour)
    : impl_(std::make_unique<Impl>(list, colour)) {}
Loader::~Loader() = default;

void Loader::load_file(const std::string& path) {
  impl_->load(path, {});
}
void Loader::set(const std::string& assignment) {
  impl_->set("--set " + std::to_string(impl_->next_set()), assignment);
}
void Loader::set(const std::string& option, const std::string& path, const std::string& value) {
  impl_->set(option, path + "=" + value);
}
void Loader::add_validator(Validator validator) {
  impl_->add(std::move(validator));
}
void Loader::add_preset(Preset preset) {
  impl_->add(std::move(preset));
}
void Loader::finish() {
  impl_->finish();
}
std::string Loader::directory_of(const std::string& path) const {
  return impl_->directory_of(path);
}

}  // namespace vctoe::config
