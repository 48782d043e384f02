#include "sw/sweep/collect.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/sim/error.h"
#include "sw/scenario/config_quantity.h"

namespace vctoe::sweep {

namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// Whole numbers without a point, others in their shortest form.
std::string number_text(double v) {
  if (!std::isfinite(v)) return "";
  const bool whole = v == std::floor(v) && std::abs(v) < 1e15;
  return whole ? std::to_string(static_cast<long long>(v)) : config::to_text(v);
}

std::string pass_of(const std::vector<Objective>& objectives, const PointResult& result) {
  bool asked = false, holds = result.state == State::kOk;
  for (const Objective& o : objectives) {
    if (!o.at_least && !o.at_most) continue;
    asked = true;
    const auto metric = std::find_if(result.metrics.begin(), result.metrics.end(),
                                     [&](const Metric& m) { return m.def.name == o.metric; });
    const double value = metric == result.metrics.end() ? outputs::kNotMeasured : metric->value;
    // A comparison with "not measured" is false: no pass.
    holds = holds && (!o.at_least || value >= *o.at_least) && (!o.at_most || value <= *o.at_most);
  }
  if (!asked || result.state == State::kMissing) return "";
  return holds ? "1" : "0";
}

/// The objectives know better than the names of the figures.
std::string better_of(const PlanHead& head, const MetricDef& def) {
  for (const Objective& o : head.objectives) {
    if (o.metric == def.name) return o.maximise ? "max" : "min";
  }
  return def.better;
}

Cell cell_of(const Design& design, const std::string& path, const std::string& text) {
  const sim::ParamField* field = design.find(path);
  if (field == nullptr || !is_number(*field)) return {text, outputs::kNotMeasured};
  return {text, design.number(*field, text)};
}

std::string setting(const Settings& set, const std::string& path) {
  for (const auto& [name, text] : set) {
    if (name == path) return text;
  }
  return "";
}

Row row_of(const std::string& folder, const Plan& plan, std::size_t index, const Design& design) {
  Row row;
  row.point = plan.point(index);
  PointResult result = read_result(folder, plan, index, false);
  row.state = result.state;
  row.reason = result.reason;
  row.wall_s = result.wall_s;
  row.pass = pass_of(plan.head().objectives, result);
  for (const std::string& path : plan.head().axes) {
    const std::string own = setting(row.point.set, path);
    row.parameters.push_back(
        cell_of(design, path, own.empty() ? setting(plan.head().base, path) : own));
  }
  row.metrics = std::move(result.metrics);
  return row;
}

std::vector<MetricDef> all_metrics(const Table& table) {
  std::vector<MetricDef> all = summary_metrics();
  std::set<std::string> known;
  for (const MetricDef& m : all) known.insert(m.name);
  std::map<std::string, MetricDef> others;
  for (const Row& row : table.rows) {
    for (const Metric& m : row.metrics) {
      if (known.count(m.def.name) == 0) others.emplace(m.def.name, m.def);
    }
  }
  for (const auto& [name, def] : others) all.push_back(def);
  for (MetricDef& m : all) m.better = better_of(table.head, m);
  return all;
}

void add_column(std::string& out, const std::string& kind, const MetricDef& def) {
  out += quoted(def.name) + "," + kind + "," + def.unit + "," + def.better + "," +
         quoted(def.sentence) + "\n";
}

}  // namespace

Table gather(const std::string& folder, const Plan& plan, const Design& design) {
  Table table;
  table.head = plan.head();
  table.plan = plan.id();
  for (const std::string& path : plan.head().axes) {
    const sim::ParamField* field = design.find(path);
    if (field == nullptr) sim::user_error("the plan sweeps " + path + ", which is not known here");
    table.parameters.push_back({path, "parameter", {path, unit_of(*field), "", field->sentence}});
  }
  for (std::size_t i = 0; i < plan.size(); ++i) {
    table.rows.push_back(row_of(folder, plan, i, design));
  }
  table.metrics = all_metrics(table);
  return table;
}

std::string results_csv(const Table& table) {
  std::string out = "index,state,pass,hash,scheme,seed";
  for (const Column& c : table.parameters) out += "," + quoted(c.name);
  for (const MetricDef& m : table.metrics) out += "," + quoted(m.name);
  out += "\n";
  for (const Row& row : table.rows) {
    out += std::to_string(row.point.index) + "," + name_of(row.state) + "," + row.pass + "," +
           row.point.hash + "," + quoted(row.point.scheme) + "," + row.point.seed;
    for (const Cell& c : row.parameters) {
      out += "," + (std::isfinite(c.number) ? number_text(c.number) : quoted(c.text));
    }
    std::map<std::string, double> values;
    for (const Metric& m : row.metrics) values[m.def.name] = m.value;
    for (const MetricDef& m : table.metrics) {
      const auto it = values.find(m.name);
      out += "," + (it == values.end() ? "" : number_text(it->second));
    }
    out += "\n";
  }
  return out;
}

std::string columns_csv(const Table& table) {
  std::string out = "column,kind,unit,better,meaning\n";
  add_column(out, "point", {"index", "", "", "number of the point in the plan"});
  add_column(out, "point", {"state", "", "", "how the run ended, docs/sweep.md"});
  add_column(out, "point", {"pass", "", "max", "1 when every bound of an objective holds"});
  add_column(out, "point", {"hash", "", "", "SHA-256 of the point's configuration"});
  add_column(out, "point", {"scheme", "", "", "what is compared"});
  add_column(out, "point", {"seed", "", "", "seed of all random streams"});
  for (const Column& c : table.parameters) add_column(out, c.kind, c.def);
  for (const MetricDef& m : table.metrics) add_column(out, "metric", m);
  return out;
}

}  // namespace vctoe::sweep
