// Which events of a trace belong together: by transaction where they carry one, by connection and
// sequence numbers where they do not.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/scenario/trace_file.h"

namespace vctoe::outputs {

/// A range of a stream on the sending host.
struct StreamRange {
  std::uint8_t node = 0;
  std::uint32_t connection = 0;
  std::uint32_t begin = 0;  ///< sequence number
  std::uint64_t length = 0;

  explicit StreamRange(const sim::TraceEvent& e)
      : node(e.node), connection(e.connection), begin(e.seq), length(e.length) {}
  bool has(std::uint32_t sequence) const { return sequence - begin < length; }
  bool overlaps(const sim::TraceEvent& e) const { return has(e.seq) || begin - e.seq < e.length; }
  std::uint32_t end() const { return begin + static_cast<std::uint32_t>(length); }
  /// An event of the same connection on the same host.
  bool same(const sim::TraceEvent& e) const { return e.node == node && e.connection == connection; }
};

/// What happened to one segment each time it was sent; null where it did not.
struct Transmission {
  const sim::TraceEvent* waited = nullptr;  ///< for packet buffer
  const sim::TraceEvent* read = nullptr;    ///< DMA read begun
  const sim::TraceEvent* staged = nullptr;  ///< in the packet buffer
  const sim::TraceEvent* to_mac = nullptr;
  const sim::TraceEvent* left = nullptr;     ///< last bit; null for one that was dropped before
  const sim::TraceEvent* arrived = nullptr;  ///< taken by the receiver
  const sim::TraceEvent* lost = nullptr;
  sim::TxnId frame = 0;  ///< transaction on the frame
};

class Links {
 public:
  using Event = sim::TraceEvent;
  explicit Links(const TraceFile& trace) : trace_(trace) {}

  const TraceFile& trace() const { return trace_; }
  const Event* of_kind(sim::TraceKind kind, sim::TxnId txn) const;
  /// The post, or the walk, that a request or a segment belongs to.
  const Event* post_of(const Event& e) const;
  const Event* walk_of(const Event& request) const;
  /// Requests for blocks that overlap a range; `why`: first pass or retransmission.
  std::vector<const Event*> requests_in(const StreamRange& range, sim::Why why) const;
  std::vector<const Event*> walks_in(const StreamRange& range) const;
  /// Requests for pages of records between two times.
  std::vector<const Event*> node_requests(const StreamRange& range, sim::Time from,
                                          sim::Time to) const;
  /// The first acknowledgment of all of the range.
  const Event* acknowledged(const StreamRange& range, sim::Time after) const;
  /// When the peer's window first reached beyond the first byte; zero if nothing says so.
  sim::Time window_open(const StreamRange& range) const;
  /// Transmissions of payload that overlap the range, in the order in which they left.
  std::vector<Transmission> transmissions(const StreamRange& range) const;
  /// The last page of the request's that came from swap before its pin; null if none did.
  const Event* last_swap_in(sim::TxnId txn, sim::Time from, sim::Time to) const;
  /// Timeouts of the connection between two times.
  const Event* timeout(const StreamRange& range, sim::Time from, sim::Time to) const;

 private:
  std::vector<Transmission> transmissions_of(const StreamRange& range,
                                             std::uint32_t sequence) const;
  static void find_its_end(const Event& e, std::uint32_t sequence, std::vector<Transmission>& sent);

  const TraceFile& trace_;
};

}  // namespace vctoe::outputs
