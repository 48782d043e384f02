#include "sw/report/run_table.h"

#include <nlohmann/json.hpp>

#include "models/sim/error.h"

namespace vctoe::report {

namespace {

using Json = nlohmann::ordered_json;

sweep::MetricDef def_of(const std::string& name, const Json& figure) {
  for (const sweep::MetricDef& def : sweep::summary_metrics()) {
    if (def.name == name) return def;
  }
  return {name, figure.at("unit"), "", ""};
}

sweep::Row row_of(const Json& run, std::size_t index) {
  sweep::Row row;
  row.point.index = index;
  row.point.scheme = run.at("scheme");
  row.state = run.at("ok").get<bool>() ? sweep::State::kOk : sweep::State::kFailed;
  row.reason = run.at("failure");
  if (!run.contains("summary")) return row;
  for (const auto& [name, figure] : run.at("summary").items()) {
    if (!figure.is_object()) continue;  // sums of what was sent
    const Json& value = figure.at("value");
    row.metrics.push_back(
        {def_of(name, figure), value.is_null() ? outputs::kNotMeasured : value.get<double>()});
  }
  return row;
}

}  // namespace

sweep::Table run_table(const std::string& text, const std::string& name) {
  try {
    const Json json = Json::parse(text);
    if (json.at("schema") != "vctoe-stats") sim::user_error(name + " is no result of a run");
    sweep::Table table;
    table.head.program = json.at("program");
    const std::string seed = json.at("seed").dump();
    for (const Json& run : json.at("runs")) {
      table.rows.push_back(row_of(run, table.rows.size()));
      table.rows.back().point.seed = seed;
      for (const sweep::Metric& m : table.rows.back().metrics) {
        if (sweep::find_metric(table, m.def.name) == nullptr) table.metrics.push_back(m.def);
      }
    }
    table.head.points = table.rows.size();
    return table;
  } catch (const Json::exception&) {
    sim::user_error(name + " is no result of a run");
  }
}

}  // namespace vctoe::report
