#include "sw/app/access_pattern.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vctoe::app {

void PatternParams::declare(sim::ParamList& list) {
  list.add("kind", kind, "which pages are touched", "calibration 7");
  list.add("zipf_exponent", zipf_exponent, {0, 4}, "exponent of the popularity of pages",
           "YCSB's usual 0.99; assumption");
  list.add("cold_fraction", cold_fraction, {0, 0.99}, "share of the pages that is cold",
           "calibration 7: 0.2 to 0.34");
  list.add("cold_accesses", cold_accesses, {0, 1}, "share of the accesses that goes to cold pages",
           "assumption: seldom enough to be cold");
}

ZipfRanks::ZipfRanks(std::uint64_t n, double s) : keep_(n, 1), other_(n, 0) {
  std::vector<double> weight(n);
  double sum = 0;
  for (std::uint64_t r = 0; r < n; ++r) {
    weight[r] = std::pow(static_cast<double>(r + 1), -s);
    sum += weight[r];
  }
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::uint64_t r = 0; r < n; ++r) {
    weight[r] *= static_cast<double>(n) / sum;
    (weight[r] < 1 ? poor : rich).push_back(static_cast<std::uint32_t>(r));
  }
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t p = poor.back();
    const std::uint32_t r = rich.back();
    poor.pop_back();
    keep_[p] = weight[p];
    other_[p] = r;
    weight[r] -= 1 - weight[p];
    if (weight[r] < 1) {
      rich.pop_back();
      poor.push_back(r);
    }
  }
}

std::uint64_t ZipfRanks::draw(sim::Rng& rng) const {
  const std::uint64_t column = rng.below(keep_.size());
  return rng.uniform() < keep_[column] ? column : other_[column];
}

namespace {

class Scan final : public AccessPattern {
 public:
  explicit Scan(std::uint64_t pages) : pages_(pages) {}
  std::uint64_t next() override {
    const std::uint64_t page = at_;
    at_ = at_ + 1 == pages_ ? 0 : at_ + 1;
    return page;
  }
  std::uint64_t by_heat(std::uint64_t rank) const override { return rank; }

 private:
  std::uint64_t pages_;
  std::uint64_t at_ = 0;
};

/// Zipf over the first `hot` of a random order of the pages, the rest is cold; all may be hot.
class HotCold final : public AccessPattern {
 public:
  HotCold(std::uint64_t pages, std::uint64_t hot, double exponent, double cold_accesses,
          sim::Rng& rng)
      : order_(pages),
        hot_(hot),
        cold_accesses_(hot < pages ? cold_accesses : 0),
        ranks_(hot, exponent),
        rng_(rng) {
    for (std::uint64_t i = 0; i < pages; ++i) order_[i] = static_cast<std::uint32_t>(i);
    for (std::uint64_t i = pages; i > 1; --i) std::swap(order_[i - 1], order_[rng.below(i)]);
  }
  std::uint64_t next() override {
    if (rng_.chance(cold_accesses_)) return order_[hot_ + rng_.below(order_.size() - hot_)];
    return order_[ranks_.draw(rng_)];
  }
  std::uint64_t by_heat(std::uint64_t rank) const override { return order_[rank]; }

 private:
  std::vector<std::uint32_t> order_;  // pages by heat
  std::uint64_t hot_;
  double cold_accesses_;
  ZipfRanks ranks_;
  sim::Rng& rng_;
};

}  // namespace

std::unique_ptr<AccessPattern> make_pattern(const PatternParams& params, std::uint64_t pages,
                                            sim::Rng& rng) {
  if (params.kind == PatternKind::kScan) return std::make_unique<Scan>(pages);
  const double hot_share = params.kind == PatternKind::kZipf ? 1 : 1 - params.cold_fraction;
  const auto hot = static_cast<std::uint64_t>(hot_share * static_cast<double>(pages));
  return std::make_unique<HotCold>(pages, std::max<std::uint64_t>(hot, 1), params.zipf_exponent,
                                   params.cold_accesses, rng);
}

}  // namespace vctoe::app
