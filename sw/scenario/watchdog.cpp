#include "sw/scenario/watchdog.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "models/sim/error.h"

namespace vctoe::monitors {

using sim::TraceKind;

Watchdog::Watchdog(const sc_core::sc_module_name& name, sim::Context& context, sim::Time patience)
    : sc_module(name), patience_(patience) {
  SC_HAS_PROCESS(Watchdog);
  SC_METHOD(look);
  sensitive << alarm_;
  dont_initialize();
  constexpr sim::TraceMask kMoves = sim::mask_of(
      TraceKind::kPost, TraceKind::kTxFirst, TraceKind::kTxRetransmit, TraceKind::kTxControl,
      TraceKind::kRxData, TraceKind::kPin, TraceKind::kSwapIn, TraceKind::kSwapOut,
      TraceKind::kBlockRequest, TraceKind::kReplyPushed, TraceKind::kStreamAcked,
      TraceKind::kConnState, TraceKind::kDeliver, TraceKind::kRtoExpired);
  context.trace.subscribe(kMoves, [this](const sim::TraceEvent&) { move(); });
}

void Watchdog::watch(std::string who, Pending pending, Describe describe) {
  watched_.push_back({std::move(who), std::move(pending), std::move(describe)});
}

void Watchdog::stop() {
  stopped_ = true;
  alarm_.cancel();
}

void Watchdog::move() {
  moved_ = true;
  if (set_ || stopped_) return;
  set_ = true;
  alarm_.notify(sim::to_sc(patience_));
}

bool Watchdog::pending() const {
  return std::any_of(watched_.begin(), watched_.end(),
                     [](const Watched& w) { return w.pending(); });
}

void Watchdog::look() {
  ++sim::g_activations;
  set_ = false;
  if (stopped_ || !pending()) return;
  if (!moved_) {
    sim::check_failed(fmt::format(
        "watchdog: nothing has moved for {:.3f} us and work is pending at {:.6f} us: {}",
        patience_.us(), sim::now().us(), describe()));
  }
  moved_ = false;
  set_ = true;
  alarm_.notify(sim::to_sc(patience_));
}

std::string Watchdog::describe() const {
  std::string text;
  for (const Watched& w : watched_) {
    text += (text.empty() ? "" : " | ") + w.who + (w.pending() ? " [pending] " : " [idle] ") +
            w.describe();
  }
  return text;
}

}  // namespace vctoe::monitors
