#include "sw/cli/sweep_tables.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>

#include "sw/scenario/outputs_table.h"
#include "sw/sweep/analysis.h"

namespace vctoe::cli {

namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kShown = 10;         ///< of a list
constexpr double kWeakest = 0.01;          ///< share of the variance that is worth a line
constexpr std::size_t kShownFactors = 10;  ///< columns that tell a point

std::string unit_of(const sweep::Table& table, const std::string& metric) {
  const sweep::MetricDef* def = find_metric(table, metric);
  return def == nullptr ? "" : def->unit;
}

/// Not a number when it is null.
double number(const Json& json) {
  return json.is_number() ? json.get<double>() : outputs::kNotMeasured;
}

std::string quantity(const sweep::Table& table, const std::string& metric, const Json& value) {
  return outputs::quantity_text(number(value), unit_of(table, metric));
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", share * 100);
  return text;
}
/// With its sign.
std::string change_text(double share) {
  return (share > 0 ? "+" : "") + percent(share);
}

std::string more(std::size_t all, std::size_t shown) {
  return all > shown ? "and " + std::to_string(all - shown) + " more\n" : "";
}

std::string titled(const std::string& title, const Rows& rows) {
  return rows.size() < 2 ? "" : "\n" + title + "\n" + outputs::aligned(rows);
}

/// "net.delay 10 us, 50 us; scheme fig3"
std::string where_text(const Json& where) {
  std::string text;
  for (const Json& w : where) {
    text += (text.empty() ? "" : "; ") + w.at("factor").get<std::string>();
    const char* between = " ";
    for (const Json& v : w.at("values")) {
      text += between + v.get<std::string>();
      between = ", ";
    }
  }
  return text.empty() ? "everywhere" : text;
}

class InsightText {
 public:
  InsightText(const sweep::Table& table, const Json& document)
      : table_(table),
        document_(document),
        factors_(factors_of(table)),
        configurations_(configurations(table)) {}

  std::string all() const {
    return head() + front() + ranking() + effects() + shares() + intervals() + limits() +
           next_unit() + assumes();
  }

 private:
  std::string head() const;
  std::string front() const;
  std::string ranking() const;
  std::string effects() const;
  std::string shares() const;
  std::string intervals() const;
  std::string limits() const;
  std::string next_unit() const;
  std::string assumes() const;
  std::string points(const std::string& title, const Json& list) const;
  double mean(const std::string& metric, std::size_t point) const;

