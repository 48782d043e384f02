// What has been asked for, what must come of it, and what has come.
#pragma once

#include <deque>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "tb/cosim/checks.h"
#include "tb/cosim/memory.h"

namespace vctoe::cosim {

/// A walk that was accepted.
struct Walk {
  WalkBeat beat;
  std::uint64_t accepted = 0;  ///< cycle
  bool over = false;           ///< done, failed or cancelled
  bool cancelled = false;
  std::vector<OutBeat> expected;
  std::size_t seen = 0;  ///< of `expected`
  std::vector<std::uint64_t> visited;
  std::unordered_set<std::uint64_t> needs;  ///< the same: records that it may fetch
  std::unordered_set<std::uint64_t> ahead;  ///< records that may be prefetched on its behalf
  std::unordered_set<std::uint64_t> fetched, prefetched;  ///< records, while it was in progress
  std::uint32_t must = kNoFault;  ///< the fault that an error on its way to it makes certain
  std::uint64_t must_address = 0;

  std::uint64_t blocks() const { return seen; }
};

class Scoreboard {
 public:
  Scoreboard(const WalkerConfig& config, const HostMemory& memory,
             const std::set<PageName>& bad_pages)
      : config_(config), memory_(memory), bad_pages_(bad_pages) {}

  void accepted(const WalkBeat& beat, std::uint64_t cycle);
  /// A block, fault or done. Returns the walk. `leaving`: the connection whose cancel is in
  /// progress, or null; its walks may have ended already.
  Walk& output(const OutBeat& beat, const std::uint32_t* leaving = nullptr);
  /// Checks on whose behalf a fetch of `record` is. `pending`: offered before the last cancel.
  Walk& fetch(const FetchBeat& beat, std::uint64_t record, bool pending);
  /// A page is asked for by a connection.
  void node(const PageName& page, std::uint32_t connection) const;
  bool was_cancelled(std::uint32_t connection) const { return left_.count(connection) != 0; }
  void cancel(std::uint32_t connection);
  /// The connection's lists in memory are replaced: what was promised about prefetches is void.
  void moved(std::uint32_t connection);
  void reset();

  /// By chance, and not for ever, the host failed to identify a page or a read failed.
  void excuse(std::uint32_t code, std::uint32_t asid, std::uint64_t address, std::uint64_t cycle);

  std::size_t open() const { return global_.size(); }
  const std::deque<std::uint32_t>* open(std::uint32_t connection) const;
  Walk* find(std::uint32_t txn);
  const Walk* find(std::uint32_t txn) const { return &walks_.at(txn); }
  std::uint64_t cancelled() const { return cancelled_; }

 private:
  struct Excuse {
    std::uint32_t code, asid;
    std::uint64_t address, cycle;
  };
  void expect(Walk& walk) const;
  void look_ahead(Walk& walk) const;
  bool excused(const Walk& walk, const OutBeat& beat) const;
  void end(Walk& walk);

  const WalkerConfig& config_;
  const HostMemory& memory_;
  const std::set<PageName>& bad_pages_;
  std::unordered_map<std::uint32_t, Walk> walks_;  ///< by transaction, those that are over too
  std::map<std::uint32_t, std::deque<std::uint32_t>> order_;  ///< open ones by connection
  std::deque<std::uint32_t> global_;
  /// Pages, by connection; `left_`: until its last cancel.
  std::map<std::uint32_t, std::set<PageName>> reachable_, left_;
  /// Records that may be read ahead, by connection: address space and address.
  std::map<std::uint32_t, std::set<std::pair<std::uint32_t, std::uint64_t>>> ahead_;
  std::set<std::uint32_t> loose_;  ///< connections that were moved()
  std::vector<Excuse> excuses_;
  std::uint64_t cancelled_ = 0;
};

}  // namespace vctoe::cosim
