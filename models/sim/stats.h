// How a block declares what it counts: a nested struct whose members are the statistics, each with
// a unit and a sentence. Zero is a value; "not measured" is printed as null.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "models/sim/error.h"
#include "models/sim/params.h"
#include "models/sim/stall_account.h"
#include "models/sim/units.h"

namespace vctoe::sim {

/// A level over time (bytes pinned, cells used): its integral, its peak and its present value.
class Level {
 public:
  void set(std::uint64_t value, Time at) {
    settle(at);
    value_ = value;
    if (value > peak_) peak_ = value;
  }
  void add(std::uint64_t n, Time at) { set(value_ + n, at); }
  void sub(std::uint64_t n, Time at) {
    ensure(n <= value_, "statistics: a level would fall below zero");
    set(value_ - n, at);
  }
  std::uint64_t value() const { return value_; }
  std::uint64_t peak() const { return peak_; }
  /// Integral of the level from the start to `at`, in units x seconds.
  double integral(Time at) const {
    return (sum_ + static_cast<double>(value_) * static_cast<double>((at - since_).ps)) * 1e-12;
  }
  /// Brings the integral up to `at`; call before the statistics are printed.
  void settle(Time at) {
    sum_ += static_cast<double>(value_) * static_cast<double>((at - since_).ps);
    since_ = at;
  }
  double settled() const { return sum_ * 1e-12; }

 private:
  std::uint64_t value_ = 0;
  std::uint64_t peak_ = 0;
  double sum_ = 0;  ///< units x picoseconds
  Time since_;
};

/// Times or sizes in buckets of powers of two, with exact count, sum, least and greatest.
class Histogram {
 public:
  void record(std::uint64_t value);
  std::uint64_t count() const { return count_; }
  std::uint64_t min() const { return count_ == 0 ? 0 : min_; }
  std::uint64_t max() const { return max_; }
  double mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  double sum() const { return sum_; }
  /// Upper end of the bucket in which the q-quantile lies.
  std::uint64_t quantile(double q) const;

 private:
  std::array<std::uint64_t, 65> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t min_ = ~std::uint64_t{0};
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

/// What a statistic can be.
using StatRef =
    std::variant<const std::uint64_t*, const double*, const Time*, const Level*, const Histogram*>;

struct StatField {
  std::string path;  ///< dotted, as the parameters: "tx.nic.dma.reads"
  StatRef ref;
  std::string unit;      ///< "1", "B", "s", "B.s", ...; of a Level: of its value
  std::string sentence;  ///< what it counts
};

/// Collects statistics; the structs stay with their blocks.
class StatList {
 public:
  template <class T>
  void add(std::string_view name, const T& field, std::string_view unit,
           std::string_view sentence) {
    fields_.push_back(
        {prefix_ + std::string(name), &field, std::string(unit), std::string(sentence)});
  }
  template <class Reason>
  void add_stalls(std::string_view name, const StallAccount<Reason>& account) {
    for (std::size_t i = 0; i < account.kCount; ++i) {
      fields_.push_back(
          {prefix_ + std::string(name) + "." + std::string(EnumNames<Reason>::kNames[i]),
           &account.all()[i], "s", "time spent so"});
    }
  }
  /// `Stats` has `void declare(StatList&) const`.
  template <class Stats>
  void group(std::string_view name, const Stats& stats) {
    nested(name, [&] { stats.declare(*this); });
  }
  /// Puts "name." before the paths that `declare` adds.
  template <class Declare>
  void nested(std::string_view name, Declare declare) {
    const std::string outer = prefix_;
    prefix_ += std::string(name) + ".";
    declare();
    prefix_ = outer;
  }

  const std::vector<StatField>& fields() const { return fields_; }

 private:
  std::string prefix_;
  std::vector<StatField> fields_;
};

}  // namespace vctoe::sim
