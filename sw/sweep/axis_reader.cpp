#include "sw/sweep/axis_reader.h"

#include <algorithm>
#include <set>

#include "sw/scenario/config_names.h"

namespace vctoe::sweep {

namespace {

constexpr std::uint64_t kMostValues = 1'000'000;

struct Word {
  const char* name;
  Comparison comparison;
};
constexpr Word kComparisons[] = {{"above", Comparison::kAbove},
                                 {"below", Comparison::kBelow},
                                 {"at_least", Comparison::kAtLeast},
                                 {"at_most", Comparison::kAtMost},
                                 {"is", Comparison::kIs},
                                 {"is_not", Comparison::kIsNot},
                                 {"one_of", Comparison::kOneOf}};

}  // namespace

void AxisReader::wrong(const toml::source_region& at, std::string message, std::string hint) {
  report_.add({config::locate(file_, at), std::move(message), std::move(hint)});
}

void AxisReader::check_keys(const toml::table& table, std::initializer_list<const char*> legal) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(legal.begin(), legal.end(), name) != legal.end()) continue;
    const std::string near = config::nearest(name, {legal.begin(), legal.end()});
    std::string hint = near.empty() ? "legal: " : "did you mean \"" + near + "\"? legal: ";
    for (const char* l : legal) hint += (l == *legal.begin() ? "" : ", ") + std::string(l);
    wrong(key.source(), "unknown key \"" + name + "\"", hint);
  }
}

const sim::ParamField* AxisReader::parameter(const std::string& path,
                                             const toml::source_region& at) {
  const sim::ParamField* field = design_.find(path);
  if (field == nullptr) {
    wrong(at, "unknown parameter " + path, design_.hint(path));
  } else if (path == "file") {
    wrong(at, "file is no parameter of a sweep", "let the base name the file to send");
    return nullptr;
  }
  return field;
}

const sim::ParamField* AxisReader::parameter(const toml::node& name) {
  if (const auto* text = name.as_string()) return parameter(text->get(), name.source());
  wrong(name.source(), "the name of a parameter is text in quotes");
  return nullptr;
}

std::string AxisReader::value(const sim::ParamField& field, const toml::node& node, bool any_size) {
  std::string text;
  if (const auto error = design_.canonical(field, config::value_of_node(node), text, any_size)) {
    wrong(node.source(), error->message, error->hint);
  }
  return text;
}

std::uint64_t AxisReader::count(const toml::node& node, const char* name, std::uint64_t least) {
  const auto* n = node.as_integer();
  if (n != nullptr && n->get() >= static_cast<std::int64_t>(least) &&
      n->get() <= static_cast<std::int64_t>(kMostValues)) {
    return static_cast<std::uint64_t>(n->get());
  }
  wrong(node.source(), std::string(name) + " is no such number",
        "legal: a whole number from " + std::to_string(least) + " to 1000000");
  return least;
}

void AxisReader::claim(const std::string& path, const toml::source_region& at) {
  const auto [known, fresh] = lines_.emplace(path, at.begin.line);
  if (fresh) return;
  wrong(at, path + " is an axis already",
        "it is one in line " + std::to_string(known->second) + "; a parameter belongs to one axis");
}

std::vector<std::string> AxisReader::list(const sim::ParamField& field, const toml::node& node) {
  std::vector<std::string> texts;
  const toml::array* values = node.as_array();
  if (values == nullptr || values->empty()) {
    wrong(node.source(), values == nullptr ? "values is not a list" : "the list of values is empty",
          "write values = [ ... ] with a value for each point of the axis");
    return texts;
  }
  for (const toml::node& v : *values) {
    const std::string text = value(field, v);
    if (!text.empty() && std::find(texts.begin(), texts.end(), text) != texts.end()) {
      wrong(v.source(), field.path + " = " + text + " stands twice");
    }
    texts.push_back(text);
  }
  return texts;
}

/// from, to and scale; false, and reported, when they make no range.
bool AxisReader::span(const sim::ParamField& field, const toml::table& table, Span& out) {
  const toml::node *from = table.get("from"), *to = table.get("to");
  if (from == nullptr || to == nullptr) {
    wrong(table.source(), field.path + " has neither a list of values nor a range",
          "write values = [ ... ], or from, to and count");
    return false;
  }
  if (!is_number(field)) {
    wrong(from->source(), field.path + " has no range: its values are names", "write values");
    return false;
  }
  const std::string low = value(field, *from), high = value(field, *to);
  if (low.empty() || high.empty()) return false;
  out.low = design_.base_units(field, low);
  out.high = design_.base_units(field, high);
  if (const toml::node* scale = table.get("scale")) {
    const std::string name = scale->value_or(std::string());
    out.logarithmic = name == "log";
    if (name != "log" && name != "linear") {
      wrong(scale->source(), "unknown scale", "legal: \"linear\", \"log\"");
      return false;
    }
  }
  if (out.low > out.high) {
    wrong(from->source(), "the range is empty: " + low + " is above " + high);
    return false;
  }
  if (out.logarithmic && out.low <= 0) {
    wrong(from->source(), "a logarithmic range cannot begin with " + low);
    return false;
  }
  return true;
}

