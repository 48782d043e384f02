// A segment between TCP's plan and the wire.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/connection.h"
#include "models/nic/toe/stack.h"

namespace vctoe::nic {

/// One plan on its way to the wire.
struct TxJob {
  /// Part of the job that comes from one extent.
  struct Piece {
    Extent* extent = nullptr;
    std::uint64_t bytes = 0;
  };
  toe::TxPlan plan;
  std::uint64_t generation = 0;  ///< of the connection when the plan was made
  std::vector<Piece> pieces;     ///< empty when the bytes come with the post or were retained
  std::uint64_t ask = 0;         ///< retransmission that was asked for; 0: none
  bool staged = false;           ///< `buffer` holds the bytes and is the job's own
  bool resolved = false;         ///< where the bytes come from is known
  bool kept = false;             ///< the pieces are sent blocks that must stay until they are read
  bool ready = false;
  bool failed = false;        ///< acknowledged meanwhile: the bytes are not to be had
  sim::TxnId source_txn = 0;  ///< of pieces that are forgotten
  std::uint32_t buffer = 0;
  std::uint32_t sequence = 0;  ///< in the header that was sent
  std::uint8_t flags = 0;      ///< likewise; toe::Flags

  std::uint64_t end() const { return plan.offset + plan.length; }
  /// Of the request that the first byte belongs to; 0 when nobody had to be asked.
  sim::TxnId txn() const { return pieces.empty() ? source_txn : pieces[0].extent->txn; }
  /// The pieces may go away from now on.
  void forget_pieces() {
    source_txn = txn();
    pieces.clear();
    kept = false;
  }
  void reset(const toe::TxPlan& new_plan) {
    plan = new_plan;
    pieces.clear();
    ask = 0;
    generation = 0;
    source_txn = 0;
    staged = resolved = kept = ready = failed = false;
  }
};

}  // namespace vctoe::nic
