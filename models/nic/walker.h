// The virtual-context walker, as the rest of the NIC sees it. It finds the record that covers a
// sequence number, follows links, and cuts what it finds into block requests. TLM and RTL stand
// behind the same interface (nic.walker.impl).
#pragma once

#include <cstdint>
#include <string_view>

#include "models/nic/rings.h"
#include "models/sim/params.h"
#include "models/sim/trace.h"
#include "models/sim/units.h"

namespace vctoe::nic {

/// "Find the bytes [sequence, sequence + length) of this connection's list."
struct WalkRequest {
  sim::TxnId txn = 0;  ///< echoed in every output
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  std::uint64_t list_head = 0;       ///< virtual
  std::uint32_t first_sequence = 0;  ///< of the list's first record: for the gap check
  std::uint32_t sequence = 0;
  std::uint32_t length = 0;  ///< 1 .. 2^31 - 1
  ListShape shape;
  sim::Why why = sim::Why::kFirst;
};

/// A piece inside one record, not larger than the request granularity and, where so configured, not
/// across a page bound.
struct BlockRequest {
  sim::TxnId txn = 0;  ///< of the walk
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  std::uint64_t virtual_address = 0;
  std::uint32_t length = 0;
  std::uint32_t sequence = 0;
  sim::Why why = sim::Why::kFirst;
  bool last = false;  ///< no more blocks of this walk
};

/// Page of a record whose translation the walker lacks.
struct NodeRequest {
  std::uint32_t connection = 0;
  std::uint16_t asid = 0;
  std::uint64_t page = 0;  ///< virtual, page aligned
};

struct WalkFault {
  sim::TxnId txn = 0;
  std::uint32_t connection = 0;
  Fault code = Fault::kNone;
  std::uint64_t address = 0;  ///< virtual address concerned
};

/// Takes the walker's outputs, in order within a walk. After done() or fault() nothing follows.
class WalkerSink {
 public:
  virtual ~WalkerSink() = default;
  virtual void block(const BlockRequest& request) = 0;
  virtual void node_needed(const NodeRequest& request) = 0;
  /// The translation of a page was dropped: its pin may go.
  virtual void node_released(std::uint16_t asid, std::uint64_t page) = 0;
  virtual void fault(const WalkFault& fault) = 0;
  virtual void done(sim::TxnId txn, std::uint32_t connection) = 0;
};

class Walker {
 public:
  virtual ~Walker() = default;
  /// False while the request queue is full; the caller keeps the request and tries again when an
  /// earlier walk is done.
  virtual bool walk(const WalkRequest& request) = 0;
  /// Answer to node_needed(): the page lies at `frame`.
  virtual void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) = 0;
  /// Answer to node_needed(): the host cannot identify the page.
  virtual void fill_failed(std::uint16_t asid, std::uint64_t page) = 0;
  /// Forgets a page's translation and every record read through it (releases it if present).
  virtual void invalidate(std::uint16_t asid, std::uint64_t page) = 0;
  /// Ends all walks of a connection and forgets its cached records; nothing of it leaves after
  /// this.
  virtual void cancel(std::uint32_t connection) = 0;
  /// Walks accepted and not yet done.
  virtual std::size_t busy() const = 0;
};

}  // namespace vctoe::nic
