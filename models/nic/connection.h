// What the NIC knows of a connection beside its TCP state: the posts, the blocks it has asked the
// host for, and the memory for received bytes.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "models/nic/nic_params.h"
#include "models/nic/notice_gate.h"
#include "models/nic/rings.h"
#include "models/nic/scatter_map.h"
#include "models/nic/walker.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

/// A list of contexts, or a scatter list, or both, that covers [begin, end) of the stream.
struct Post {
  sim::TxnId txn = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t list_head = 0;       ///< virtual; 0: no list
  std::uint32_t first_sequence = 0;  ///< of `begin`
  std::uint32_t list_sequence = 0;   ///< of `begin` as the records number it
  std::uint32_t block_size = 0;      ///< of the list's records, where they do not say, B
  std::uint16_t asid = 0;
  ScatterMap sg;                  ///< empty unless the host pinned the bytes at the post
  std::uint64_t unretrieved = 0;  ///< bytes that have not been read for the first time
  std::uint64_t unsent = 0;       ///< bytes that have not left the MAC for the first time
};

struct TxJob;

/// A piece of the stream that the host was asked to identify.
struct Extent {
  sim::TxnId txn = 0;     ///< of the request
  std::uint64_t ask = 0;  ///< of the retransmission that it belongs to; 0 for the first pass
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  sim::Why why = sim::Why::kFirst;
  Source source = Source::kPhysical;
  bool requested = false;      ///< the request entry is on its way
  std::uint64_t answered = 0;  ///< bytes from `begin` on that the host has identified
  bool ready = false;          ///< the host has answered for all of it
  bool pinned = false;         ///< the host holds a pin until it is told
  bool has_room = false;       ///< `buffer` is allocated
  bool acknowledged = false;   ///< was not asked for any more: its bytes are not to be had
  bool abandoned = false;      ///< connection gone; waits for the host's answer or for reads
  bool kept = false;           ///< sent, but pinned until it is acknowledged
  std::uint32_t reads = 0;     ///< DMA reads under way: the host must not unpin before they end
  ScatterMap sg;               ///< kPhysical
  std::uint32_t buffer = 0;    ///< kPushed: where in the packet buffer
  std::uint16_t asid = 0;
  std::uint32_t connection = 0;
  std::uint64_t virtual_address = 0;
  std::uint32_t sequence = 0;
  std::uint64_t unretrieved = 0;
  std::uint64_t unsent = 0;

  std::uint64_t length() const { return end - begin; }
  /// What lies before can be sent.
  std::uint64_t usable_end() const { return ready ? end : begin + answered; }
};

/// A block that the walker has found and that the host may not be asked for yet.
struct HeldBlock {
  std::uint64_t begin = 0;
  BlockRequest request;
};

/// A sent segment whose bytes are still in the packet buffer (nic.retain_unacked).
struct Retained {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint32_t buffer = 0;
};

struct Connection {
  std::uint32_t id = 0;
  bool open = false;                 ///< between establishment and close
  bool closing = false;              ///< the host has said that nothing more is posted
  Fault fault = Fault::kNone;        ///< why the NIC itself ended it
  std::uint64_t generation = 0;      ///< counts uses of the id; jobs of an earlier use are void
  std::uint32_t first_sequence = 0;  ///< sequence number of stream offset 0

  // Transmit.
  std::deque<Post> posts;                    ///< not fully acknowledged, in order
  std::uint64_t posted = 0;                  ///< end of the last post
  std::uint64_t requested = 0;               ///< first-pass blocks are found up to here
  std::uint64_t available = 0;               ///< first-pass bytes that can be sent
  std::deque<Extent*> first;                 ///< first-pass blocks not completely sent, in order
  std::deque<HeldBlock> held;                ///< first-pass blocks found ahead of the limits
  std::vector<Extent*> again;                ///< blocks asked for again
  std::vector<Extent*> kept;                 ///< sent blocks whose pin lasts until acknowledged
  std::map<std::uint64_t, Source> resent;    ///< nic.alternate: how bytes from an offset came last
  std::deque<std::uint64_t> unacked_blocks;  ///< ends of first-pass blocks not acknowledged
  std::uint64_t unsent_blocks = 0;           ///< first-pass blocks requested and not sent
  sim::TxnId walking = 0;                    ///< first-pass walk in progress
  std::deque<Retained> retained;             ///< in order of sending
  std::deque<TxJob*> first_jobs;             ///< first transmissions not emitted, in order
  std::vector<TxJob*> asked_jobs;            ///< retransmissions that wait for the host
  std::uint64_t acked = 0;                   ///< everything before this offset is acknowledged
  NoticeGate notices;                        ///< outlives the use of the id as its reads do

  // Receive.
  ScatterMap receive;          ///< circle of receive.size() bytes
  std::uint64_t received = 0;  ///< in order so far
  std::uint64_t consumed = 0;  ///< by the host
  bool notice_due = false;     ///< a kReceived completion waits to be gathered

  /// Post that covers the byte at `offset`, or null.
  Post* post_at(std::uint64_t offset);
};

/// The connection table. Entries are made on first use and keep their address.
class ConnectionTable {
 public:
  explicit ConnectionTable(std::uint64_t size) : entries_(size) {}
  std::uint64_t size() const { return entries_.size(); }
  bool valid(std::uint32_t id) const { return id < entries_.size(); }
  bool used(std::uint32_t id) const { return entries_[id] != nullptr; }
  /// Of an id that was used.
  const Connection& at(std::uint32_t id) const { return *entries_[id]; }
  Connection& at(std::uint32_t id) { return valid(id) && entries_[id] ? *entries_[id] : make(id); }
  /// Connections that were used at least once, in order of their ids.
  template <class Visit>
  void for_each(Visit visit) {
    for (auto& e : entries_) {
      if (e) visit(*e);
    }
  }

 private:
  Connection& make(std::uint32_t id);
  std::vector<std::unique_ptr<Connection>> entries_;
};

}  // namespace vctoe::nic