  const sweep::Table& table_;
  const Json& document_;
  std::vector<sweep::Factor> factors_;
  std::vector<std::vector<std::size_t>> configurations_;
};

std::string InsightText::head() const {
  std::size_t ok = 0;
  for (const sweep::Row& row : table_.rows) ok += row.state == sweep::State::kOk ? 1 : 0;
  std::string text = table_.head.title.empty() ? "" : table_.head.title + "\n";
  text += std::to_string(table_.rows.size()) + " points, " + std::to_string(ok) + " ok\n";
  for (const Json& o : document_.at("objectives")) {
    text += "objective: " + o.at("metric").get<std::string>() + ", " +
            o.at("direction").get<std::string>();
    if (o.contains("at_least")) {
      text += ", at least " + quantity(table_, o.at("metric"), o.at("at_least"));
    }
    if (o.contains("at_most")) {
      text += ", at most " + quantity(table_, o.at("metric"), o.at("at_most"));
    }
    text += "\n";
  }
  return text;
}

/// Over the seeds of which this point is the first.
double InsightText::mean(const std::string& metric, std::size_t point) const {
  const std::vector<double> values = sweep::values_of(table_, metric);
  std::vector<double> own;
  for (const auto& members : configurations_) {
    if (members.front() != point) continue;
    for (const std::size_t row : members) own.push_back(values[row]);
  }
  return sweep::estimate(own).mean;
}

/// Points with their objectives and what distinguishes them.
std::string InsightText::points(const std::string& title, const Json& list) const {
  Rows rows{{"point"}};
  for (const Json& o : document_.at("objectives")) rows[0].push_back(o.at("metric"));
  for (std::size_t f = 0; f < std::min(factors_.size(), kShownFactors); ++f) {
    rows[0].push_back(factors_[f].name);
  }
  for (const Json& index : list) {
    if (rows.size() > kShown) break;
    const auto point = index.get<std::size_t>();
    rows.push_back({std::to_string(point) + (index == document_.at("knee") ? " knee" : "")});
    for (const Json& o : document_.at("objectives")) {
      const std::string metric = o.at("metric");
      rows.back().push_back(outputs::quantity_text(mean(metric, point), unit_of(table_, metric)));
    }
    for (std::size_t f = 0; f < std::min(factors_.size(), kShownFactors); ++f) {
      rows.back().push_back(factors_[f].texts[point]);
    }
  }
  return titled(title, rows) + more(list.size(), kShown);
}

std::string InsightText::front() const {
  const Json& list = document_.at("front");
  return points("front: " + std::to_string(list.size()) + " points that no other one beats", list);
}

std::string InsightText::ranking() const {
  const Json& list = document_.at("ranking");
  if (list.empty()) return "\nno point is within the bounds of the objectives\n";
  return points("the best within all bounds", list);
}

std::string InsightText::effects() const {
  std::string text, metric;
  Rows rows;
  const auto flush = [&] {
    if (!rows.empty()) text += titled("effects on " + metric, rows);
    rows = {{"factor", "value", "mean", "points"}};
  };
  for (const Json& e : document_.at("effects")) {
    if (e.at("metric") != metric) flush();
    metric = e.at("metric");
    std::string factor = e.at("factor");
    for (const Json& l : e.at("levels")) {
      rows.push_back({factor, l.at("value"), quantity(table_, metric, l.at("mean")),
                      std::to_string(l.at("points").get<std::size_t>())});
      factor.clear();
    }
  }
  flush();
  return text;
}

std::string InsightText::shares() const {
  Rows one{{"metric", "factor", "alone", "with others"}}, two{{"metric", "pair", "together"}};
  for (const Json& s : document_.at("sensitivity")) {
    one.push_back({s.at("metric"), s.at("factor"), percent(number(s.at("first_order"))),
                   percent(number(s.at("total_interaction")))});
  }
  for (const Json& i : document_.at("interactions")) {
    if (number(i.at("strength")) < kWeakest) continue;
    two.push_back({i.at("metric"),
                   i.at("a").get<std::string>() + " x " + i.at("b").get<std::string>(),
                   percent(number(i.at("strength")))});
  }
  return titled("share of the variance that a parameter explains", one) +
         titled("pairs that act together", two);
}

std::string InsightText::intervals() const {
  Rows rows{{"point", "seeds", "metric", "mean", "95 % within"}};
  const Json& list = document_.at("intervals");
  for (const Json& i : list) {
    if (rows.size() > kShown) break;
    const std::string metric = i.at("metric");
    rows.push_back({std::to_string(i.at("points").at(0).get<std::size_t>()),
                    std::to_string(i.at("points").size()), metric,
                    quantity(table_, metric, i.at("mean")),
                    "+- " + quantity(table_, metric, i.at("half_width"))});
  }
  return titled("over seeds", rows) + more(list.size(), kShown);
}

std::string InsightText::limits() const {
  std::map<std::string, std::size_t> counts;
  std::vector<std::string> order;
  for (const Json& l : document_.at("limit_of")) {
    if (l.is_null()) continue;
    if (counts[l]++ == 0) order.push_back(l);
  }
  if (order.empty()) return "";
  std::stable_sort(order.begin(), order.end(), [&](const std::string& a, const std::string& b) {
    return counts[a] > counts[b];
  });
  std::string text = "\nwhat takes the largest part of the time\n";
  for (const std::string& limit : order) {
    text += "  " + limit + " at " + std::to_string(counts[limit]) + " points\n";
  }
  text += "regions\n";
  for (const Json& r : document_.at("regions")) {
    text += "  " + r.at("limit").get<std::string>() + ", " +
            std::to_string(r.at("agree").get<std::size_t>()) + " of " +
            std::to_string(r.at("points").get<std::size_t>()) +
            " points: " + where_text(r.at("where")) + "\n";
  }
  return text;
}

std::string InsightText::next_unit() const {
  Rows rows{{"point", "limit", "parameter", "from", "to", "metric", "before", "after", "change"}};
  for (const Json& u : document_.at("next_unit")) {
    const std::string metric = u.at("metric");
    const double before = number(u.at("before")), after = number(u.at("after"));
    rows.push_back(
        {std::to_string(u.at("point").get<std::size_t>()), u.at("limit"), u.at("parameter"),
         u.at("from"), u.at("to"), metric, quantity(table_, metric, u.at("before")),
         quantity(table_, metric, u.at("after")), change_text((after - before) / before)});
  }
  return titled("one more unit of what limits, as it was run", rows);
}

std::string InsightText::assumes() const {
  std::string text;
  for (const Json& sentence : document_.at("assumes")) {
    text += (text.empty() ? "\n" : "") + sentence.get<std::string>() + "\n";
  }
  return text;
}

}  // namespace

