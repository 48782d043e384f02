// What the walker has to say, kept until its own state is settled.
#pragma once

#include <variant>
#include <vector>

#include "models/nic/walker.h"

namespace vctoe::nic {

/// Outputs leave in the order they were put in, and only by flush(): a sink may call the walker
/// back (walk, fill, cancel) from inside any of its functions and finds it consistent.
class WalkOutbox {
 public:
  WalkOutbox(sim::Context& context, std::uint8_t node, WalkerSink& sink)
      : context_(context), node_(node), sink_(sink) {}

  void block(const BlockRequest& request) { queue_.emplace_back(request); }
  void node_needed(const NodeRequest& request) { queue_.emplace_back(request); }
  void node_released(std::uint16_t asid, std::uint64_t page) {
    queue_.emplace_back(Released{asid, page});
  }
  void fault(const WalkFault& fault) { queue_.emplace_back(fault); }
  void done(sim::TxnId txn, std::uint32_t connection) {
    queue_.emplace_back(Done{txn, connection});
  }

  /// Drops what has not left of a connection's walks. What concerns pages stays: each request for a
  /// page and each release must reach the host.
  void purge(std::uint32_t connection);
  /// Hands everything to the sink. Called from inside a sink it does nothing: the outer call goes
  /// on.
  void flush();

 private:
  struct Released {
    std::uint16_t asid;
    std::uint64_t page;
  };
  struct Done {
    sim::TxnId txn;
    std::uint32_t connection;
  };
  using Output = std::variant<std::monostate, BlockRequest, NodeRequest, Released, WalkFault, Done>;

  void deliver(const std::monostate& /*purged*/) {}
  void deliver(const BlockRequest& request) { sink_.block(request); }
  void deliver(const NodeRequest& request);
  void deliver(const Released& released) { sink_.node_released(released.asid, released.page); }
  void deliver(const WalkFault& fault);
  void deliver(const Done& done) { sink_.done(done.txn, done.connection); }

  sim::Context& context_;
  std::uint8_t node_;
  WalkerSink& sink_;
  std::vector<Output> queue_;
  std::size_t head_ = 0;
  bool flushing_ = false;
};

}  // namespace vctoe::nic
