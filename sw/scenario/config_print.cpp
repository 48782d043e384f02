#include "sw/scenario/config_print.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "sw/scenario/config_value.h"

namespace vctoe::config {

namespace {

struct Group {
  std::string table;  ///< "" for the root
  std::vector<const sim::ParamField*> fields;
};

std::string table_of(const std::string& path) {
  const auto dot = path.rfind('.');
  return dot == std::string::npos ? "" : path.substr(0, dot);
}
std::string key_of(const std::string& path) {
  return path.substr(path.rfind('.') + 1);
}

bool below(const std::string& path, const std::string& prefix) {
  return prefix.empty() || path == prefix || path.rfind(prefix + ".", 0) == 0;
}

/// Tables in the order in which they first appear; TOML allows each only once, the root first.
std::vector<Group> grouped(const sim::ParamList& list, const std::string& prefix) {
  std::vector<Group> groups{{"", {}}};
  for (const sim::ParamField& f : list.fields()) {
    if (!below(f.path, prefix)) continue;
    const std::string table = table_of(f.path);
    auto group = std::find_if(groups.begin(), groups.end(),
                              [&](const Group& g) { return g.table == table; });
    if (group == groups.end()) group = groups.insert(groups.end(), Group{table, {}});
    group->fields.push_back(&f);
  }
  if (groups.front().fields.empty()) groups.erase(groups.begin());
  return groups;
}

/// The value without TOML's quotes, for people.
std::string plain_value(const sim::ParamField& f) {
  if (const auto* text = std::get_if<std::string*>(&f.ref)) {
    return (*text)->empty() ? "\"\"" : **text;
  }
  std::string value = toml_value(f);
  if (value.front() == '"') value = value.substr(1, value.size() - 2);
  return value;
}

std::string escaped_cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) {
    text.insert(at, "\\");
  }
  return text;
}

}  // namespace

std::string final_configuration(const sim::ParamList& list, const std::string& heading) {
  std::string out;
  for (std::size_t at = 0; at < heading.size();) {
    const std::size_t end = std::min(heading.find('\n', at), heading.size());
    out += "# " + heading.substr(at, end - at) + "\n";
    at = end + 1;
  }
  for (const Group& group : grouped(list, "")) {
    if (!out.empty()) out += "\n";
    if (!group.table.empty()) out += "[" + group.table + "]\n";
    std::size_t width = 0;
    for (const auto* f : group.fields) width = std::max(width, key_of(f->path).size());
    for (const auto* f : group.fields) {
      const std::string key = key_of(f->path);
      out += key + std::string(width - key.size(), ' ') + " = " + toml_value(*f) + "\n";
    }
  }
  return out;
}

std::string params_text(const sim::ParamList& list, const std::string& prefix) {
  std::string out;
  for (const Group& group : grouped(list, prefix)) {
    for (const auto* f : group.fields) {
      std::string line = f->path + " = " + plain_value(*f);
      line.resize(std::max<std::size_t>(line.size() + 2, 48), ' ');
      const std::string range = range_text(*f);
      out += line + std::string(type_name(f->ref)) + (range.empty() ? "" : ": " + range) + "\n";
      out += "    " + f->sentence + (f->source.empty() ? "" : " [" + f->source + "]") + "\n";
    }
  }
  return out;
}

std::string params_json(const sim::ParamList& list, const std::string& prefix) {
  auto rows = nlohmann::ordered_json::array();
  for (const Group& group : grouped(list, prefix)) {
    for (const auto* f : group.fields) {
      rows.push_back({{"path", f->path},
                      {"type", type_name(f->ref)},
                      {"default", plain_value(*f)},
                      {"range", range_text(*f)},
                      {"text", f->sentence},
                      {"source", f->source}});
    }
  }
  return rows.dump(1) + "\n";
}

std::string params_markdown(const sim::ParamList& list, const std::string& prefix) {
  std::string out = "# Parameters\n\nWritten by `./vctoe params --markdown`.\n";
  for (const Group& group : grouped(list, prefix)) {
    out += "\n## " + (group.table.empty() ? std::string("Top level") : "`" + group.table + "`") +
           "\n\n";
    out += "| parameter | type | default | legal | meaning | source |\n|---|---|---|---|---|---|\n";
    for (const auto* f : group.fields) {
      out += "| `" + key_of(f->path) + "` | " + std::string(type_name(f->ref)) + " | " +
             escaped_cell(plain_value(*f)) + " | " + escaped_cell(range_text(*f)) + " | " +
             escaped_cell(f->sentence) + " | " + escaped_cell(f->source) + " |\n";
    }
  }
  return out;
}

}  // namespace vctoe::config
