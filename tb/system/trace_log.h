// Everything that a run said on the trace bus, to be asked questions afterwards. Events are
// compared by their place in the log: two of the same picosecond still have an order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "models/sim/trace.h"
#include "sw/kernel/memory_service.h"
#include "tb/system/run.h"

namespace vctoe::scenario {

/// No such event.
constexpr std::size_t kNowhere = ~std::size_t{0};

class TraceLog {
 public:
  using Event = sim::TraceEvent;
  using Kind = sim::TraceKind;
  using Test = std::function<bool(const Event&)>;

  /// For run(): listens to `kinds`; the log must outlive the run.
  Observe listen(sim::TraceMask kinds = sim::kAllKinds) {
    return [this, kinds](sim::Context& context) {
      context.trace.subscribe(kinds, [this](const Event& e) { events_.push_back(e); });
    };
  }

  const Event& operator[](std::size_t i) const { return events_[i]; }
  std::size_t size() const { return events_.size(); }

  /// Places of all events of a kind on the sending host for which `test` holds.
  std::vector<std::size_t> all(Kind kind, const Test& test = {}) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      const Event& e = events_[i];
      if (e.kind == kind && e.node == 0 && (!test || test(e))) found.push_back(i);
    }
    return found;
  }
  std::size_t count(Kind kind, const Test& test = {}) const { return all(kind, test).size(); }
  std::size_t first(Kind kind, const Test& test = {}) const {
    const auto found = all(kind, test);
    return found.empty() ? kNowhere : found.front();
  }
  std::size_t last(Kind kind, const Test& test = {}) const {
    const auto found = all(kind, test);
    return found.empty() ? kNowhere : found.back();
  }

  /// Place of a request's or segment's first byte in the stream of the only connection.
  std::uint64_t offset(const Event& e) const {
    const std::size_t post = first(Kind::kPost);
    return static_cast<std::uint32_t>(e.seq - events_[post].seq);
  }

 private:
  std::vector<Event> events_;
};

inline TraceLog::Test why_is(sim::Why why) {
  return [why](const sim::TraceEvent& e) { return e.detail == static_cast<std::uint32_t>(why); };
}

inline TraceLog::Test owner_is(kernel::PinOwner owner) {
  return
      [owner](const sim::TraceEvent& e) { return e.detail == static_cast<std::uint32_t>(owner); };
}

/// Of one request: REQ, PIN, REPLY, UNPIN, fault and so on carry its transaction.
inline TraceLog::Test txn_is(sim::TxnId txn) {
  return [txn](const sim::TraceEvent& e) { return e.txn == txn; };
}

}  // namespace vctoe::scenario
