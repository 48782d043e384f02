// The walks that the request engine has under way, and those that the walker has no room for yet.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "models/nic/nic_params.h"
#include "models/nic/walker.h"

namespace vctoe::nic {

/// What a walk is for.
struct Walk {
  std::uint32_t connection = 0;
  std::uint64_t next = 0;             ///< stream offset of the next block
  std::uint64_t ask = 0;              ///< for its extents
  Source source = Source::kPhysical;  ///< likewise
};

class WalkQueue {
 public:
  /// Before the first walk.
  void set_walker(Walker& walker) { walker_ = &walker; }

  /// Starts a walk; false when it has to wait for retry() because the walker's queue is full.
  bool start(const WalkRequest& request, const Walk& walk);
  /// Gives the walker what it refused, in order, as far as it takes it; when a walk has ended.
  void retry();
  /// Null for a walk that is over.
  Walk* find(sim::TxnId txn);
  /// False if it was over already.
  bool end(sim::TxnId txn) { return walks_.erase(txn) != 0; }
  /// Ends all walks of a connection; the walker tells nothing of them any more.
  void cancel(std::uint32_t connection);
  bool empty() const { return walks_.empty(); }

 private:
  Walker* walker_ = nullptr;
  std::map<sim::TxnId, Walk> walks_;  ///< in progress or refused_
  std::deque<WalkRequest> refused_;   ///< walker's queue was full
};

}  // namespace vctoe::nic
