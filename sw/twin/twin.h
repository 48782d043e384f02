// The analytic twin of a run: what goodput, completion and pinned memory should come to, computed
// from its parameters. docs/twin.md has each formula, its source and where it holds.
#pragma once

#include <cstdint>
#include <string>

#include "sw/scenario/outputs.h"
#include "sw/scenario/params.h"
#include "sw/scenario/schemes.h"

namespace vctoe::twin {

/// What only the run can tell: where loss is random, how much of it there was.
struct Measured {
  std::uint64_t losses = 0;    ///< segments sent again, each a loss event where loss is sparse
  std::uint64_t timeouts = 0;  ///< retransmission timers that ran out
  std::uint64_t lists = 1;     ///< lists in which the stream was posted
};

/// Closed forms of a run. Not-a-number where they do not hold.
struct Forms {
  double goodput_bps = outputs::kNotMeasured;
  double completion_s = outputs::kNotMeasured;
  double pinned_byte_s = outputs::kNotMeasured;
  double bound = outputs::kNotMeasured;         ///< largest gap of goodput and completion, a share
  double pinned_bound = outputs::kNotMeasured;  ///< largest gap of pinned memory, a share
  std::string limit;    ///< what sets the steady rate: wire, pcie, tags, blocks, window, loss
  std::string invalid;  ///< why there is no form; empty when there is
};

/// `params` with the scheme laid over them (scenario::with_scheme).
Forms closed_forms(const scenario::ScenarioParams& params, const scenario::Scheme& scheme,
                   double stream_bytes, const Measured& measured);

}  // namespace vctoe::twin
