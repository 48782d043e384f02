#include "sw/sweep/analysis.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Larger is better.
double merit(const Goal& g, std::size_t i) {
  return g.maximise ? g.values[i] : -g.values[i];
}

bool measured(const std::vector<Goal>& goals, std::size_t i) {
  return std::all_of(goals.begin(), goals.end(),
                     [i](const Goal& g) { return std::isfinite(g.values[i]); });
}

bool beats(const std::vector<Goal>& goals, std::size_t a, std::size_t b) {
  bool better = false;
  for (const Goal& g : goals) {
    if (merit(g, a) < merit(g, b)) return false;
    better = better || merit(g, a) > merit(g, b);
  }
  return better;
}

/// Student's t for 95 %, two-sided (Abramowitz and Stegun, table 26.10); from 30 degrees of freedom
/// on the expansion 26.7.5.
double student_t(std::size_t freedom) {
  static constexpr double kTable[] = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
                                      2.262,  2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
                                      2.110,  2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
                                      2.060,  2.056, 2.052, 2.048, 2.045};
  if (freedom <= std::size(kTable)) return kTable[freedom - 1];
  constexpr double kZ = 1.959964;
  return kZ + (kZ * kZ * kZ + kZ) / (4 * static_cast<double>(freedom));
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  std::size_t n = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    sum += v;
    ++n;
  }
  return n == 0 ? kNone : sum / static_cast<double>(n);
}

/// Finite values.
struct Sample {
  std::size_t n = 0;
  double mean = 0;
  double error = 0;  ///< variance of the mean; of two values or more
};
Sample sample_of(const std::vector<double>& values) {
  Sample s;
  s.mean = mean_of(values);
  double squares = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    squares += (v - s.mean) * (v - s.mean);
    ++s.n;
  }
  const auto n = static_cast<double>(s.n);
  if (s.n >= 2) s.error = squares / (n - 1) / n;
  return s;
}

}  // namespace

std::vector<std::size_t> pareto_front(const std::vector<Goal>& goals) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; !goals.empty() && i < goals.front().values.size(); ++i) {
    if (measured(goals, i)) order.push_back(i);
  }
  // Best in the first goal, then in the next: nobody is beaten by one that stands behind him.
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    for (const Goal& g : goals) {
      if (merit(g, a) != merit(g, b)) return merit(g, a) > merit(g, b);
    }
    return false;
  });
  std::vector<std::size_t> front;
  for (const std::size_t i : order) {
    const bool beaten =
        std::any_of(front.begin(), front.end(), [&](std::size_t f) { return beats(goals, f, i); });
    if (!beaten) front.push_back(i);
  }
  std::sort(front.begin(), front.end());
  return front;
}

std::size_t knee_point(const Goal& a, const Goal& b) {
  std::vector<std::size_t> front = pareto_front({a, b});
  if (front.size() < 3) return a.values.size();
  std::stable_sort(front.begin(), front.end(),
                   [&](std::size_t i, std::size_t k) { return merit(a, i) < merit(a, k); });
  const std::size_t first = front.front(), last = front.back();
  const double wide = merit(a, last) - merit(a, first), high = merit(b, first) - merit(b, last);
  std::size_t knee = a.values.size();
  double farthest = 0;
  for (const std::size_t i : front) {
    // The ends lie at (0, 1) and (1, 0); the distance from their line grows with x + y - 1.
    const double x = (merit(a, i) - merit(a, first)) / wide;
    const double y = (merit(b, i) - merit(b, last)) / high;
    if (x + y - 1 <= farthest) continue;
    farthest = x + y - 1;
    knee = i;
  }
  return knee;
}

std::vector<std::size_t> ranking(const Goal& goal, const std::vector<Bound>& bounds) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < goal.values.size(); ++i) {
    const bool keeps = std::all_of(bounds.begin(), bounds.end(), [i](const Bound& b) {
      return b.values[i] >= b.at_least && b.values[i] <= b.at_most;
    });
    if (keeps && std::isfinite(goal.values[i])) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return merit(goal, a) > merit(goal, b); });
  return order;
}

std::vector<Level> main_effect(const std::vector<std::string>& levels,
                               const std::vector<double>& metric) {
  sim::ensure(levels.size() == metric.size(), "sweep: a level for each value");
  std::vector<Level> effects;
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    if (!std::isfinite(metric[i])) continue;
    const auto [it, fresh] = known.emplace(levels[i], effects.size());
    if (fresh) effects.push_back({levels[i], 0, 0});
    Level& level = effects[it->second];
    ++level.points;
    level.mean += metric[i];
  }
  for (Level& level : effects) level.mean /= static_cast<double>(level.points);
  return effects;
}

double sensitivity(const std::vector<std::string>& levels, const std::vector<double>& metric) {
  const double mean = mean_of(metric);
  double explained = 0, all = 0;
  for (const Level& level : main_effect(levels, metric)) {
    explained += static_cast<double>(level.points) * (level.mean - mean) * (level.mean - mean);
  }
  for (const double y : metric) {
    if (std::isfinite(y)) all += (y - mean) * (y - mean);
  }
  return all > 0 ? explained / all : kNone;
}

std::vector<std::string> binned(const std::vector<double>& values, std::size_t bins) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<std::string> names(values.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const bool equal = rank > 0 && values[order[rank]] == values[order[rank - 1]];
    names[order[rank]] =
        equal ? names[order[rank - 1]] : std::to_string(rank * bins / order.size());
  }
  return names;
}

Estimate estimate(const std::vector<double>& repeats) {
  const Sample s = sample_of(repeats);
  if (s.n < 2) return {s.n, s.mean, std::numeric_limits<double>::infinity()};
  return {s.n, s.mean, student_t(s.n - 1) * std::sqrt(s.error)};
}

Estimate difference(const std::vector<double>& a, const std::vector<double>& b) {
  const Sample x = sample_of(a), y = sample_of(b);
  Estimate e{std::min(x.n, y.n), y.mean - x.mean, std::numeric_limits<double>::infinity()};
  if (e.n < 2) return e;
  const double error = x.error + y.error;
  const double freedom = error * error /
                         (x.error * x.error / static_cast<double>(x.n - 1) +
                          y.error * y.error / static_cast<double>(y.n - 1));
  e.half_width =
      error > 0 ? student_t(static_cast<std::size_t>(freedom + 1e-9)) * std::sqrt(error) : 0;
  return e;
}

}  // namespace vctoe::sweep
