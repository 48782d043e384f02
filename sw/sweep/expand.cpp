#include "sw/sweep/expand.h"

#include <algorithm>
#include <limits>

#include "models/sim/error.h"

namespace vctoe::sweep {

namespace {

using Base = std::function<std::string(const std::string&)>;

class Expansion {
 public:
  Expansion(const Study& study, const Design& design, const Base& base,
            const std::function<void(const Settings&)>& each)
      : study_(study), design_(design), base_(base), each_(each), settings_(study.settings) {}

  void from(std::size_t axis);

 private:
  std::string text(const std::string& path) const;
  bool holds(const Condition& condition) const;

  const Study& study_;
  const Design& design_;
  const Base& base_;
  const std::function<void(const Settings&)>& each_;
  Settings settings_;
};

std::string Expansion::text(const std::string& path) const {
  for (auto it = settings_.rbegin(); it != settings_.rend(); ++it) {
    if (it->first == path) return it->second;
  }
  return base_(path);
}

bool Expansion::holds(const Condition& condition) const {
  const sim::ParamField* field = design_.find(condition.path);
  sim::ensure(field != nullptr && !condition.texts.empty(), "sweep: a condition about nothing");
  const std::string have = text(condition.path);
  const auto equals = [&](const std::string& wanted) {
    // "1000 us" and "1 ms" are the same.
    return is_number(*field) ? design_.number(*field, have) == design_.number(*field, wanted)
                             : have == wanted;
  };
  const auto number = [&](const std::string& t) { return design_.number(*field, t); };
  const std::string& wanted = condition.texts.front();
  switch (condition.comparison) {
    case Comparison::kAbove:
      return number(have) > number(wanted);
    case Comparison::kBelow:
      return number(have) < number(wanted);
    case Comparison::kAtLeast:
      return number(have) >= number(wanted);
    case Comparison::kAtMost:
      return number(have) <= number(wanted);
    case Comparison::kIs:
      return equals(wanted);
    case Comparison::kIsNot:
      return !equals(wanted);
    case Comparison::kOneOf:
      return std::any_of(condition.texts.begin(), condition.texts.end(), equals);
  }
  return false;
}

void Expansion::from(std::size_t i) {
  if (i == study_.axes.size()) return each_(settings_);
  const Axis& axis = study_.axes[i];
  if (axis.when && !holds(*axis.when)) return from(i + 1);
  const std::size_t before = settings_.size();
  for (const auto& entry : axis.entries) {
    for (std::size_t k = 0; k < axis.paths.size(); ++k) {
      settings_.emplace_back(axis.paths[k], entry[k]);
    }
    from(i + 1);
    settings_.resize(before);
  }
}

}  // namespace

std::uint64_t most_points(const Study& study) {
  std::uint64_t points = study.repeats;
  for (const Axis& axis : study.axes) {
    std::uint64_t product = 0;
    if (__builtin_mul_overflow(points, axis.entries.size(), &product)) {
      return std::numeric_limits<std::uint64_t>::max();
    }
    points = product;
  }
  return points;
}

void expand(const Study& study, const Design& design, const Base& base,
            const std::function<void(const Settings&)>& each) {
  Expansion(study, design, base, each).from(0);
}

}  // namespace vctoe::sweep
