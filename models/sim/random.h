// Named random streams: every block draws from its own, so that adding a draw in one block does not
// move another's.
#pragma once

#include <cstdint>
#include <random>
#include <string_view>

namespace vctoe::sim {

/// Deterministic for (seed, name) on every platform: the engine is fixed by the C++ standard and
/// the conversions are ours (the standard's distributions are not portable).
class Rng {
  __extension__ using Wide = unsigned __int128;

 public:
  Rng(std::uint64_t seed, std::string_view name);

  std::uint64_t next() { return engine_(); }
  /// Uniform in [0, 1).
  double uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  /// Uniform in [0, n); n > 0. The bias is below n / 2^64.
  std::uint64_t below(std::uint64_t n) {
    return static_cast<std::uint64_t>((static_cast<Wide>(engine_()) * n) >> 64);
  }
  bool chance(double p) { return p > 0 && uniform() < p; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace vctoe::sim
