#include "sw/sweep/interaction.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr int kMostRounds = 1000;  ///< of the fit; a full product needs two

struct TwoWayCell {
  std::size_t a = 0, b = 0;  ///< numbers of the levels
  double points = 0, mean = 0;
};

/// Whether every pair of levels stands there equally often, measured or not.
bool balanced(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  std::set<std::string> as(a.begin(), a.end()), bs(b.begin(), b.end());
  for (std::size_t i = 0; i < a.size(); ++i) ++counts[{a[i], b[i]}];
  return counts.size() == as.size() * bs.size() &&
         std::all_of(counts.begin(), counts.end(),
                     [&](const auto& c) { return c.second == counts.begin()->second; });
}

/// The cells of two parameters, and what the metric varies in all and within them.
class TwoWay {
 public:
  TwoWay(const std::vector<std::string>& a, const std::vector<std::string>& b,
         const std::vector<double>& metric);
  double share() const;

 private:
  std::size_t components() const;
  double beyond_additive() const;

  std::vector<TwoWayCell> cells_;
  std::size_t a_levels_ = 0, b_levels_ = 0;
  double points_ = 0, mean_ = 0, all_ = 0, within_ = 0;
  bool balanced_ = false;
};

TwoWay::TwoWay(const std::vector<std::string>& a, const std::vector<std::string>& b,
               const std::vector<double>& metric) {
  std::map<std::string, std::size_t> as, bs;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> known;
  std::vector<std::size_t> cell_of(metric.size(), metric.size());
  for (std::size_t i = 0; i < metric.size(); ++i) {
    if (!std::isfinite(metric[i])) continue;
    const std::size_t ia = as.emplace(a[i], as.size()).first->second;
    const std::size_t ib = bs.emplace(b[i], bs.size()).first->second;
    const auto [it, fresh] = known.try_emplace({ia, ib}, cells_.size());
    if (fresh) cells_.push_back({ia, ib, 0, 0});
    cell_of[i] = it->second;
    TwoWayCell& cell = cells_[it->second];
    cell.points += 1;
    cell.mean += metric[i];
    points_ += 1;
    mean_ += metric[i];
  }
  mean_ /= points_;
  for (TwoWayCell& cell : cells_) cell.mean /= cell.points;
  for (std::size_t i = 0; i < metric.size(); ++i) {
    if (cell_of[i] == metric.size()) continue;
    all_ += (metric[i] - mean_) * (metric[i] - mean_);
    within_ += std::pow(metric[i] - cells_[cell_of[i]].mean, 2);
  }
  a_levels_ = as.size();
  b_levels_ = bs.size();
  balanced_ = balanced(a, b);
}

/// Parts of the table of cells that no row or column joins: each costs the additive model a degree
/// of freedom less.
std::size_t TwoWay::components() const {
  std::vector<std::size_t> part(a_levels_ + b_levels_);
  std::iota(part.begin(), part.end(), std::size_t{0});
  for (bool changed = true; changed;) {
    changed = false;
    for (const TwoWayCell& c : cells_) {
      std::size_t &x = part[c.a], &y = part[a_levels_ + c.b];
      changed = changed || x != y;
      x = y = std::min(x, y);
    }
  }
  std::sort(part.begin(), part.end());
  return static_cast<std::size_t>(std::unique(part.begin(), part.end()) - part.begin());
}

/// Fits mean + effect of a + effect of b, the one and the other in turn, until nothing moves.
double TwoWay::beyond_additive() const {
  std::vector<double> a(a_levels_, 0), b(b_levels_, 0);
  const double still = 1e-12 * std::sqrt(all_ / points_);
  for (int round = 0; round < kMostRounds; ++round) {
    double moved = 0;
    const auto fit = [&](std::vector<double>& own, std::size_t TwoWayCell::*level,
                         const std::vector<double>& other, std::size_t TwoWayCell::*other_level) {
      std::vector<double> sum(own.size(), 0), weight(own.size(), 0);
      for (const TwoWayCell& c : cells_) {
        sum[c.*level] += c.points * (c.mean - mean_ - other[c.*other_level]);
        weight[c.*level] += c.points;
      }
      for (std::size_t i = 0; i < own.size(); ++i) {
        moved = std::max(moved, std::abs(sum[i] / weight[i] - own[i]));
        own[i] = sum[i] / weight[i];
      }
    };
    fit(a, &TwoWayCell::a, b, &TwoWayCell::b);
    fit(b, &TwoWayCell::b, a, &TwoWayCell::a);
    if (moved <= still) break;
  }
  double sum = 0;
  for (const TwoWayCell& c : cells_) {
    sum += c.points * std::pow(c.mean - mean_ - a[c.a] - b[c.b], 2);
  }
  return sum;
}

double TwoWay::share() const {
  if (!(all_ > 0)) return kNone;
  const std::size_t additive = a_levels_ + b_levels_ - components();
  if (cells_.size() <= additive) return kNone;
  const double beyond = beyond_additive();
  if (balanced_) return beyond / all_;
  const double spare = points_ - static_cast<double>(cells_.size());
  if (spare <= 0) return kNone;
  const double chance = static_cast<double>(cells_.size() - additive) * within_ / spare;
  return std::max(0.0, beyond - chance) / all_;
}

}  // namespace

double interaction(const std::vector<std::string>& a, const std::vector<std::string>& b,
                   const std::vector<double>& metric) {
  sim::ensure(a.size() == metric.size() && b.size() == metric.size(),
              "sweep: two levels for each value");
  return TwoWay(a, b, metric).share();
}

double less_chance(double share, std::size_t points, std::size_t levels) {
  if (points <= levels) return kNone;
  const double n = static_cast<double>(points), k = static_cast<double>(levels);
  return std::max(0.0, 1 - (1 - share) * (n - 1) / (n - k));
}

}  // namespace vctoe::sweep
