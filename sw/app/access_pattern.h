// Which page a memory-pressure application touches next.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/sim/params.h"
#include "models/sim/random.h"

namespace vctoe::app {

/// kZipf: rank r with weight r^-s, ranks scattered over the pages. kScan: one page after another,
/// round and round. kHotPlusCold: Zipf over the hot pages, and now and then any of the cold ones.
enum class PatternKind : std::uint8_t { kZipf, kScan, kHotPlusCold };

struct PatternParams {
  PatternKind kind = PatternKind::kHotPlusCold;
  double zipf_exponent = 0.99;
  double cold_fraction = 0.27;
  double cold_accesses = 0.001;
  void declare(sim::ParamList& list);
};

class AccessPattern {
 public:
  virtual ~AccessPattern() = default;
  /// Index of the next page, below the number of pages.
  virtual std::uint64_t next() = 0;
  /// The page of heat rank `rank`: 0 is what stays in memory first.
  virtual std::uint64_t by_heat(std::uint64_t rank) const = 0;
};

/// `pages` > 0; the pattern draws from `rng`, which must outlive it.
std::unique_ptr<AccessPattern> make_pattern(const PatternParams& params, std::uint64_t pages,
                                            sim::Rng& rng);

/// Draws ranks 0 .. n-1 with weight 1 / (rank + 1)^s in constant time (Walker's alias method).
class ZipfRanks {
 public:
  ZipfRanks(std::uint64_t n, double s);
  std::uint64_t draw(sim::Rng& rng) const;

 private:
  std::vector<double> keep_;          // chance to stay in a column
  std::vector<std::uint32_t> other_;  // whom the rest of the column belongs to
};

}  // namespace vctoe::app

template <>
struct vctoe::sim::EnumNames<vctoe::app::PatternKind> {
  static constexpr std::string_view kNames[] = {"zipf", "scan", "hot_plus_cold"};
};
