#include "sw/sweep/compare.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "models/sim/error.h"
#include "sw/sweep/analysis.h"

namespace vctoe::sweep {

namespace {

using Json = nlohmann::ordered_json;
using Values = std::map<std::string, std::string>;
/// Rows that differ only in their seed.
using Repeats = std::vector<std::size_t>;

/// A sweep's parameters, its seeds left out.
class Space {
 public:
  explicit Space(const Table& table)
      : table_(table), base_(table.head.base.begin(), table.head.base.end()) {
    base_.erase("seed");
    base_.erase("schemes");
    for (const Row& row : table.rows) {
      for (const auto& [path, text] : row.point.set) named_.insert(path);
    }
  }
  /// The value of a parameter at a point, "-" when the program that planned had none.
  std::string value(std::size_t row, const std::string& path) const {
    const Point& point = table_.rows[row].point;
    if (path == "schemes") return point.scheme;
    for (const auto& [name, text] : point.set) {
      if (name == path) return text;
    }
    const auto it = base_.find(path);
    return it == base_.end() ? "-" : it->second;
  }
  /// The scheme, and parameters with more than one value in the sweep.
  std::set<std::string> varying() const {
    std::set<std::string> out{"schemes"};
    for (const std::string& path : named_) {
      std::set<std::string> values;
      for (std::size_t row = 0; row < table_.rows.size(); ++row) values.insert(value(row, path));
      if (values.size() > 1) out.insert(path);
    }
    return out;
  }
  std::map<Values, Repeats> by_key(const std::set<std::string>& key) const {
    std::map<Values, Repeats> rows;
    for (std::size_t row = 0; row < table_.rows.size(); ++row) {
      Values own;
      for (const std::string& path : key) own[path] = value(row, path);
      rows[own].push_back(row);
    }
    return rows;
  }
  void add_names(std::set<std::string>& names) const {
    for (const auto& [path, text] : base_) names.insert(path);
  }

 private:
  const Table& table_;
  Values base_;
  std::set<std::string> named_;
};

class SideBySide {
 public:
  SideBySide(const Table& a, const Table& b, const CompareOptions& options)
      : a_(a), b_(b), options_(options) {}
  Json make();

 private:
  void join();
  void setup(const std::set<std::string>& key);
  std::vector<MetricDef> metrics() const;
  void metric(const MetricDef& def);
  Estimate change(const Repeats& a, const Repeats& b) const;
  bool same(double before, double after, const Estimate& change) const;
  const char* verdict(const MetricDef& def, double change) const;

