#include "sw/sweep/insights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "models/sim/error.h"
#include "sw/scenario/config_names.h"
#include "sw/sweep/analysis.h"
#include "sw/sweep/interaction.h"
#include "sw/sweep/regions.h"

namespace vctoe::sweep {

namespace {

using Json = nlohmann::ordered_json;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kMostLevels = 12;  ///< a parameter with more numbers is put into bins
constexpr std::size_t kBinsOfEffects = 8;
constexpr std::size_t kPointsOfABin = 8;  ///< at least, on average

/// A parameter with few levels: its own, or bins.
struct Levels {
  std::string factor;
  bool binned = false;
  std::vector<std::string> of;     ///< of each row
  std::vector<std::string> order;  ///< in which they are shown
};

Levels levels_of(const Factor& factor, std::size_t bins) {
  Levels levels{factor.name, false, factor.texts, factor.levels};
  if (factor.unit.empty() || factor.levels.size() <= kMostLevels) return levels;
  const std::vector<std::string> bin = binned(factor.numbers, std::max<std::size_t>(bins, 2));
  // A bin is called after its ends, which its levels, being sorted, come upon in turn.
  std::map<std::string, std::string> bin_of, first, last;
  for (std::size_t i = 0; i < bin.size(); ++i) bin_of[factor.texts[i]] = bin[i];
  std::vector<std::string> order;
  for (const std::string& level : factor.levels) {
    const std::string& b = bin_of[level];
    if (first.emplace(b, level).second) order.push_back(b);
    last[b] = level;
  }
  const auto name = [&](const std::string& b) { return first[b] + " to " + last[b]; };
  levels.binned = true;
  for (std::size_t i = 0; i < bin.size(); ++i) levels.of[i] = name(bin[i]);
  levels.order.clear();
  for (const std::string& b : order) levels.order.push_back(name(b));
  return levels;
}

class Document {
 public:
  Document(const Table& table, const InsightOptions& options);
  Json make();

 private:
  struct Analysed {
    Objective objective;
    std::vector<double> values;
    std::size_t measured = 0;
  };
  Analysed analysed(const Objective& objective) const;
  /// The mean of each configuration: points that differ in their seed count once.
  std::vector<double> means(const std::vector<double>& values) const;
  Goal goal(const Analysed& a) const { return {means(a.values), a.objective.maximise}; }
  Json rows(const std::vector<std::size_t>& configurations) const;
  void front();
  void rank();
  void effects(const Analysed& a);
  void shares(const Analysed& a);
  void intervals(const Analysed& a);
  void regions();
  void assumptions();

