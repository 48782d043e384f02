// The bench's side of the walker's streams.
#pragma once

#include <deque>

#include "tb/cosim/checks.h"
#include "tb/cosim/hash.h"
#include "tb/cosim/scenario.h"

namespace vctoe::cosim {

/// What a pattern does in a cycle. `waits`: the other side has offered something for so many cycles
/// (only streams that the bench takes from).
inline bool moves(Pattern pattern, std::uint64_t seed, std::uint64_t cycle, unsigned waits) {
  switch (pattern) {
    case Pattern::kAlways:
      return true;
    case Pattern::kRandom:
      return (mix(seed, cycle) & 1) != 0;
    case Pattern::kBursts:
      return mix(seed, cycle / 24) % 3 != 0;
    case Pattern::kLazy:
      return waits >= 1 + mix(seed, cycle) % 2;
    default:
      return mix(seed, cycle) % 24 == 0;
  }
}

/// A stream that the bench offers beats on, in the order in which they were given.
template <class Beat>
class Source {
 public:
  Source(const char* port, Pattern pattern, std::uint64_t seed)
      : pattern_(pattern == Pattern::kLazy ? Pattern::kRandom : pattern),
        seed_(mix(seed, static_cast<std::uint64_t>(port[0]), static_cast<std::uint64_t>(port[1]))),
        check_(port) {}

  void push(const Beat& beat) { waiting_.push_back(beat); }
  /// Offers the next beat if it is time and `may` agrees with it.
  template <class May>
  void drive(std::uint64_t cycle, Offer<Beat>& pins, May&& may) {
    if (!offering_ && !waiting_.empty() && moves(pattern_, seed_, cycle, 0) &&
        may(waiting_.front())) {
      offering_ = true;
    }
    pins.valid = offering_;
    if (offering_) pins.beat = waiting_.front();
  }
  /// The beat passes.
  void pop() {
    waiting_.pop_front();
    offering_ = false;
  }
  void clear() {
    waiting_.clear();
    offering_ = false;
  }
  bool empty() const { return waiting_.empty(); }
  bool offering() const { return offering_; }
  const std::deque<Beat>& waiting() const { return waiting_; }
  StreamCheck<Beat>& check() { return check_; }

 private:
  Pattern pattern_;
  std::uint64_t seed_;
  StreamCheck<Beat> check_;
  std::deque<Beat> waiting_;
  bool offering_ = false;
};

/// A stream that the bench takes beats from.
template <class Beat>
class Drain {
 public:
  Drain(const char* port, Pattern pattern, std::uint64_t seed)
      : pattern_(pattern), seed_(mix(seed, static_cast<std::uint64_t>(port[0]))), check_(port) {}

  bool ready(std::uint64_t cycle) const { return moves(pattern_, seed_, cycle, waits_); }
  /// At the end of a cycle.
  void step(bool reset_n, const Offer<Beat>& offer, bool ready) {
    check_.step(reset_n, offer, ready);
    waits_ = offer.valid && !ready ? waits_ + 1 : 0;
  }
  bool stalled() const { return waits_ > 0; }

 private:
  Pattern pattern_;
  std::uint64_t seed_;
  StreamCheck<Beat> check_;
  unsigned waits_ = 0;
};

}  // namespace vctoe::cosim
