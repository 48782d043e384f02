// Everything that one transaction went through, told from the event trace of a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sw/scenario/trace_file.h"

namespace vctoe::outputs {

/// A transaction by its number (a post, a walk, a request for a block or for a page of records), or
/// the segment that carries a sequence number.
struct ExplainWhat {
  sim::TxnId txn = 0;
  std::optional<std::uint32_t> sequence;    ///< instead of txn
  std::optional<std::uint32_t> connection;  ///< with `sequence`: of the sending host
};

/// The story as text: steps with their times and what was waited for in between, the segments, and
/// what of it had to be sent again. Throws sim::Error(kUser) when the trace knows no such
/// transaction or segment.
std::string explain(const TraceFile& trace, const ExplainWhat& what);

}  // namespace vctoe::outputs
