// The pins of the RTL walker by name, and what the bench needs of whoever is behind them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "models/nic/walker_beats.h"

namespace vctoe::cosim {

using nic::CancelBeat;
using nic::CompletionBeat;
using nic::FetchBeat;
using nic::FillBeat;
using nic::InvalidateBeat;
using nic::OutBeat;
using nic::WalkBeat;
using nic::WalkerConfig;

/// A stream's side that the bench drives: a beat passes in a cycle with valid and ready.
template <class Beat>
struct Offer {
  bool valid = false;
  Beat beat;
};

struct Inputs {
  bool reset_n = false;
  WalkerConfig config;
  Offer<WalkBeat> walk;
  Offer<FillBeat> fill;
  Offer<InvalidateBeat> invalidate;
  Offer<CancelBeat> cancel;
  Offer<CompletionBeat> completion;
  bool fetch_ready = false;
  bool out_ready = false;
  std::uint32_t perf_index = 0;

  bool any_valid() const {
    return walk.valid || fill.valid || invalidate.valid || cancel.valid || completion.valid;
  }
};

struct Outputs {
  bool walk_ready = false, fill_ready = false, invalidate_ready = false, cancel_ready = false;
  bool completion_ready = false;
  Offer<FetchBeat> fetch;
  Offer<OutBeat> out;
  std::uint32_t busy = 0, queue = 0, perf_value = 0;
  bool quiet = false;
};

/// Numbers of perf_index.
enum Perf : std::uint32_t {
  kPerfWalks,
  kPerfBlocks,
  kPerfCancelled,
  kPerfFetched,
  kPerfPrefetched,
  kPerfFetchErrors,
  kPerfHits,
  kPerfMisses,
  kPerfEvictions,
  kPerfTranslationHits,
  kPerfTranslationEvictions,
  kPerfNodes,
  kPerfFaults,
  kPerfCount
};

/// The elaboration parameters that a model was made with.
struct Limits {
  const char* name;
  std::uint32_t engines, walks, queue, tags, pages, sets, cursors, anchors, connections;
};
enum class Set : unsigned { kSmall, kStandard, kLarge, kPair };
/// The parameter sets of rtl/parameters.sh.
constexpr Limits kLimits[] = {
    {"small", 1, 2, 2, 3, 2, 1, 2, 1, 8},
    {"standard", 4, 20, 16, 32, 16, 16, 64, 8, 1024},
    {"large", 8, 64, 64, 128, 64, 64, 1024, 16, 4096},
    {"pair", 2, 3, 3, 5, 3, 2, 4, 2, 8},
};
constexpr const Limits& limits(Set set) {
  return kLimits[static_cast<unsigned>(set)];
}

/// A walker behind its pins. A cycle is settle(), which gives the outputs that belong to the inputs
/// before the rising edge of the clock, and edge().
class Dut {
 public:
  virtual ~Dut() = default;
  virtual void settle(const Inputs& in, Outputs& out) = 0;
  virtual void edge() = 0;
  /// From the next settle() on the pins and what is behind them go to a VCD file.
  virtual void start_wave(const std::string& /*path*/) {}
  virtual void stop_wave() {}
  /// An assertion inside of it has failed.
  virtual bool assertion_failed() const { return false; }
  /// Bits that its performance counters have; perf_value is modulo that.
  virtual unsigned counter_bits() const { return 32; }
  /// Lines of this run, and bits that have changed in this or earlier runs, if it looks at them.
  virtual void write_coverage(const std::string& /*lines*/, const std::string& /*toggles*/) {}
};

/// A fresh one, its registers at random values of `seed` before reset.
using DutFactory = std::unique_ptr<Dut> (*)(Set set, std::uint64_t seed);

}  // namespace vctoe::cosim
