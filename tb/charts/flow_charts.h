// The flow charts of the specification as automata on the trace: whatever a run does must be a way
// through them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "models/sim/trace.h"
#include "tb/charts/runs.h"
#include "tb/charts/tables.h"

namespace vctoe::charts {

/// What the parameters of a run make legal. Names are those of the parameters' values, so that a
/// value that the charts do not know relaxes nothing by accident.
struct Options {
  bool enabled = true;                  ///< off: a scheme that is on none of the figures
  std::string first = "physical";       ///< nic.first
  std::string retransmit = "physical";  ///< nic.retransmit
  std::string unpin_at = "sent";        ///< nic.unpin_at; one that is unknown is as `sent`
  std::uint64_t blocks_outstanding = 1024;
  std::uint64_t push_chunk = 8192;   ///< parts in which a pushed block is asked for
  std::uint64_t block_size = 65536;  ///< no block is larger
  bool translated_again = false;     ///< retransmissions may come through the IOMMU, unasked
  bool copied = false;               ///< what is pinned is a copy in contiguous memory
  std::uint64_t prefetch = 0;        ///< bytes beyond the window that may be asked for
  unsigned relaxed = 0;              ///< Relax bits besides those that follow from the above
};

/// One instance of FIG. 3, 8, 11 or 12 a post (in FIG. 8 and 11 one token a block), one of FIG. 9
/// or 10 a request. An event that is no legal step raises sim::check_failed with figure, block,
/// what was expected, and the event.
class FlowCharts {
 public:
  explicit FlowCharts(Options options);

  /// The kinds that see() wants.
  static sim::TraceMask kinds();
  void see(const sim::TraceEvent& event);
  /// After a run that ended well: every post has come to its chart's last block, every pin has been
  /// given back.
  void finish() const;

  const Taken& taken() const { return taken_; }

 private:
  using Event = sim::TraceEvent;

  void step(Token& token, int to, const Event& event);
  bool relaxed(Relax relax) const;
  [[noreturn]] static void fail(Figure figure, int block, const std::string& what,
                                const Event& event);
  ConnectionRun& connection(const Event& event);
  BlockRun* block(sim::TxnId txn);
  PostRun* post_at(ConnectionRun& c, std::uint64_t offset);
  bool posted_first() const { return options_.first == "posted"; }
  Figure post_figure() const;

  // posts.cpp
  void post(const Event& event);
  void post_pin(const Event& event);
  void post_unpin(PostRun& post, const Event& event);
  void post_sent(ConnectionRun& c, const Event& event);
  void post_acked(PostRun& post, const ConnectionRun& c, const Event& event);
  void post_again(PostRun& post, const Event& event);
  void stream_acked(const Event& event);

  // requests.cpp
  void request(const Event& event);
  void request_first(ConnectionRun& c, BlockRun& block, const Event& event);
  void request_again(ConnectionRun& c, BlockRun& block, const Event& event);
  std::uint64_t whole_of(const BlockRun& block, const PostRun& post) const;
  void check_outstanding(const ConnectionRun& c, const BlockRun& block, const Event& event) const;
  void decide(BlockRun& block, Figure figure, const Event& event);
  void gather(const Event& event);
  void unpin(const Event& event);
  void block_unpin(BlockRun& block, const Event& event);
  void reply(const Event& event);
  void buffer_write(const Event& event);
  void dma_read(const Event& event);
  void forget_if_over(const BlockRun& block);

  // sending.cpp
  void handed(const Event& event);
  void tx_first(const Event& event);
  void block_first(ConnectionRun& c, BlockRun& block, std::uint64_t bytes, const Event& event);
  void tx_again(const Event& event);
  bool unasked(const Event& event);
  void pass_again(ConnectionRun& c, const Event& event);
  void block_again(BlockRun& block, const Event& event);
  void block_sent(const Event& event);
  void ack(const Event& event);
  void block_acked(BlockRun& block, const ConnectionRun& c, const Event& event);
  void retransmitted(ConnectionRun& c, std::uint64_t begin, std::uint64_t end, const Event& event);
  void connection_state(const Event& event);

  Options options_;
  std::map<std::pair<std::uint8_t, std::uint32_t>, ConnectionRun> connections_;
  std::map<sim::TxnId, BlockRun> blocks_;
  std::map<sim::TxnId, PostRun> posts_;
  std::set<sim::TxnId> gone_;  ///< requests of connections that have ended
  Taken taken_;
};

}  // namespace vctoe::charts