  const Table& table_;
  const InsightOptions& options_;
  std::vector<Factor> factors_;
  std::vector<std::vector<std::size_t>> configurations_;
  std::vector<Analysed> goals_;    ///< of the front
  std::vector<Analysed> metrics_;  ///< of all else
  Json out_;
};

[[noreturn]] void unknown(const Table& table, const std::string& name) {
  std::vector<std::string> names;
  for (const MetricDef& m : table.metrics) names.push_back(m.name);
  const std::string near = config::nearest(name, names);
  sim::user_error("unknown metric \"" + name + "\"" +
                  (near.empty() ? "" : "; did you mean \"" + near + "\"?") +
                  "; columns.csv names all");
}

Document::Document(const Table& table, const InsightOptions& options)
    : table_(table),
      options_(options),
      factors_(factors_of(table)),
      configurations_(configurations(table)) {
  const bool any = std::any_of(table.rows.begin(), table.rows.end(),
                               [](const Row& r) { return r.state == State::kOk; });
  if (!any) sim::user_error("no point of the sweep has a result that is ok: nothing to analyse");
  for (const Objective& o : objectives_of(table)) goals_.push_back(analysed(o));
  metrics_ = goals_;
  if (options.metric.empty()) return;
  const MetricDef* def = find_metric(table, options.metric);
  if (def == nullptr) unknown(table, options.metric);
  metrics_ = {analysed({options.metric, def->better == "max", std::nullopt, std::nullopt})};
  if (metrics_[0].measured == 0) sim::user_error(options.metric + " was measured at no point");
}

Document::Analysed Document::analysed(const Objective& objective) const {
  Analysed a{objective, values_of(table_, objective.metric), 0};
  for (const double v : a.values) a.measured += std::isfinite(v) ? 1 : 0;
  return a;
}

std::vector<double> Document::means(const std::vector<double>& values) const {
  std::vector<double> out;
  for (const auto& members : configurations_) {
    std::vector<double> own;
    own.reserve(members.size());
    for (const std::size_t row : members) own.push_back(values[row]);
    out.push_back(estimate(own).mean);
  }
  return out;
}

Json Document::rows(const std::vector<std::size_t>& configurations) const {
  Json list = Json::array();
  for (const std::size_t c : configurations) list.push_back(configurations_[c].front());
  return list;
}

void Document::front() {
  Json objectives = Json::array();
  std::vector<Goal> goals;
  for (const Analysed& a : goals_) {
    const MetricDef* def = find_metric(table_, a.objective.metric);
    Json o = {{"metric", a.objective.metric},
              {"unit", def == nullptr ? "" : def->unit},
              {"direction", a.objective.maximise ? "max" : "min"}};
    if (a.objective.at_least) o["at_least"] = *a.objective.at_least;
    if (a.objective.at_most) o["at_most"] = *a.objective.at_most;
    objectives.push_back(std::move(o));
    goals.push_back(goal(a));
  }
  out_["objectives"] = std::move(objectives);
  out_["front"] = rows(pareto_front(goals));
  out_["knee"] = nullptr;
  if (goals.size() != 2) return;
  const std::size_t knee = knee_point(goals[0], goals[1]);
  if (knee < configurations_.size()) out_["knee"] = configurations_[knee].front();
}

void Document::rank() {
  std::vector<Bound> bounds;
  for (const Analysed& a : goals_) {
    if (!a.objective.at_least && !a.objective.at_most) continue;
    bounds.push_back({means(a.values), a.objective.at_least.value_or(-kInfinity),
                      a.objective.at_most.value_or(kInfinity)});
  }
  out_["ranking"] = rows(ranking(goal(metrics_.front()), bounds));
}

void Document::effects(const Analysed& a) {
  for (const Factor& f : factors_) {
    const Levels levels = levels_of(f, kBinsOfEffects);
    const std::vector<Level> found = main_effect(levels.of, a.values);
    Json list = Json::array();
    double low = kInfinity, high = -kInfinity;
    for (const std::string& name : levels.order) {
      const auto level =
          std::find_if(found.begin(), found.end(), [&](const Level& l) { return l.level == name; });
      if (level == found.end()) continue;
      list.push_back({{"value", name}, {"mean", level->mean}, {"points", level->points}});
      low = std::min(low, level->mean);
      high = std::max(high, level->mean);
    }
    if (list.empty()) continue;
    out_["effects"].push_back({{"metric", a.objective.metric},
                               {"factor", f.name},
                               {"levels", std::move(list)},
                               {"span", high - low}});
  }
}

/// Sensitivities and interactions, which are shares of the same variance.
void Document::shares(const Analysed& a) {
  std::vector<double> together(factors_.size(), 0);
  const auto pair_bins = static_cast<std::size_t>(
      std::sqrt(static_cast<double>(a.measured) / static_cast<double>(kPointsOfABin)));
  std::vector<Json> pairs;
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    for (std::size_t k = i + 1; k < factors_.size(); ++k) {
      const Levels x = levels_of(factors_[i], std::min<std::size_t>(pair_bins, 8));
      const Levels y = levels_of(factors_[k], std::min<std::size_t>(pair_bins, 8));
      const double strength = interaction(x.of, y.of, a.values);
      if (!std::isfinite(strength)) continue;
      together[i] += strength;
      together[k] += strength;
      pairs.push_back({{"metric", a.objective.metric},
                       {"a", x.factor},
                       {"b", y.factor},
                       {"strength", strength}});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Json& x, const Json& y) {
    return x["strength"].get<double>() > y["strength"].get<double>();
  });
  for (Json& p : pairs) out_["interactions"].push_back(std::move(p));
  for (std::size_t i = 0; i < factors_.size(); ++i) {
    const Levels levels =
        levels_of(factors_[i], std::min<std::size_t>(a.measured / kPointsOfABin, 20));
    double first = sensitivity(levels.of, a.values);
    if (levels.binned) first = less_chance(first, a.measured, levels.order.size());
    out_["sensitivity"].push_back({{"metric", a.objective.metric},
                                   {"factor", factors_[i].name},
                                   {"first_order", first},
                                   {"total_interaction", together[i]}});
  }
}

void Document::intervals(const Analysed& a) {
  for (const auto& members : configurations_) {
    if (members.size() < 2) continue;
    std::vector<double> own;
    for (const std::size_t row : members) own.push_back(a.values[row]);
    const Estimate e = estimate(own);
    if (e.n < 2) continue;
    out_["intervals"].push_back({{"metric", a.objective.metric},
                                 {"points", members},
                                 {"mean", e.mean},
                                 {"half_width", e.half_width}});
  }
}

void Document::regions() {
  const std::vector<std::string> limits = limits_of(table_);
  for (const std::string& l : limits) {
    out_["limit_of"].push_back(l.empty() ? Json() : Json(l));
  }
  for (const Region& r : regions_of(limits, factors_)) {
    Json where = Json::array();
    for (const Where& w : r.where) where.push_back({{"factor", w.factor}, {"values", w.values}});
    out_["regions"].push_back({{"limit", r.limit},
                               {"points", r.points.size()},
                               {"agree", r.agree},
                               {"where", std::move(where)}});
  }
}

void Document::assumptions() {
  Json& says = out_["assumes"];
  std::size_t ok = 0;
  for (const Row& row : table_.rows) ok += row.state == State::kOk ? 1 : 0;
  if (ok < table_.rows.size()) {
    says.push_back(std::to_string(table_.rows.size() - ok) + " of " +
                   std::to_string(table_.rows.size()) +
                   " points have no result that is ok and take no part");
  }
  if (configurations_.size() < table_.rows.size()) {
    says.push_back(
        "Points that differ only in their seed count once, by the mean, on the front and in the "
        "ranking; intervals are of 95 % by Student's t and take the seeds for independent.");
  }
  says.push_back(
      "The effect of a parameter is its own only if the other parameters take the same values at "
      "each of its levels, as in a full product of axes; linked and conditional axes do not.");
  says.push_back(
      "Sensitivities are shares of the variance over the points of this sweep: another range of an "
      "axis gives another share.");
  const bool bins = std::any_of(factors_.begin(), factors_.end(),
                                [](const Factor& f) { return levels_of(f, 2).binned; });
  if (bins) {
    says.push_back(
        "Numbers with more than 12 values are put into bins with equally many points each; shares "
        "of these are less what chance gives, and do not see what happens within a bin.");
  }
  says.push_back(
      "A point is limited by the part of its elapsed time that is the largest; regions are boxes "
      "named after what limits most of their points.");
}

Json Document::make() {
  front();
  rank();
  for (const char* key :
       {"effects", "sensitivity", "interactions", "intervals", "limit_of", "regions"}) {
    out_[key] = Json::array();
  }
  for (const Analysed& a : metrics_) {
    effects(a);
    shares(a);
    intervals(a);
  }
  regions();
  out_["next_unit"] = options_.next_unit;
  out_["assumes"] = Json::array();
  assumptions();
  return std::move(out_);
}

}  // namespace

std::vector<Objective> objectives_of(const Table& table) {
  if (!table.head.objectives.empty()) return table.head.objectives;
  return {{"goodput", true, std::nullopt, std::nullopt},
          {"pinned_integral", false, std::nullopt, std::nullopt}};
}

Json insights(const Table& table, const InsightOptions& options) {
  return Document(table, options).make();
}

}  // namespace vctoe::sweep
