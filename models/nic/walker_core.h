// The RTL walker as its wrapper sees it: pins and a clock. Verilator's headers stay behind it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/nic/walker_beats.h"
#include "models/nic/walker_params.h"
#include "models/sim/units.h"

namespace vctoe::nic {

/// The pins in one clock cycle, settled before the edge that ends it (rtl/README.md).
struct WalkerPins {
  template <class Beat>
  struct Stream {
    Beat beat;
    bool valid = false;
    bool ready = false;
    bool passes() const { return valid && ready; }
  };
  Stream<WalkBeat> walk;
  Stream<FillBeat> fill;
  Stream<InvalidateBeat> invalidate;
  Stream<CancelBeat> cancel;
  Stream<CompletionBeat> completion;
  Stream<FetchBeat> fetch;
  Stream<OutBeat> out;
  std::uint32_t busy = 0;
  std::uint32_t queue = 0;
  bool quiet = true;
  std::uint32_t perf_index = 0;
  std::uint32_t perf_value = 0;  ///< of the index one cycle before
  sim::Time from, to;            ///< the edges that the cycle begins and ends with

  bool any_input() const {
    return walk.valid || fill.valid || invalidate.valid || cancel.valid || completion.valid;
  }
};

/// Sees every cycle in which the clock runs.
class WalkerTap {
 public:
  virtual ~WalkerTap() = default;
  /// `cycle`: number of the edge that ends it, counted from time 0.
  virtual void cycle(std::uint64_t cycle, const WalkerPins& pins) = 0;
};

/// What a walker was elaborated for.
struct WalkerSet {
  const char* name;
  std::uint64_t engines, walks, queue, tags, pages, sets, cursors, anchors, connections;
};

/// The smallest set that these parameters fit into. Throws sim::Error(kUser) with the parameter and
/// its limit when there is none.
const WalkerSet& walker_set_for(const WalkerParams& params, std::uint64_t connections);
WalkerConfig walker_config(const WalkerParams& params);

/// What an engine is at, in the cycle that has begun.
struct WalkerEngine {
  std::uint32_t state = 0;  ///< rtl/vctoe_walker_engine.sv; 0: idle
  std::uint32_t txn = 0;    ///< of its walk, or of the last one
};

/// A Verilated walker. One cycle is settle() and then edge().
class WalkerCore {
 public:
  virtual ~WalkerCore() = default;
  /// Resets it; the configuration is constant from then on.
  virtual void reset(const WalkerConfig& config) = 0;
  /// The clock is low: takes the inputs from `pins` and puts what they lead to into its outputs.
  virtual void settle(WalkerPins& pins) = 0;
  /// The rising edge at `at`.
  virtual void edge(sim::Time at) = 0;
  virtual WalkerEngine engine(unsigned number) const = 0;
  /// Dumps every signal of the RTL from the next cycle on; an empty path ends the dump.
  virtual void dump(const std::string& path) = 0;
};

/// A walker of this set.
std::unique_ptr<WalkerCore> make_walker_core(const WalkerSet& set);

}  // namespace vctoe::nic