std::string insight_tables(const sweep::Table& table, const Json& document) {
  return InsightText(table, document).all();
}

std::string compare_tables(const sweep::Table& a, const sweep::Table& b, const Json& document) {
  std::string text;
  for (const Json& s : document.at("setup")) {
    text += "set up differently: " + s.at("parameter").get<std::string>() + " = " +
            s.at("a").get<std::string>() + " and " + s.at("b").get<std::string>() + "\n";
  }
  text += std::to_string(document.at("joined").get<std::size_t>()) +
          " configurations stand in both sweeps\n";
  for (const auto& [key, sweep] : {std::pair{"only_a", "A"}, std::pair{"only_b", "B"}}) {
    const Json& only = document.at(key);
    if (only.empty()) continue;
    text += std::to_string(only.size()) + " points only in " + sweep + ", the first is " +
            std::to_string(only.at(0).get<std::size_t>()) + "\n";
  }
  for (const Json& n : document.at("not_ok")) {
    text += "point " + std::to_string(n.at("a").get<std::size_t>()) + " of A is " +
            n.at("state_a").get<std::string>() + ", point " +
            std::to_string(n.at("b").get<std::size_t>()) + " of B " +
            n.at("state_b").get<std::string>() + "\n";
  }
  Rows rows{{"metric", "points", "equal", "better", "worse", "other", "mean change"}};
  std::size_t alike = 0;
  for (const Json& m : document.at("metrics")) {
    if (m.at("equal") == m.at("points")) {
      ++alike;
      continue;
    }
    rows.push_back({m.at("metric")});
    for (const char* count : {"points", "equal", "better", "worse", "other"}) {
      rows.back().push_back(std::to_string(m.at(count).get<std::size_t>()));
    }
    rows.back().push_back(change_text(number(m.at("mean_change"))));
  }
  text += std::to_string(alike) + " metrics are equal in all of them\n";
  text += titled("from A to B, beyond noise and tolerance", rows);
  Rows changes{{"metric", "A", "B", "before", "after", "+-", ""}};
  for (const Json& c : document.at("changes")) {
    if (changes.size() > kShown) break;
    const std::string metric = c.at("metric");
    const sweep::Table& table = find_metric(a, metric) == nullptr ? b : a;
    changes.push_back({metric, std::to_string(c.at("a").get<std::size_t>()),
                       std::to_string(c.at("b").get<std::size_t>()),
                       quantity(table, metric, c.at("before")),
                       quantity(table, metric, c.at("after")),
                       quantity(table, metric, c.at("half_width")), c.at("verdict")});
  }
  text += titled("the largest changes", changes) + more(document.at("changes").size(), kShown);
  text += document.at("equal").get<bool>() ? "\nequal\n" : "\nthey differ\n";
  return text;
}

}  // namespace vctoe::cli
