// What the two walkers of a lockstep have seen and said lately, for the report of a difference.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/nic/walker.h"
#include "models/sim/stats.h"

namespace vctoe::nic {

/// One input or output of a walker. Two outputs are the same when all but `at` is.
struct LockstepEvent {
  enum class What : std::uint8_t {
    kBlock,
    kDone,
    kFault,
    kNode,
    kRelease,
    kWalk,
    kFill,
    kFillFailed,
    kInvalidate,
    kCancel,
    kFetch,
    kCompletion
  };
  What what{};
  sim::Time at;
  sim::TxnId txn = 0;
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  std::uint64_t address = 0;
  std::uint32_t length = 0;
  std::uint32_t sequence = 0;
  std::uint8_t why = 0;
  bool last = false;
  Fault code = Fault::kNone;

  bool same_as(const LockstepEvent& o) const;
  /// Without the time.
  std::string text() const;

  static LockstepEvent of(const BlockRequest& request);
  static LockstepEvent of(const WalkFault& fault);
  static LockstepEvent of(const WalkRequest& request);
  static LockstepEvent of_page(What what, std::uint16_t asid, std::uint64_t page);
};

/// The last ten.
class LockstepHistory {
 public:
  static constexpr std::size_t kKept = 10;
  void add(const LockstepEvent& event) { ring_[count_++ % kKept] = event; }
  /// One line each, the oldest first, with times.
  std::string text() const;

 private:
  std::array<LockstepEvent, kKept> ring_;
  std::size_t count_ = 0;
};

/// How much later the RTL is than the model, in ps; of one kind of output.
struct LockstepDelta {
  std::uint64_t count = 0;
  double mean = 0, min = 0, max = 0;
  sim::Histogram later;    ///< the RTL, by so much, or at the same time
  sim::Histogram earlier;  ///< the RTL, by so much
  void record(sim::Time rtl, sim::Time tlm);
  void declare(sim::StatList& list) const;
};

}  // namespace vctoe::nic
