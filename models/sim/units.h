// Quantities of the model. Time is counted in picoseconds, sizes in bytes, rates in bits per
// second; each is a type of its own so that a bare number can never stand for the wrong one. Plain
// C++: the TCP core uses this header without SystemC.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace vctoe::sim {

/// A point in simulated time, or a span of it, in picoseconds.
struct Time {
  std::uint64_t ps = 0;

  static constexpr Time zero() { return {0}; }
  /// Later than everything: "no such event".
  static constexpr Time never() { return {std::numeric_limits<std::uint64_t>::max()}; }
  static constexpr Time from_ps(std::uint64_t n) { return {n}; }
  static constexpr Time from_ns(std::uint64_t n) { return {n * 1000}; }
  static constexpr Time from_us(std::uint64_t n) { return {n * 1'000'000}; }
  static constexpr Time from_ms(std::uint64_t n) { return {n * 1'000'000'000}; }
  static constexpr Time from_s(std::uint64_t n) { return {n * 1'000'000'000'000}; }
  /// Rounds to the nearest picosecond; negative values become zero.
  static Time from_ns_f(double ns) {
    return {ns <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(ns * 1e3))};
  }

  constexpr double ns() const { return static_cast<double>(ps) / 1e3; }
  constexpr double us() const { return static_cast<double>(ps) / 1e6; }
  constexpr double seconds() const { return static_cast<double>(ps) / 1e12; }

  constexpr Time& operator+=(Time o) { return ps += o.ps, *this; }
  constexpr Time& operator-=(Time o) { return ps -= o.ps, *this; }
};

constexpr Time operator+(Time a, Time b) {
  return {a.ps + b.ps};
}
constexpr Time operator-(Time a, Time b) {
  return {a.ps - b.ps};
}
constexpr Time operator*(Time a, std::uint64_t n) {
  return {a.ps * n};
}
constexpr Time operator*(std::uint64_t n, Time a) {
  return {a.ps * n};
}
constexpr Time operator/(Time a, std::uint64_t n) {
  return {a.ps / n};
}
constexpr bool operator==(Time a, Time b) {
  return a.ps == b.ps;
}
constexpr bool operator!=(Time a, Time b) {
  return a.ps != b.ps;
}
constexpr bool operator<(Time a, Time b) {
  return a.ps < b.ps;
}
constexpr bool operator<=(Time a, Time b) {
  return a.ps <= b.ps;
}
constexpr bool operator>(Time a, Time b) {
  return a.ps > b.ps;
}
constexpr bool operator>=(Time a, Time b) {
  return a.ps >= b.ps;
}
constexpr Time max(Time a, Time b) {
  return a < b ? b : a;
}
constexpr Time min(Time a, Time b) {
  return a < b ? a : b;
}

/// A size in bytes, for parameters; arithmetic in the model uses plain std::uint64_t byte counts.
struct Bytes {
  std::uint64_t n = 0;
  static constexpr Bytes kib(std::uint64_t k) { return {k << 10}; }
  static constexpr Bytes mib(std::uint64_t m) { return {m << 20}; }
  static constexpr Bytes gib(std::uint64_t g) { return {g << 30}; }
};
constexpr bool operator==(Bytes a, Bytes b) {
  return a.n == b.n;
}

/// A rate in bits per second.
struct BitRate {
  double bps = 0;
  static constexpr BitRate gbps(double g) { return {g * 1e9}; }

  /// How long `bytes` take at this rate, rounded to the nearest picosecond.
  Time time_for(std::uint64_t bytes) const {
    const double exact = static_cast<double>(bytes) * 8e12 / bps;
    const auto whole = static_cast<std::uint64_t>(exact);
    return {whole + (exact - static_cast<double>(whole) < 0.5 ? 0u : 1u)};
  }
};
constexpr bool operator==(BitRate a, BitRate b) {
  return a.bps == b.bps;
}

/// Identifies one request (block, packet, page) through every block that it passes.
using TxnId = std::uint64_t;

}  // namespace vctoe::sim
