// The trace record of a frame that did not get through, the same wherever that was.
#pragma once

#include <cstdint>

#include "models/net/drop_reason.h"
#include "models/net/frame.h"
#include "models/net/headers.h"
#include "models/sim/trace.h"

namespace vctoe::net {

inline void trace_drop(const sim::TraceBus& bus, std::uint8_t node, const Frame& frame,
                       DropReason reason) {
  sim::TraceEvent event;
  event.kind = sim::TraceKind::kFrameDrop;
  event.node = node;
  event.txn = frame.txn;
  event.length = frame.size;
  event.seq = peek_tcp(frame).sequence;
  event.detail = static_cast<std::uint32_t>(reason);
  bus.emit(event);
}

}  // namespace vctoe::net
