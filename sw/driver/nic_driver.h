// The driver of the NIC: rings, doorbells, interrupts, and the NIC's requests (docs/driver.md).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sw/driver/host_sides.h"
#include "sw/driver/post_engine.h"

namespace vctoe::driver {

class NicDriver : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t interrupts = 0;
    std::uint64_t polls = 0;
    std::uint64_t empty_polls = 0;
    std::uint64_t requests = 0;
    std::uint64_t completions = 0;
    std::uint64_t strays = 0;
    void declare(sim::StatList& list) const;
  };

  /// Takes contiguous memory for rings and lists at once; construct before memory is filled. `node`
  /// goes into the trace. `card`: of several on the host; connection ids are the host's, and card n
  /// has those from n * driver.connections on.
  NicDriver(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
            HostPort& port, kernel::MemoryService& memory, const DriverParams& params,
            unsigned card = 0);

  // Connections. All but reserve() block.

  /// Takes neighbouring connection ids for an address space, one a client; the first of them. A
  /// user error if the table is full. An id without a client (null) needs renew() before it is
  /// used.
  ConnectionId reserve(kernel::Asid asid, const std::vector<ConnectionClient*>& clients);
  /// Gives an id back whose connection is gone, or never was.
  void release(ConnectionId id);
  /// A reserved id, or one whose connection is gone, is to have another connection, of this client:
  /// give it receive memory next. An id that a listen() covers listens again with it.
  void renew(ConnectionId id, ConnectionClient& client);
  /// Pins `memory` of the connection's process as the circle for received bytes; needed before
  /// connect(), and for every id that a listen() covers. The pin ends with the connection.
  /// kTooLarge when all receive memory together is more than may be pinned.
  kernel::PinStatus give_receive_memory(ConnectionId id, const VirtualRange& memory);
  /// `max_segment`: as nic::Option::kMaxSegment, from the SYN on; 0: the NIC's parameter.
  void connect(ConnectionId id, std::uint16_t local_port, std::uint32_t ip, std::uint16_t port,
               std::uint64_t max_segment = 0);
  /// Passive opens on `local_port` get ids from `first` on.
  void listen(std::uint16_t local_port, ConnectionId first, std::uint32_t count);
  /// Ends such a listen(). kClosed comes for every id that has receive memory and no connection.
  void unlisten(std::uint16_t local_port, ConnectionId first, std::uint32_t count);
  /// The NIC has acted on every command given before the call.
  void wait_taken() { posts_.submissions().wait_taken(); }
  /// Posts one list; see PostEngine::post(). The application must not change the bytes before the
  /// completion kStreamAcked with the result's txn.
  PostResult post(ConnectionId id, const std::vector<VirtualRange>& ranges);
  /// The application has consumed `total` bytes since the start of the connection.
  void consumed(ConnectionId id, std::uint64_t total);
  /// FIN after the last posted byte.
  void close(ConnectionId id);
  void abort(ConnectionId id);
  /// close(), and nobody reads any more: what of the received bytes is beyond the first `read`
  /// ones, or comes later, resets the connection.
  void release_reader(ConnectionId id, std::uint64_t read);
  void set_option(ConnectionId id, nic::Option option, std::uint64_t value);

  // Looking.

  /// What of a connection's posts is not acknowledged, in the order of the stream.
  const std::deque<PostedRange>& posted(ConnectionId id) const {
    return connections_.at(id).posted.live();
  }
  kernel::Asid asid_of(ConnectionId id) const { return connections_.at(id).asid; }
  const OutstandingTable& outstanding() const { return outstanding_; }
  const RequestServer& requests() const { return *server_; }
  const PostEngine& posts() const { return posts_; }
  /// What a post covers may be changed as soon as post() has returned: the NIC reads a copy, also
  /// for retransmissions.
  bool copies_posts() const {
    return params_.scheme.circular || (params_.gather == Gather::kContiguous &&
                                       params_.scheme.pin_at_post && !params_.scheme.with_list);
  }
  /// Something is under way: for the watchdog.
  bool busy() const { return outstanding_.busy() || host_.busy(); }
  std::string describe() const;
  const Stats& stats() const { return stats_; }
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

 private:
  /// An interrupt vector, its thread, and what is to be done.
  struct Vector {
    std::unique_ptr<Thread> thread;
    sc_core::sc_event event;
    bool raised = false;
  };

  void set_up();
  void serve_interrupts(unsigned vector);
  void poll(unsigned vector);
  std::uint64_t drain(unsigned vector, std::uint64_t most);
  std::uint64_t drain_requests(std::uint64_t most);
  std::uint64_t drain_completions(std::uint64_t most);
  void complete(const nic::CompletionEntry& entry);
  void opened(DriverConnection& c, const nic::CompletionEntry& entry);
  void gone(DriverConnection& c);
  void command(nic::SubmitEntry entry);
  bool known(const nic::CompletionEntry& entry) const;
  static bool plausible(const DriverConnection& c, const nic::CompletionEntry& entry);

  HostPort& port_;
  kernel::MemoryService& memory_;
  DriverParams params_;
  Stats stats_;
  StallBoard board_;
  OutstandingTable outstanding_;
  ConnectionId first_id_;
  ConnectionTable connections_;
  ContextPools pools_;
  Gatherer first_copies_;
  Gatherer again_copies_;
  LazyUnpins lazy_;
  std::unique_ptr<RequestServer> server_;  ///< by driver.host_side
  HostSide& host_;                         ///< the same
  PostEngine posts_;
  ConsumerRing<nic::RequestEntry> requests_;
  ConsumerRing<nic::CompletionEntry> completions_;
  bool ready_ = false;
  sc_core::sc_event set_up_done_;
  std::uint64_t pin_table_ = 0;  ///< 0: none
  Thread set_up_thread_;
  Vector vectors_[2];
  sim::Context& context_;
  std::uint8_t node_;
};

}  // namespace vctoe::driver
