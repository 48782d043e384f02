// Serves the NIC's requests: finds out where a block lies, or pushes its bytes, and answers. What
// driver and operating system do alike in the host's part.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sw/driver/context_pool.h"
#include "sw/driver/driver_connection.h"
#include "sw/driver/driver_rings.h"
#include "sw/driver/fair_queue.h"
#include "sw/driver/gatherer.h"
#include "sw/driver/host_side.h"
#include "sw/driver/lazy_unpins.h"
#include "sw/driver/pusher.h"
#include "sw/driver/stall_board.h"

namespace vctoe::driver {

class RequestServer : public sc_core::sc_module, public HostSide {
 public:
  struct Stats {
    std::uint64_t blocks_physical = 0;
    std::uint64_t blocks_pushed = 0;
    std::uint64_t nodes = 0;
    std::uint64_t page_requests = 0;
    std::uint64_t refused = 0;
    std::uint64_t late = 0;
    std::uint64_t failed = 0;
    std::uint64_t handed_over = 0;
    sim::Level queued;
    sim::Histogram service_ps;
    void declare(sim::StatList& list) const;
  };

  /// What the server shares with posts.
  struct Memories {
    Gatherer& first;  ///< copies for first transmissions
    Gatherer& again;  ///< and for retransmissions
    LazyUnpins& lazy;
  };

  RequestServer(const sc_core::sc_module_name& name, HostPort& port, kernel::MemoryService& memory,
                const DriverParams& params, ConnectionTable& connections, ContextPools& pools,
                OutstandingTable& outstanding, StallBoard& board, Memories memories);

  // HostSide
  void take(const nic::RequestEntry& request) override;
  bool pinned_by_nic(sim::TxnId txn) override;
  bool released(sim::TxnId txn) override;
  void ended(DriverConnection& connection) override { connection.state = ConnectionState::kGone; }

  ProducerRing<nic::ReplyEntry>& replies() { return replies_; }
  std::size_t queued() const { return queue_.size(); }
  bool lists_idle() const { return lists_.idle(); }
  void declare_stats(sim::StatList& list) const;
  void settle(sim::Time at) { stats_.queued.settle(at); }
  const Stats& stats() const { return stats_; }

 protected:
  HostPort& port() { return port_; }
  kernel::MemoryService& memory() { return memory_; }
  Memories& memories() { return memories_; }
  void count_hand_over() { ++stats_.handed_over; }

 private:
  /// On whose account the core's time is.
  virtual host::Work work() const = 0;
  /// A thread is woken to serve a request.
  virtual void called() = 0;
  /// The pin of a block is not needed any more.
  virtual void give_back(kernel::PinToken pin) = 0;

  struct Pending {
    nic::RequestEntry request;
    kernel::PinStatus verdict;  ///< kOk: serve it
  };
  class Parts;
  struct Worker {
    std::unique_ptr<Thread> thread;
    sc_core::sc_event wake;
  };

  kernel::PinStatus check(const nic::RequestEntry& request);
  void serve_all(Worker& self);
  void serve(const Pending& pending);
  kernel::PinStatus push(const nic::RequestEntry& request);
  kernel::PinStatus make_resident(const nic::RequestEntry& request);
  kernel::PinStatus answer_physically(const nic::RequestEntry& request);
  kernel::PinStatus answer_with_copy(const nic::RequestEntry& request);
  void refuse(const nic::RequestEntry& request, kernel::PinStatus status);
  void reply(const nic::ReplyEntry& entry);
  static nic::ReplyEntry reply_to(const nic::RequestEntry& request, nic::ReplyKind kind);

  HostPort& port_;
  kernel::MemoryService& memory_;
  const DriverParams& params_;
  ConnectionTable& connections_;
  ContextPools& pools_;
  OutstandingTable& outstanding_;
  StallBoard& board_;
  ProducerRing<nic::ReplyEntry> replies_;
  ScatterArea lists_;
  Memories memories_;
  Pusher pusher_;
  FairQueue<Pending> queue_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<Worker*> idle_;
  Stats stats_;
};

}  // namespace vctoe::driver
