// The trace bus: every block says what it does, once, in one small record; monitors, writers and
// checkers subscribe from outside. A model never asks whether somebody listens.
#pragma once

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "models/sim/kernel.h"
#include "models/sim/trace_kinds.h"
#include "models/sim/units.h"

namespace vctoe::sim {

struct TraceEvent {
  Time at;
  TraceKind kind{};
  std::uint8_t node = 0;   ///< which host (0 sender, 1 receiver in the two-host system)
  std::uint16_t asid = 0;  ///< address space, where there is one
  std::uint32_t connection = 0;
  TxnId txn = 0;
  std::uint64_t address = 0;
  std::uint64_t length = 0;
  std::uint32_t seq = 0;
  std::uint32_t detail = 0;
};

/// Set of kinds that a subscriber wants.
using TraceMask = std::uint64_t;
constexpr TraceMask mask_of(TraceKind kind) {
  return TraceMask{1} << static_cast<unsigned>(kind);
}
template <class... Kinds>
constexpr TraceMask mask_of(TraceKind first, Kinds... rest) {
  return mask_of(first) | mask_of(rest...);
}
/// All that tell something by themselves.
constexpr TraceMask kAllKinds = (mask_of(TraceKind::kCount) - 1) & ~mask_of(TraceKind::kState);

class TraceBus {
 public:
  using Subscriber = std::function<void(const TraceEvent&)>;

  /// Subscribers are called in the order of their subscription.
  void subscribe(TraceMask kinds, Subscriber subscriber) {
    wanted_ |= kinds;
    subscribers_.push_back({kinds, std::move(subscriber)});
  }
  /// Whether anybody listens: saves filling in a record for nothing.
  bool wanted(TraceKind kind) const { return (wanted_ & mask_of(kind)) != 0; }
  /// Stamps the event with the present time and hands it round.
  void emit(TraceEvent event) const {
    const TraceMask bit = mask_of(event.kind);
    if ((wanted_ & bit) == 0) return;
    event.at = now();
    for (const auto& s : subscribers_) {
      if ((s.kinds & bit) != 0) s.call(event);
    }
  }

  /// A block says that its state has changed.
  void changed(std::uint8_t node, Watched what) const {
    if (wanted(TraceKind::kState)) {
      emit({{}, TraceKind::kState, node, 0, 0, 0, 0, 0, 0, static_cast<std::uint32_t>(what)});
    }
  }

 private:
  struct Entry {
    TraceMask kinds;
    Subscriber call;
  };
  std::vector<Entry> subscribers_;
  TraceMask wanted_ = 0;
};

/// What every block is given: the bus, the seed, and the source of transaction ids. One per run.
struct Context {
  std::uint64_t seed = 1;
  TraceBus trace;
  TxnId next_txn() { return ++last_txn; }
  TxnId last_txn = 0;
};

}  // namespace vctoe::sim
