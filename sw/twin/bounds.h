// What no run can beat: line rate with framing, PCIe, tags over latency, window over round trip,
// the swap device, propagation, and what must be pinned. A figure beyond one of these is a bug.
#pragma once

#include <string>
#include <vector>

#include "sw/scenario/outputs.h"
#include "sw/scenario/params.h"
#include "sw/scenario/schemes.h"

namespace vctoe::twin {

struct Bound {
  std::string metric;  ///< goodput, completion or pinned_integral
  std::string unit;
  bool at_most = true;
  double value = 0;
  std::string what;  ///< a few words: whose bound it is
};

/// Of a run whose bytes all arrived, with the scheme laid over the parameters. `run` gives the
/// sizes: bytes of all streams, lists, simulated time.
std::vector<Bound> physical_bounds(const scenario::ScenarioParams& params,
                                   const scenario::Scheme& scheme, const outputs::RunSummary& run);

/// The first of the run's figures that beats a bound, as a sentence with both numbers; else empty.
/// A millionth is allowed for the rounding of picoseconds.
std::string beaten(const outputs::RunSummary& run, const std::vector<Bound>& bounds);

}  // namespace vctoe::twin
