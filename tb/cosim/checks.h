// What is wrong is thrown as a Failure; and the ready/valid rule, for any stream.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "models/nic/walker_recording.h"
#include "tb/cosim/pins.h"

namespace vctoe::cosim {

/// The walker, or its neighbours, did what they must not.
struct Failure : std::runtime_error {
  explicit Failure(const std::string& what, std::string expected = "", std::string got = "")
      : std::runtime_error(what), expected(std::move(expected)), got(std::move(got)) {}
  std::string expected, got;
};

inline void require(bool ok, const char* what) {
  if (!ok) throw Failure(what);
}

/// A beat that is offered and not taken stays as it is; nothing is offered in reset. That valid
/// does not wait for ready shows where ready comes only after valid (Pattern::kLazy): nothing
/// passes.
template <class Beat>
class StreamCheck {
 public:
  explicit StreamCheck(const char* port) : port_(port) {}

  /// A cycle, as it is before the clock's rising edge.
  void step(bool reset_n, const Offer<Beat>& offer, bool ready) {
    if (!reset_n) {
      if (offer.valid) throw Failure(fmt::format("{}: valid in reset", port_));
      stalled_ = false;
      return;
    }
    if (stalled_ && !offer.valid) {
      throw Failure(fmt::format("{}: a beat was taken back", port_), nic::text_of(held_),
                    "nothing");
    }
    if (stalled_ && !same_beat(offer.beat, held_)) {
      throw Failure(fmt::format("{}: a beat changed while it waited", port_), nic::text_of(held_),
                    nic::text_of(offer.beat));
    }
    stalled_ = offer.valid && !ready;
    if (stalled_) held_ = offer.beat;
  }

 private:
  const char* port_;
  bool stalled_ = false;
  Beat held_;
};

}  // namespace vctoe::cosim
