// Random numbers that hang on nothing but their names: what is left out of a stimulus does not
// change the rest of it.
#pragma once

#include <cstdint>

namespace vctoe::cosim {

/// SplitMix64 (Steele, Lea and Flood 2014).
inline std::uint64_t mix(std::uint64_t x) {
  x += 0x9e37'79b9'7f4a'7c15;
  x = (x ^ (x >> 30)) * 0xbf58'476d'1ce4'e5b9;
  x = (x ^ (x >> 27)) * 0x94d0'49bb'1331'11eb;
  return x ^ (x >> 31);
}
template <class... Rest>
std::uint64_t mix(std::uint64_t x, std::uint64_t y, Rest... rest) {
  return mix(mix(x) ^ y, rest...);
}

/// A stream of them.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(mix(seed)) {}
  std::uint64_t next() { return mix(++state_); }
  /// From 0 to n - 1; 0 when n is 0.
  std::uint64_t below(std::uint64_t n) { return n == 0 ? 0 : next() % n; }
  std::uint64_t between(std::uint64_t low, std::uint64_t high) {
    return low + below(high - low + 1);
  }
  bool chance(unsigned percent) { return below(100) < percent; }

 private:
  std::uint64_t state_;
};

}  // namespace vctoe::cosim
