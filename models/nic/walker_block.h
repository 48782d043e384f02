// The walker as a part of the NIC, whatever is inside (nic.walker.impl).
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <string>
#include <systemc>
#include <tlm>
#include <utility>

#include "models/nic/processing_unit.h"
#include "models/nic/walker.h"
#include "models/nic/walker_params.h"
#include "models/sim/error.h"

namespace vctoe::nic {

struct WalkerPins;

/// Counters that the driver can read (registers.h), by the numbers that they have at the pins of
/// the RTL too.
enum WalkerCounter : std::uint32_t {
  kCountWalks,
  kCountBlocks,
  kCountCancelled,
  kCountFetched,
  kCountPrefetched,
  kCountFetchErrors,
  kCountRecordHits,
  kCountRecordMisses,
  kCountRecordEvictions,
  kCountTranslationHits,
  kCountTranslationEvictions,
  kCountNodeRequests,
  kCountFaults,
  kCounters
};

class WalkerBlock : public sc_core::sc_module, public Walker {
 public:
  using Stats = WalkerStats;

  explicit WalkerBlock(const sc_core::sc_module_name& name) : sc_module(name), fetch("fetch") {
    fetch.register_nb_transport_bw(this, &WalkerBlock::fetch_response);
  }

  /// Reads of 32-byte records, to DmaEngine::fetch: BEGIN_REQ answered END_REQ at once, later
  /// BEGIN_RESP in any order, with a response status.
  tlm_utils::simple_initiator_socket<WalkerBlock> fetch;

  virtual const Stats& stats() const = 0;
  /// What this implementation has to say beyond that.
  virtual void declare_more(sim::StatList& /*list*/) const {}
  virtual void settle_stats() = 0;
  std::uint64_t counter(WalkerCounter which) const;
  /// Every cycle of every walk is one of `unit` from now on.
  virtual void set_unit(ProcessingUnit& /*unit*/) {
    sim::user_error("nic.units = single needs nic.walker.impl = tlm: RTL has a clock of its own");
  }

  /// The record that was looked at last, by whichever walk; for waves.
  struct Present {
    std::uint64_t address = 0;
    std::uint32_t sequence = 0;
    std::uint32_t connection = 0;
    sim::TxnId txn = 0;  ///< of the walk
    sim::Time at;        ///< the walk's own time, which may be ahead of now()
  };
  virtual const Present& present() const = 0;
  /// For tests and monitors: what is held on behalf of walks past and present.
  virtual std::size_t translations_in_use() const = 0;
  virtual std::size_t fetches_out() const = 0;

  /// For waves: the pins in the clock cycle that has just ended; null where there are none.
  virtual const WalkerPins* pins() const { return nullptr; }
  /// What an engine is at in the cycle that has just begun; number, state and transaction are those
  /// of WalkerEngine.
  virtual std::pair<std::uint32_t, std::uint32_t> engine(unsigned /*number*/) const { return {}; }
  /// Before the run begins: writes everything that passes at the pins into a file
  /// (walker_recording.h).
  virtual void record(const std::string& /*path*/) {
    sim::user_error("--record-walker needs nic.walker.impl = rtl or lockstep: TLM has no pins");
  }
  /// Everything recorded so far is on disk afterwards.
  virtual void close_record() {}

  /// When the run is over and all is quiet: throws what only then can be found wrong.
  virtual void check_end() {}
  /// After a failure: leaves in `directory` what helps to see it, its files beginning with
  /// `prefix`; what the user has to be told of them, or nothing.
  virtual std::string leave_evidence(const std::string& /*directory*/,
                                     const std::string& /*prefix*/) {
    return {};
  }

 protected:
  virtual tlm::tlm_sync_enum fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                            sc_core::sc_time& delay) = 0;
};

}  // namespace vctoe::nic
