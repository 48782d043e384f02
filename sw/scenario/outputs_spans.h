// What lasts in a run, and between which events of the trace.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/sim/trace.h"

namespace vctoe::outputs {

/// In the order in which they are shown. Frames and TLPs are told by taps (timeline_taps.h).
enum class Lane : std::uint8_t {
  kApplication,
  kHost,
  kDisk,
  kWalker,
  kRequests,
  kDma,
  kPcieUp,
  kPcieDown,
  kSent,
  kReceived,
  kTcp,
  kCount
};

/// What a span is: where it lies and between which events of one host.
struct SpanKind {
  std::string_view name;
  Lane lane;
  sim::TraceKind begin;
  sim::TraceMask end;
  /// What its begin and its end have in common.
  std::uint64_t (*key)(const sim::TraceEvent& event);
  bool (*is)(const sim::TraceEvent& begin);

  bool begun_by(const sim::TraceEvent& event) const { return event.kind == begin && is(event); }
  /// Whether the event ends a span with its key, if there is one.
  bool ended_by(const sim::TraceEvent& event) const;
};

/// Every kind of span. A wait for the host lies inside its block, which stands before it.
const std::vector<SpanKind>& span_kinds();
/// One of them by its name; a model_error when there is none.
const SpanKind& span_kind(std::string_view name);

}  // namespace vctoe::outputs
