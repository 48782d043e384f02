// Hands lists to the NIC and takes them back. The figures differ in three settings (PostScheme):
// whether everything is gathered and pinned first, when that pin ends, and whether the list of
// virtual contexts goes along.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sw/driver/context_list.h"
#include "sw/driver/context_pool.h"
#include "sw/driver/driver_connection.h"
#include "sw/driver/driver_rings.h"
#include "sw/driver/lazy_unpins.h"
#include "sw/driver/stall_board.h"

namespace vctoe::driver {

/// Outcome of a post. With any status but kOk nothing was posted.
struct PostResult {
  kernel::PinStatus status = kernel::PinStatus::kOk;  ///< kTooLarge: split it; kShutDown: not open
  sim::TxnId txn = 0;                                 ///< comes back in the completions
};

class PostEngine {
 public:
  struct Stats {
    std::uint64_t posts = 0;
    std::uint64_t bytes = 0;
    std::uint64_t contexts = 0;
    std::uint64_t too_large = 0;
    std::uint64_t budget_waits = 0;
    sim::Level budget;
    void declare(sim::StatList& list) const;
  };

  PostEngine(sim::Context& context, std::uint8_t node, HostPort& port,
             kernel::MemoryService& memory, const DriverParams& params, ContextPools& pools,
             OutstandingTable& outstanding, StallBoard& board, Gatherer& copies, LazyUnpins& lazy);

  /// Posts the ranges as one list, after what was posted before. Blocking; of several calls for one
  /// connection the first comes first.
  PostResult post(DriverConnection& c, ConnectionId id, const std::vector<VirtualRange>& ranges);
  /// The NIC has pinned the pages of a post itself.
  void pinned_by_nic(DriverConnection& c, sim::TxnId txn);
  /// Completions kStreamRetrieved, kStreamSent and kStreamAcked. Blocking: unpins.
  void stream_retrieved(DriverConnection& c, sim::TxnId txn);
  void stream_sent(DriverConnection& c, sim::TxnId txn);
  void stream_acked(DriverConnection& c, sim::TxnId txn);
  /// Nothing more will be posted.
  void close(DriverConnection& c);
  /// The connection is gone: everything posted comes back.
  void abandon(DriverConnection& c);

  ProducerRing<nic::SubmitEntry>& submissions() { return submissions_; }
  ScatterArea& lists() { return lists_; }
  /// Charges a submit entry, then hands it to the NIC.
  void submit(const nic::SubmitEntry& entry);
  /// Bytes of receive buffers that are pinned: posts get a share of what is left.
  void book_receive(std::int64_t bytes) { receive_bytes_ += bytes; }
  std::uint64_t receive_bytes() const { return static_cast<std::uint64_t>(receive_bytes_); }

  const Stats& stats() const { return stats_; }
  void settle(sim::Time at) { stats_.budget.settle(at); }

 private:
  kernel::PinStatus prepare(DriverConnection& c, PostRecord& record, nic::SubmitEntry& entry);
  void trace(sim::TraceKind kind, const PostRecord& record, const nic::SubmitEntry& entry,
             sim::PostWait wait = sim::PostWait::kNothing);
  void guard(PostRecord& record);
  kernel::PinStatus add_contexts(PostRecord& record, std::uint32_t first_sequence,
                                 nic::SubmitEntry& entry);
  std::uint32_t number(const PostRecord& record, std::uint32_t first_sequence,
                       nic::SubmitEntry& entry);
  kernel::PinStatus add_bytes(DriverConnection& c, PostRecord& record, nic::SubmitEntry& entry);
  kernel::PinStatus add_pinned(PostRecord& record, std::vector<kernel::SgEntry>& list);
  kernel::PinStatus add_copy(PostRecord& record, std::vector<kernel::SgEntry>& list);
  kernel::PinStatus add_to_ring(DriverConnection& c, PostRecord& record,
                                std::vector<kernel::SgEntry>& list);
  bool make_ring(CopyRing& ring, const PostRecord& record);
  bool take_budget(const PostRecord& record, std::uint64_t bytes);
  std::uint64_t budget() const;
  void unpin(DriverConnection& c, sim::TxnId txn);
  void unpin(PostRecord& record);
  void undo(PostRecord& record);

  sim::Context& context_;
  std::uint8_t node_;
  HostPort& port_;
  kernel::MemoryService& memory_;
  const DriverParams& params_;
  ContextPools& pools_;
  OutstandingTable& outstanding_;
  StallBoard& board_;
  Gatherer& copies_;
  LazyUnpins& lazy_;
  ProducerRing<nic::SubmitEntry> submissions_;
  ScatterArea lists_;
  sim::Rng rng_;
  Lock budget_turn_;
  sc_core::sc_event budget_freed_;
  sc_core::sc_event ring_freed_;
  std::int64_t receive_bytes_ = 0;
  Stats stats_;
  std::map<kernel::Asid, std::uint32_t> numbers_;  ///< of the next byte posted (numbering = stream)
};

}  // namespace vctoe::driver
