#include "sw/sweep/table.h"

#include <algorithm>
#include <map>
#include <set>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

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

/// By number; names keep their order, which is that of the axis.
void sort_levels(Factor& factor) {
  std::map<std::string, double> number;
  for (std::size_t i = 0; i < factor.texts.size(); ++i) {
    const auto [it, fresh] = number.emplace(factor.texts[i], factor.numbers[i]);
    if (fresh) factor.levels.push_back(it->first);
  }
  if (factor.unit.empty()) return;
  std::stable_sort(
      factor.levels.begin(), factor.levels.end(),
      [&](const std::string& a, const std::string& b) { return number[a] < number[b]; });
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

std::vector<Factor> factors_of(const Table& table) {
  std::vector<Factor> factors;
  Factor scheme{"scheme", "", {}, {}, {}};
  for (const Row& row : table.rows) {
    scheme.texts.push_back(row.point.scheme);
    scheme.numbers.push_back(outputs::kNotMeasured);
  }
  factors.push_back(std::move(scheme));
  for (std::size_t p = 0; p < table.parameters.size(); ++p) {
    Factor factor{table.parameters[p].name, table.parameters[p].def.unit, {}, {}, {}};
    for (const Row& row : table.rows) {
      factor.texts.push_back(row.parameters[p].text);
      factor.numbers.push_back(row.parameters[p].number);
    }
    factors.push_back(std::move(factor));
  }
  for (Factor& f : factors) sort_levels(f);
  factors.erase(std::remove_if(factors.begin(), factors.end(),
                               [](const Factor& f) { return f.levels.size() < 2; }),
                factors.end());
  return factors;
}

std::vector<double> values_of(const Table& table, const std::string& metric) {
  std::vector<double> values(table.rows.size(), outputs::kNotMeasured);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (table.rows[i].state != State::kOk) continue;
    for (const Metric& m : table.rows[i].metrics) {
      if (m.def.name == metric) values[i] = m.value;
    }
  }
  return values;
}

const MetricDef* find_metric(const Table& table, const std::string& name) {
  const auto found = std::find_if(table.metrics.begin(), table.metrics.end(),
                                  [&](const MetricDef& m) { return m.name == name; });
  return found == table.metrics.end() ? nullptr : &*found;
}

std::vector<std::vector<std::size_t>> configurations(const Table& table) {
  std::vector<std::vector<std::size_t>> all;
  std::map<std::pair<std::string, Settings>, std::size_t> known;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const Point& p = table.rows[i].point;
    const auto [it, fresh] = known.try_emplace({p.scheme, p.set}, all.size());
    if (fresh) all.emplace_back();
    all[it->second].push_back(i);
  }
  return all;
}

}  // namespace vctoe::sweep
