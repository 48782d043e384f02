// What an automaton remembers of one post, one request and one connection.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>

#include "models/sim/trace.h"
#include "tb/charts/tables.h"

namespace vctoe::charts {

/// Where an instance of a chart stands.
struct Token {
  Figure figure = Figure::k8;
  int at = kEntry;
};

/// A request of the NIC: a block of FIG. 8 or 11, or a pass of FIG. 9 or 10.
struct BlockRun {
  Token token;
  sim::TxnId txn = 0;
  std::uint8_t node = 0;
  std::uint32_t connection = 0;
  sim::TxnId post = 0;      ///< of a first transmission
  std::uint64_t begin = 0;  ///< offset in the stream
  std::uint64_t end = 0;
  std::uint64_t address = 0;  ///< virtual
  std::uint64_t whole = 0;    ///< where the block begins that this is a part of
  bool again = false;
  bool undecided = false;  ///< again, and only the answer tells whether FIG. 9 or 10
  bool retrieved = false;
  bool refused = false;      ///< pins were given back before a reply: no reply may follow
  bool from_buffer = false;  ///< a segment was taken out of the packet buffer
  std::uint64_t sent = 0;
  std::uint64_t pinned = 0;    ///< bytes of pages
  std::uint64_t unpinned = 0;  ///< likewise
  std::uint64_t length() const { return end - begin; }
  bool pushed() const { return token.figure == Figure::k10 || token.figure == Figure::k11; }
};

struct PostRun {
  Token token;
  sim::TxnId txn = 0;
  bool posted = false;  ///< false: its pages are being pinned
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t sent = 0;
  std::uint64_t requested = 0;     ///< end of the last block asked for
  std::uint64_t last_length = 0;   ///< of that
  std::uint64_t last_whole = 0;    ///< likewise
  std::uint64_t acked_blocks = 0;  ///< end of the last block that is acknowledged
  std::uint64_t pinned = 0;
  std::uint64_t unpinned = 0;
};

struct ConnectionRun {
  /// A segment between packet buffer and wire: what was acknowledged when the MAC took it.
  struct Handed {
    std::uint64_t una;
    std::uint64_t length;
    sim::TxnId txn;
  };
  bool known = false;       ///< the peer's first window has been seen
  std::uint32_t base = 0;   ///< sequence number of offset 0
  std::uint64_t una = 0;    ///< offset
  std::uint64_t right = 0;  ///< farthest right edge of the window
  std::uint64_t posted = 0;
  std::uint64_t sent = 0;  ///< end of what was sent for the first time
  std::deque<Handed> handed;
  std::deque<sim::TxnId> posts;
  std::map<std::uint64_t, sim::TxnId> first;  ///< unacknowledged blocks by offset
  std::set<sim::TxnId> again;

  /// Where what TCP has sent may end: TCP counts a segment when the MAC takes it.
  std::uint64_t sent_at_most() const {
    std::uint64_t end = sent;
    for (const Handed& h : handed) end += h.length;
    return end;
  }
  /// What was acknowledged when the MAC took this segment, which has left it now.
  std::uint64_t una_when_handed(const sim::TraceEvent& segment) {
    for (auto h = handed.begin(); h != handed.end(); ++h) {
      if (h->txn != segment.txn || h->length != segment.length) continue;
      const std::uint64_t then = h->una;
      handed.erase(h);
      return then;
    }
    return una;
  }
  std::uint64_t offset_of(std::uint32_t seq) const {
    const auto distance = static_cast<std::int32_t>(seq - (base + static_cast<std::uint32_t>(una)));
    return una + static_cast<std::uint64_t>(static_cast<std::int64_t>(distance));
  }
};

}  // namespace vctoe::charts
