// Flow control of one class of TLPs in one direction, as the sender sees it.
#pragma once

#include <cstdint>

#include "models/pcie/pool.h"
#include "models/pcie/split.h"
#include "models/sim/units.h"

namespace vctoe::pcie {

/// Header and data credits; a limit of 0 is infinite. A credit that is taken says at once when it
/// will be back, so nothing has to happen then.
class Credits {
 public:
  enum class Lack : std::uint8_t { kNothing, kHeader, kData };
  static constexpr std::uint32_t kUnit = 16;  ///< bytes of a data credit

  Credits(std::uint64_t headers, std::uint64_t data)
      : headers_limited_(headers != 0), data_limited_(data != 0), headers_(headers), data_(data) {}

  bool infinite() const { return !headers_limited_ && !data_limited_; }
  /// Takes back what has returned by `at`.
  void reclaim(sim::Time at) {
    while (!returns_.empty() && returns_.front().at <= at) {
      headers_ += returns_.front().headers;
      data_ += returns_.front().data;
      returns_.pop();
    }
  }
  /// What TLP number `i` of the cut lacks.
  Lack lack(const Cut& cut, std::uint32_t i) const {
    if (headers_limited_ && headers_ == 0) return Lack::kHeader;
    return data_limited_ && data_ < units(cut, i) ? Lack::kData : Lack::kNothing;
  }
  /// How many TLPs from number `i` on there is credit for, at most `n`; takes it until `back`.
  std::uint32_t take(const Cut& cut, std::uint32_t i, std::uint32_t n) {
    if (take_at_once(cut, i, n)) return n;
    std::uint32_t taken = 0;
    for (; taken < n && lack(cut, i + taken) == Lack::kNothing; ++taken) {
      const std::uint32_t data = units(cut, i + taken);
      if (headers_limited_) --headers_;
      if (data_limited_) data_ -= data;
      owed_.headers += headers_limited_ ? 1 : 0;
      owed_.data += data_limited_ ? data : 0;
    }
    return taken;
  }
  /// Says when the credits taken since the last call come back; a receiver drains in order.
  void give_back(sim::Time at) {
    if (owed_.headers == 0 && owed_.data == 0) return;
    owed_.at = returns_.empty() ? at : max(at, returns_.back().at);
    returns_.push(owed_);
    owed_ = {};
  }
  /// Time of the next return, never() when all credits are here.
  sim::Time next_return() const {
    return returns_.empty() ? sim::Time::never() : returns_.front().at;
  }

 private:
  struct Return {
    sim::Time at;
    std::uint64_t headers = 0;
    std::uint64_t data = 0;
  };
  /// The usual case: there is enough for all of them. Between the first and the last they are
  /// alike.
  bool take_at_once(const Cut& cut, std::uint32_t i, std::uint32_t n) {
    if (cut.step % kUnit != 0) return false;
    std::uint64_t data = units(cut, i);
    if (n > 1) data += std::uint64_t{n - 2} * (cut.step / kUnit) + units(cut, i + n - 1);
    if ((headers_limited_ && headers_ < n) || (data_limited_ && data_ < data)) return false;
    if (headers_limited_) {
      headers_ -= n;
      owed_.headers += n;
    }
    if (data_limited_) {
      data_ -= data;
      owed_.data += data;
    }
    return true;
  }
  static std::uint32_t units(const Cut& cut, std::uint32_t i) {
    return (cut.end_of(i + 1) - cut.end_of(i) + kUnit - 1) / kUnit;
  }

  bool headers_limited_;
  bool data_limited_;
  std::uint64_t headers_;
  std::uint64_t data_;
  Return owed_;
  Fifo<Return> returns_;
};

}  // namespace vctoe::pcie