std::vector<std::string> AxisReader::range(const sim::ParamField& field, const toml::table& table) {
  Span along;
  if (!span(field, table, along)) return {};
  const toml::node *n = table.get("count"), *step = table.get("step");
  if ((n == nullptr) == (step == nullptr)) {
    wrong(table.source(), "a range wants either count or step");
    return {};
  }
  if (n != nullptr) return spaced(design_, field, along, count(*n, "count", 2));
  if (along.logarithmic)
    return wrong(step->source(), "a logarithmic range wants count"), std::vector<std::string>{};
  const std::string text = value(field, *step, true);
  if (text.empty()) return {};
  const long double width = design_.base_units(field, text);
  if (width <= 0 || (along.high - along.low) / width >= kMostValues) {
    wrong(step->source(), "a step of " + text + " makes " +
                              (width <= 0 ? "no progress" : "more than a million values"));
    return {};
  }
  return stepped(design_, field, along, width);
}

void AxisReader::read_row(const toml::node& row, const std::vector<const sim::ParamField*>& fields,
                          Axis& axis) {
  const toml::array* values = row.as_array();
  if (values == nullptr || values->size() != fields.size()) {
    wrong(row.source(),
          "linked values come as a list of " + std::to_string(fields.size()) + " each");
    return;
  }
  std::vector<std::string> entry;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i] != nullptr) entry.push_back(value(*fields[i], (*values)[i]));
  }
  if (entry.size() == fields.size()) axis.entries.push_back(std::move(entry));
}

void AxisReader::read_linked(const toml::table& table, Axis& axis) {
  check_keys(table, {"parameters", "values", "when"});
  const toml::node& names = *table.get("parameters");
  const toml::node* rows = table.get("values");
  if (!names.is_array() || names.as_array()->empty() || rows == nullptr || !rows->is_array() ||
      rows->as_array()->empty()) {
    wrong(names.source(), "linked parameters want a list of names and a list of rows",
          "write parameters = [\"a\", \"b\"] and values = [[1, 2], [3, 4]]");
    return;
  }
  std::vector<const sim::ParamField*> fields;
  for (const toml::node& name : *names.as_array()) {
    fields.push_back(parameter(name));
    if (fields.back() == nullptr) continue;
    claim(fields.back()->path, name.source());
    axis.paths.push_back(fields.back()->path);
    if (const auto r = reduction_.values.find(fields.back()->path); r != reduction_.values.end()) {
      wrong(r->second->source(), r->first + " is linked with others: a subset cannot reduce it");
    }
  }
  for (const toml::node& row : *rows->as_array()) read_row(row, fields, axis);
}

void AxisReader::read_condition(const toml::node& node, Axis& axis) {
  const toml::table* table = node.as_table();
  const toml::node* name = table == nullptr ? nullptr : table->get("parameter");
  if (name == nullptr || table->size() != 2) {
    wrong(node.source(), "when wants a parameter and one comparison",
          "write when = { parameter = \"net.loss.probability\", above = 0 }");
    return;
  }
  const sim::ParamField* field = parameter(*name);
  if (field == nullptr) return;
  if (std::find(axis.paths.begin(), axis.paths.end(), field->path) != axis.paths.end()) {
    wrong(name->source(), field->path + " cannot be its own condition");
  }
  Condition condition{field->path, Comparison::kIs, {}};
  for (const Word& word : kComparisons) {
    const toml::node* wanted = table->get(word.name);
    if (wanted == nullptr) continue;
    condition.comparison = word.comparison;
    if (word.comparison < Comparison::kIs && !is_number(*field)) {
      wrong(wanted->source(), field->path + " has no order: its values are names");
    } else if (word.comparison == Comparison::kOneOf) {
      condition.texts = list(*field, *wanted);
    } else {
      condition.texts.push_back(value(*field, *wanted, true));
    }
    axis.when = condition;
    return;
  }
  check_keys(*table,
             {"parameter", "above", "below", "at_least", "at_most", "is", "is_not", "one_of"});
}