  const Table &a_, &b_;
  const Space space_a_{a_}, space_b_{b_};
  const CompareOptions& options_;
  std::vector<std::pair<Repeats, Repeats>> joined_;
  std::vector<double> in_a_, in_b_;  ///< the metric at work
  std::vector<std::pair<double, Json>> changes_;
  Json out_;
};

/// All points of a sweep have what the first has, but for the key.
void SideBySide::setup(const std::set<std::string>& key) {
  out_["setup"] = Json::array();
  std::set<std::string> names;
  space_a_.add_names(names);
  space_b_.add_names(names);
  for (const std::string& path : names) {
    if (key.count(path) != 0) continue;
    const std::string in_a = space_a_.value(0, path), in_b = space_b_.value(0, path);
    if (in_a != in_b) out_["setup"].push_back({{"parameter", path}, {"a", in_a}, {"b", in_b}});
  }
}

void SideBySide::join() {
  std::set<std::string> key = space_a_.varying();
  key.merge(space_b_.varying());
  setup(key);
  const auto a = space_a_.by_key(key), b = space_b_.by_key(key);
  out_["only_a"] = out_["only_b"] = out_["not_ok"] = Json::array();
  for (const auto& [values, rows] : a) {
    const auto other = b.find(values);
    if (other != b.end()) {
      joined_.emplace_back(rows, other->second);
      continue;
    }
    for (const std::size_t row : rows) out_["only_a"].push_back(row);
  }
  for (const auto& [values, rows] : b) {
    if (a.count(values) != 0) continue;
    for (const std::size_t row : rows) out_["only_b"].push_back(row);
  }
  if (joined_.empty()) {
    sim::user_error("no point of one sweep has the parameters of a point of the other");
  }
  std::sort(joined_.begin(), joined_.end());
  for (const char* only : {"only_a", "only_b"}) std::sort(out_[only].begin(), out_[only].end());
  const auto trouble = [](const Table& table, const Repeats& rows) {
    State worst = State::kOk;
    for (const std::size_t row : rows) {
      if (table.rows[row].state != State::kOk) worst = table.rows[row].state;
    }
    return worst;
  };
  for (const auto& [x, y] : joined_) {
    const State in_a = trouble(a_, x), in_b = trouble(b_, y);
    if (in_a == in_b) continue;
    out_["not_ok"].push_back({{"a", x.front()},
                              {"b", y.front()},
                              {"state_a", name_of(in_a)},
                              {"state_b", name_of(in_b)}});
  }
}

std::vector<MetricDef> SideBySide::metrics() const {
  std::vector<MetricDef> both;
  for (const MetricDef& m : a_.metrics) {
    if (find_metric(b_, m.name) == nullptr) continue;
    if (options_.metric.empty() || options_.metric == m.name) both.push_back(m);
  }
  if (both.empty()) {
    sim::user_error("metric \"" + options_.metric + "\" does not stand in both sweeps");
  }
  return both;
}

/// Seed by seed where the seeds are the same.
Estimate SideBySide::change(const Repeats& a, const Repeats& b) const {
  std::map<std::string, std::size_t> seeds;
  for (const std::size_t row : a) seeds[a_.rows[row].point.seed] = row;
  std::vector<double> of_a, of_b, differences;
  for (const std::size_t row : a) of_a.push_back(in_a_[row]);
  for (const std::size_t row : b) {
    of_b.push_back(in_b_[row]);
    const auto same = seeds.find(b_.rows[row].point.seed);
    if (same != seeds.end()) differences.push_back(in_b_[row] - in_a_[same->second]);
  }
  const bool paired = differences.size() == a.size() && a.size() == b.size();
  return paired ? estimate(differences) : difference(of_a, of_b);
}

bool SideBySide::same(double before, double after, const Estimate& change) const {
  if (!std::isfinite(before) || !std::isfinite(after)) {
    return std::isfinite(before) == std::isfinite(after);
  }
  const double size = std::max(std::fabs(before), std::fabs(after));
  const double noise = std::isfinite(change.half_width) ? change.half_width : 0;
  return std::fabs(change.mean) <= std::max(noise, options_.tolerance * size);
}

const char* SideBySide::verdict(const MetricDef& def, double change) const {
  if (def.better.empty() || !std::isfinite(change)) return "other";
  return (change > 0) == (def.better == "max") ? "better" : "worse";
}

void SideBySide::metric(const MetricDef& def) {
  in_a_ = values_of(a_, def.name);
  in_b_ = values_of(b_, def.name);
  std::map<std::string, std::size_t> counts;
  double shares = 0;
  std::size_t with_share = 0, measured = 0;
  for (const auto& [a, b] : joined_) {
    const auto mean = [](const Repeats& rows, const std::vector<double>& values) {
      std::vector<double> own;
      for (const std::size_t row : rows) own.push_back(values[row]);
      return estimate(own).mean;
    };
    const double before = mean(a, in_a_), after = mean(b, in_b_);
    if (!std::isfinite(before) && !std::isfinite(after)) continue;
    ++measured;
    const Estimate by = change(a, b);
    const double share = by.mean == 0 ? 0 : by.mean / std::fabs(before);
    if (std::isfinite(share)) {
      shares += share;
      ++with_share;
    }
    const std::string said = same(before, after, by) ? "equal" : verdict(def, by.mean);
    ++counts[said];
    if (said == "equal") continue;
    Json change = {{"metric", def.name}, {"a", a.front()}, {"b", b.front()},
                   {"before", before},   {"after", after}, {"half_width", nullptr},
                   {"verdict", said}};
    if (std::isfinite(by.half_width)) change["half_width"] = by.half_width;
    changes_.emplace_back(std::isfinite(share) ? std::fabs(share) : HUGE_VAL, std::move(change));
  }
  if (measured == 0) return;
  out_["metrics"].push_back({{"metric", def.name},
                             {"unit", def.unit},
                             {"direction", def.better},
                             {"points", measured},
                             {"equal", counts["equal"]},
                             {"better", counts["better"]},
                             {"worse", counts["worse"]},
                             {"other", counts["other"]},
                             {"mean_change", with_share == 0 ? NAN : shares / with_share}});
}

Json SideBySide::make() {
  out_["equal"] = false;
  join();
  out_["joined"] = joined_.size();
  out_["metrics"] = out_["changes"] = Json::array();
  for (const MetricDef& m : metrics()) metric(m);
  std::stable_sort(changes_.begin(), changes_.end(),
                   [](const auto& x, const auto& y) { return x.first > y.first; });
  for (auto& [size, change] : changes_) out_["changes"].push_back(std::move(change));
  out_["equal"] = out_["changes"].empty() && out_["only_a"].empty() && out_["only_b"].empty() &&
                  out_["not_ok"].empty();
  return std::move(out_);
}

}  // namespace

Json compare(const Table& a, const Table& b, const CompareOptions& options) {
  return SideBySide(a, b, options).make();
}

}  // namespace vctoe::sweep
