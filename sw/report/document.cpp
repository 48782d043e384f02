#include "sw/report/document.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>

#include "sw/sweep/insights.h"

namespace vctoe::report {

namespace {

using Json = nlohmann::ordered_json;
using sweep::Row;
using sweep::Table;

/// Nine digits are more than a picture shows; results.csv has all of them.
Json number(double v) {
  if (!std::isfinite(v)) return nullptr;
  if (v == std::floor(v) && std::abs(v) < 1e15) return static_cast<long long>(v);
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", v);
  return std::strtod(text, nullptr);
}

/// Few different texts, and which of them each point has.
class Dictionary {
 public:
  void add(const std::string& text, double n = outputs::kNotMeasured) {
    const auto [at, fresh] = codes_.try_emplace(text, texts_.size());
    if (fresh) {
      texts_.push_back(text);
      numbers_.push_back(n);
    }
    points_.push_back(at->second);
  }
  void add_nothing() { points_.push_back(-1); }
  std::size_t size() const { return texts_.size(); }

  /// Numbers in rising order; names as they first appear.
  Json json() const {
    std::vector<std::size_t> order(texts_.size()), rank(texts_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    const bool numeric = !numbers_.empty() && std::none_of(numbers_.begin(), numbers_.end(),
                                                           [](double n) { return std::isnan(n); });
    if (numeric) {
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return numbers_[a] < numbers_[b]; });
    }
    Json json = {{"levels", Json::array()}};
    for (std::size_t i = 0; i < order.size(); ++i) {
      rank[order[i]] = i;
      json["levels"].push_back(texts_[order[i]]);
      if (numeric) json["numbers"].push_back(number(numbers_[order[i]]));
    }
    Json codes = Json::array();
    for (const long long p : points_) {
      codes.push_back(p < 0 ? p : static_cast<long long>(rank[static_cast<std::size_t>(p)]));
    }
    json["codes"] = std::move(codes);
    return json;
  }

 private:
  std::map<std::string, std::size_t> codes_;
  std::vector<std::string> texts_;
  std::vector<double> numbers_;
  std::vector<long long> points_;
};

Json axis_json(const std::string& name, const std::string& unit, const std::string& doc,
               const Dictionary& values) {
  Json json = {{"name", name}, {"unit", unit}, {"doc", doc}};
  json.update(values.json());
  return json;
}

/// The scheme, the axes and the seed: each that takes more than one value, and the scheme always.
Json axes_json(const Source& source) {
  const Table& table = source.table;
  Json axes = Json::array();
  Dictionary scheme, seed;
  for (const Row& row : table.rows) {
    scheme.add(row.point.scheme);
    seed.add(row.point.seed, std::strtod(row.point.seed.c_str(), nullptr));
  }
  axes.push_back(
      axis_json("scheme", "", "how memory is pinned, and how segments are resent", scheme));
  for (std::size_t a = 0; a < table.parameters.size(); ++a) {
    Dictionary values;
    for (const Row& row : table.rows) values.add(row.parameters[a].text, row.parameters[a].number);
    const std::string& name = table.parameters[a].name;
    const auto setting = std::find_if(source.settings.begin(), source.settings.end(),
                                      [&](const Setting& s) { return s.path == name; });
    axes.push_back(axis_json(name, table.parameters[a].def.unit,
                             setting == source.settings.end() ? "" : setting->doc, values));
  }
  if (seed.size() > 1) axes.push_back(axis_json("seed", "1", "seed of all random streams", seed));
  return axes;
}

Json metrics_json(const Table& table) {
  std::map<std::string, std::size_t> place;
  Json metrics = Json::array();
  for (const sweep::MetricDef& def : table.metrics) {
    place[def.name] = metrics.size();
    metrics.push_back({{"name", def.name},
                       {"unit", def.unit},
                       {"better", def.better},
                       {"doc", def.sentence},
                       {"values", std::vector<std::nullptr_t>(table.rows.size())}});
  }
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    for (const sweep::Metric& m : table.rows[i].metrics) {
      metrics[place.at(m.def.name)]["values"][i] = number(m.value);
    }
  }
  return metrics;
}

Json points_json(const Table& table) {
  Dictionary states;
  Json pass = Json::array(), hashes = Json::array(), seeds = Json::array();
  Json reasons = Json::object();
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Row& row = table.rows[i];
    states.add(sweep::name_of(row.state));
    pass.push_back(row.pass);
    hashes.push_back(row.point.hash);
    seeds.push_back(row.point.seed);
    if (!row.reason.empty()) reasons[std::to_string(i)] = row.reason;
  }
  return {{"count", table.rows.size()}, {"state", states.json()},   {"pass", std::move(pass)},
          {"hash", std::move(hashes)},  {"seed", std::move(seeds)}, {"reason", std::move(reasons)}};
}

/// [path, base, default or null, sentence, 1 when it is brought along]
Json settings_json(const std::vector<Setting>& settings) {
  Json json = Json::array();
  for (const Setting& s : settings) {
    json.push_back({s.path, s.text, s.text == s.standard ? Json() : Json(s.standard), s.doc,
                    s.brought_along ? 1 : 0});
  }
  return json;
}

/// What any point sets differently from the base, and which value each point has.
Json changed_json(const Table& table) {
  std::map<std::string, std::map<std::size_t, const std::string*>> by_path;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    for (const auto& [path, text] : table.rows[i].point.set) by_path[path][i] = &text;
  }
  Json json = Json::object();
  for (const auto& [path, texts] : by_path) {
    Dictionary values;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      const auto text = texts.find(i);
      if (text == texts.end()) {
        values.add_nothing();
      } else {
        values.add(*text->second);
      }
    }
    json[path] = values.json();
  }
  return json;
}

/// Without any point that is ok there is nothing to analyse.
Json analysis_json(const Source& source) {
  const Table& table = source.table;
  const bool any = std::any_of(table.rows.begin(), table.rows.end(),
                               [](const Row& row) { return row.state == sweep::State::kOk; });
  if (!any) return {{"objectives", Json::array()}, {"front", Json::array()}, {"knee", nullptr}};
  sweep::InsightOptions options;
  if (!source.next_unit.empty()) options.next_unit = Json::parse(source.next_unit);
  return sweep::insights(table, options);
}

Json kept_json(const std::vector<Kept>& kept) {
  const auto parsed = [](const std::string& text) {
    return text.empty() ? Json() : Json::parse(text);
  };
  Json json = Json::array();
  for (const Kept& k : kept) {
    json.push_back(
        {{"point", k.point}, {"timeline", parsed(k.timeline)}, {"series", parsed(k.series)}});
  }
  return json;
}

}  // namespace

std::string document(const Source& source) {
  const Table& table = source.table;
  const Json json = {
      {"schema", "vctoe-report"},
      {"version", kDocumentVersion},
      {"kind", source.kind},
      {"program", table.head.program},
      {"title", table.head.title},
      {"question", table.head.question},
      {"plan", table.plan},
      {"command", source.command},
      {"axes", axes_json(source)},
      {"metrics", metrics_json(table)},
      {"points", points_json(table)},
      {"settings", settings_json(source.settings)},
      {"changed", changed_json(table)},
      {"analysis", analysis_json(source)},
      {"kept", kept_json(source.kept)},
  };
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vctoe::report
