#include "models/sim/stats.h"

#include <algorithm>
#include <cmath>

namespace vctoe::sim {

namespace {
/// Bucket 0 holds zero, bucket k holds [2^(k-1), 2^k).
std::size_t bucket_of(std::uint64_t value) {
  return value == 0 ? 0 : 64 - static_cast<std::size_t>(__builtin_clzll(value));
}
}  // namespace

void Histogram::record(std::uint64_t value) {
  ++buckets_[bucket_of(value)];
  ++count_;
  sum_ += static_cast<double>(value);
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

std::uint64_t Histogram::quantile(double q) const {
  if (count_ == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t b = 0; b < buckets_.size(); ++b) {
    seen += buckets_[b];
    if (seen < std::max<std::uint64_t>(rank, 1)) continue;
    const std::uint64_t upper = b == 0    ? 0
                                : b == 64 ? ~std::uint64_t{0}
                                          : (std::uint64_t{1} << b) - 1;
    return std::min(upper, max_);
  }
  return max_;
}

}  // namespace vctoe::sim