void AxisReader::finish(Axis axis, const toml::table& table, std::vector<Axis>& axes) {
  if (const toml::node* when = table.get("when")) read_condition(*when, axis);
  axes.push_back(std::move(axis));
}

void AxisReader::read_axis(const toml::node& node, std::vector<Axis>& axes) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return wrong(node.source(), "an axis is a table", "write [[axis]]");
  Axis axis;
  const toml::node* name = table->get("parameter");
  if (name == nullptr && table->get("parameters") != nullptr) {
    read_linked(*table, axis);
    return finish(std::move(axis), *table, axes);
  }
  check_keys(*table, {"parameter", "values", "from", "to", "count", "step", "scale", "when"});
  if (name == nullptr) return wrong(node.source(), "an axis names its parameter", "");
  const sim::ParamField* field = parameter(*name);
  if (field == nullptr) return;
  claim(field->path, name->source());
  axis.paths.push_back(field->path);
  std::vector<std::string> texts;
  const auto reduced = reduction_.values.find(field->path);
  if (reduced != reduction_.values.end() && !reduced->second->is_array()) {
    texts.push_back(value(*field, *reduced->second));
  } else if (reduced != reduction_.values.end()) {
    texts = list(*field, *reduced->second);
  } else if (const toml::node* values = table->get("values")) {
    texts = list(*field, *values);
    if (const toml::node* from = table->get("from")) {
      wrong(from->source(), "an axis has a list of values or a range, not both");
    }
  } else {
    texts = range(*field, *table);
  }
  for (std::string& text : texts) axis.entries.push_back({std::move(text)});
  finish(std::move(axis), *table, axes);
}

std::vector<std::string> AxisReader::column(const toml::table& table, std::uint64_t seed,
                                            std::uint64_t count, bool stratified, Axis& axis) {
  check_keys(table, {"parameter", "values", "from", "to", "scale"});
  const toml::node* name = table.get("parameter");
  if (name == nullptr) return wrong(table.source(), "which parameter?"), std::vector<std::string>{};
  const sim::ParamField* field = parameter(*name);
  if (field == nullptr) return {};
  claim(field->path, name->source());
  axis.paths.push_back(field->path);
  if (const auto r = reduction_.values.find(field->path); r != reduction_.values.end()) {
    wrong(r->second->source(), r->first + " is drawn: a subset can only change count");
  }
  std::vector<std::string> choices;
  Span along;
  if (const toml::node* values = table.get("values")) {
    choices = list(*field, *values);
    if (choices.empty()) return {};
  } else if (!span(*field, table, along)) {
    return {};
  }
  std::vector<std::string> texts;
  for (const double u : draws(seed, field->path, count, stratified)) {
    const auto at = static_cast<std::size_t>(u * static_cast<double>(choices.size()));
    texts.push_back(choices.empty() ? drawn(design_, *field, along, u) : choices[at]);
  }
  return texts;
}

void AxisReader::read_sample(const toml::node& node, std::vector<Axis>& axes) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return wrong(node.source(), "a sample is a table", "write [[sample]]");
  check_keys(*table, {"kind", "count", "seed", "of", "when"});
  const toml::node *kind = table->get("kind"), *n = table->get("count"), *of = table->get("of");
  const std::string how = kind == nullptr ? "" : kind->value_or(std::string());
  if (how != "latin_hypercube" && how != "random") {
    return wrong(kind == nullptr ? node.source() : kind->source(), "which kind of sample?",
                 "legal: \"latin_hypercube\", \"random\"");
  }
  if (n == nullptr || of == nullptr || !of->is_array() || of->as_array()->empty()) {
    return wrong(node.source(), "a sample wants count, and in of the parameters to draw",
                 "write of = [ { parameter = \"net.delay\", from = \"1 us\", to = \"1 ms\" } ]");
  }
  const toml::node* seed = table->get("seed");
  const std::uint64_t start = seed == nullptr ? 1 : count(*seed, "seed", 0);
  const std::uint64_t points =
      count(reduction_.count == nullptr ? *n : *reduction_.count, "count", 1);
  Axis axis;
  axis.entries.resize(points);
  for (const toml::node& member : *of->as_array()) {
    if (!member.is_table()) {
      wrong(member.source(), "what is drawn is a table", "write { parameter = ... }");
      continue;
    }
    const auto texts = column(*member.as_table(), start, points, how != "random", axis);
    for (std::size_t i = 0; i < texts.size(); ++i) axis.entries[i].push_back(texts[i]);
  }
  finish(std::move(axis), *table, axes);
}

}  // namespace vctoe::sweep
