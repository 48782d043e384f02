#include "sw/sweep/collect.h"

#include <cmath>
#include <map>

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

void add_column(std::string& out, const std::string& kind, const MetricDef& def) {
  out += quoted(def.name) + "," + kind + "," + def.unit + "," + def.better + "," +
         quoted(def.sentence) + "\n";
}

}  // namespace

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
