#include "sw/sweep/regions.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

namespace vctoe::sweep {

namespace {

constexpr char kPrefix[] = "time.";
constexpr int kDeepest = 6;
constexpr double kLeastGain = 0.01;  ///< of all points
constexpr std::size_t kMostValues = 8;

/// Points that would be named wrongly by drawing lots: n x Gini impurity.
double impurity(const std::map<std::string, std::size_t>& counts) {
  double n = 0, squares = 0;
  for (const auto& [limit, count] : counts) {
    n += static_cast<double>(count);
    squares += static_cast<double>(count) * static_cast<double>(count);
  }
  return n == 0 ? 0 : n - squares / n;
}

using Rows = std::vector<std::size_t>;
/// Points by the level of a parameter, and by limit.
using ByLevel = std::map<std::string, std::map<std::string, std::size_t>>;

/// The levels of a parameter on one side.
struct Cut {
  std::size_t factor = 0;
  std::vector<std::string> side;
  double gain = 0;
};

class Tree {
 public:
  Tree(const std::vector<std::string>& limits, const std::vector<Factor>& factors)
      : limits_(limits), factors_(factors) {}

  std::vector<Region> grow();

 private:
  std::vector<Region> divide(Rows rows, int depth);
  Region box(Rows rows) const;
  Cut best_cut(const Rows& rows) const;
  std::vector<std::vector<std::string>> sides(const ByLevel& by_level, std::size_t f) const;
  void try_factor(const Rows& rows, std::size_t f, Cut& best) const;

  const std::vector<std::string>& limits_;
  const std::vector<Factor>& factors_;
  double all_ = 0;
};

/// What may stand on one side of a cut: of numbers all up to one of them; of names those that have
/// the same limit in most of their points, and each by itself.
std::vector<std::vector<std::string>> Tree::sides(const ByLevel& by_level, std::size_t f) const {
  std::vector<std::vector<std::string>> all, single;
  std::map<std::string, std::vector<std::string>> by_limit;
  std::vector<std::string> so_far;
  for (const std::string& level : factors_[f].levels) {
    const auto here = by_level.find(level);
    if (here == by_level.end()) continue;
    so_far.push_back(level);
    if (!factors_[f].unit.empty()) {
      if (so_far.size() < by_level.size()) all.push_back(so_far);
      continue;
    }
    const auto most =
        std::max_element(here->second.begin(), here->second.end(),
                         [](const auto& x, const auto& y) { return x.second < y.second; });
    by_limit[most->first].push_back(level);
    single.push_back({level});
  }
  for (auto& [limit, levels] : by_limit) all.push_back(std::move(levels));
  std::move(single.begin(), single.end(), std::back_inserter(all));
  return all;
}

void Tree::try_factor(const Rows& rows, std::size_t f, Cut& best) const {
  ByLevel by_level;
  std::map<std::string, std::size_t> all;
  for (const std::size_t r : rows) {
    ++by_level[factors_[f].texts[r]][limits_[r]];
    ++all[limits_[r]];
  }
  if (by_level.size() < 2) return;
  for (const std::vector<std::string>& side : sides(by_level, f)) {
    std::map<std::string, std::size_t> left, right = all;
    for (const std::string& level : side) {
      for (const auto& [limit, n] : by_level.at(level)) {
        left[limit] += n;
        right[limit] -= n;
      }
    }
    const double gain = impurity(all) - impurity(left) - impurity(right);
    // A hair's breadth is no reason to prefer a later one: sums differ in their last bits.
    if (gain > best.gain * (1 + 1e-9)) best = {f, side, gain};
  }
}

Cut Tree::best_cut(const Rows& rows) const {
  Cut best;
  for (std::size_t f = 0; f < factors_.size(); ++f) try_factor(rows, f, best);
  return best;
}

/// What these rows have in common.
Region Tree::box(Rows rows) const {
  Region region;
  std::map<std::string, std::size_t> counts;
  for (const std::size_t r : rows) ++counts[limits_[r]];
  for (const auto& [limit, n] : counts) {
    if (n <= region.agree) continue;
    region.agree = n;
    region.limit = limit;
  }
  for (const Factor& f : factors_) {
    std::set<std::string> here;
    for (const std::size_t r : rows) here.insert(f.texts[r]);
    if (here.size() == f.levels.size()) continue;
    Where where{f.name, {}};
    for (const std::string& level : f.levels) {
      if (here.count(level) != 0) where.values.push_back(level);
    }
    if (!f.unit.empty() && where.values.size() > kMostValues) {
      where.values = {where.values.front() + " to " + where.values.back()};
    }
    region.where.push_back(std::move(where));
  }
  region.points = std::move(rows);
  return region;
}

std::vector<Region> Tree::divide(Rows rows, int depth) {
  Region whole = box(rows);
  if (whole.agree == rows.size() || depth == kDeepest) return {whole};
  const Cut cut = best_cut(rows);
  if (cut.gain < kLeastGain * all_) return {whole};
  Rows in, out;
  for (const std::size_t r : rows) {
    const std::string& level = factors_[cut.factor].texts[r];
    const bool inside = std::find(cut.side.begin(), cut.side.end(), level) != cut.side.end();
    (inside ? in : out).push_back(r);
  }
  std::vector<Region> boxes = divide(std::move(in), depth + 1);
  std::vector<Region> others = divide(std::move(out), depth + 1);
  if (boxes.size() == 1 && others.size() == 1 && boxes[0].limit == others[0].limit) return {whole};
  std::move(others.begin(), others.end(), std::back_inserter(boxes));
  return boxes;
}

std::vector<Region> Tree::grow() {
  Rows rows;
  for (std::size_t r = 0; r < limits_.size(); ++r) {
    if (!limits_[r].empty()) rows.push_back(r);
  }
  if (rows.empty()) return {};
  all_ = static_cast<double>(rows.size());
  std::vector<Region> boxes = divide(std::move(rows), 0);
  std::stable_sort(boxes.begin(), boxes.end(), [](const Region& a, const Region& b) {
    return a.points.size() > b.points.size();
  });
  return boxes;
}

}  // namespace

std::vector<std::string> limits_of(const Table& table) {
  std::vector<std::string> limits(table.rows.size());
  std::vector<double> largest(table.rows.size(), 0);
  for (const MetricDef& m : table.metrics) {
    if (m.name.rfind(kPrefix, 0) != 0) continue;
    const std::vector<double> parts = values_of(table, m.name);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (!(parts[i] > largest[i])) continue;
      largest[i] = parts[i];
      limits[i] = m.name.substr(sizeof kPrefix - 1);
    }
  }
  return limits;
}

std::vector<Region> regions_of(const std::vector<std::string>& limits,
                               const std::vector<Factor>& factors) {
  return Tree(limits, factors).grow();
}

}  // namespace vctoe::sweep
