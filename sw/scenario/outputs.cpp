#include "sw/scenario/outputs.h"

#include <string_view>
#include <unordered_set>

#include "models/sim/error.h"

namespace vctoe::outputs {

namespace {

using Numbers = std::vector<std::pair<std::string, StatNumber>>;

Numbers numbers_of(const std::uint64_t& n) {
  return {{"value", n}};
}
Numbers numbers_of(const double& d) {
  return {{"value", d}};
}
Numbers numbers_of(const sim::Time& t) {
  // Divided and not multiplied by 1e-12: one rounding, so that 10 us is 1e-05 and not
  // 9.999999999999999e-06.
  return {{"value", static_cast<double>(t.ps) / 1e12}};
}
Numbers numbers_of(const sim::Level& level) {
  return {{"value", level.value()}, {"peak", level.peak()}, {"integral", level.settled()}};
}
Numbers numbers_of(const sim::Histogram& h) {
  return {{"count", h.count()},     {"mean", h.mean()},       {"min", h.min()},
          {"max", h.max()},         {"p50", h.quantile(0.5)}, {"p90", h.quantile(0.9)},
          {"p99", h.quantile(0.99)}};
}

}  // namespace

std::vector<StatSample> snapshot(const sim::StatList& list) {
  std::vector<StatSample> samples;
  samples.reserve(list.fields().size());
  std::unordered_set<std::string_view> paths;
  for (const sim::StatField& f : list.fields()) {
    if (!paths.insert(f.path).second) sim::model_error("statistics: two are called " + f.path);
    Numbers numbers = std::visit([](const auto* p) { return numbers_of(*p); }, f.ref);
    samples.push_back({f.path, f.unit, f.sentence, std::move(numbers)});
  }
  return samples;
}

}  // namespace vctoe::outputs
