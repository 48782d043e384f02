// Asks the host for bytes: walks the context lists ahead of the transmission and again for what
// must be resent, turns what the walker finds into request entries, and takes the replies.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "models/nic/connection.h"
#include "models/nic/node_pages.h"
#include "models/nic/out_ring.h"
#include "models/nic/packet_buffer.h"
#include "models/nic/pin_agent.h"
#include "models/nic/room_queue.h"
#include "models/nic/toe/stack.h"
#include "models/nic/walk_queue.h"
#include "models/pcie/pool.h"

namespace vctoe::nic {

/// What the request engine tells the rest of the NIC.
class RequestListener {
 public:
  virtual ~RequestListener() = default;
  /// First-pass bytes became available up to connection.available.
  virtual void bytes_available(Connection& connection) = 0;
  /// A block asked for again can be sent.
  virtual void block_ready(Connection& connection, Extent& extent) = 0;
  /// The list is damaged or the host refuses: the connection must end.
  virtual void request_failed(Connection& connection, Fault fault) = 0;
  /// Something may have become ready to be sent while nobody was calling.
  virtual void work_arrived() = 0;
};

class RequestEngine : public WalkerSink {
 public:
  RequestEngine(sim::Context& context, std::uint8_t node, const CoreParams& params,
                std::uint64_t granularity, ConnectionTable& connections, toe::Stack& stack,
                PacketBuffer& buffer, OutRing<RequestEntry>& requests,
                OutRing<CompletionEntry>& completions, RequestListener& listener);
  void set_walker(Walker& walker);
  void set_pin_agent(PinAgent& pins) { pins_ = &pins; }

  struct Stats {
    std::uint64_t first_requests = 0;
    std::uint64_t retransmit_requests = 0;
    std::uint64_t node_requests = 0;
    std::uint64_t first_bytes = 0;
    std::uint64_t retransmit_bytes = 0;
    std::uint64_t translated_blocks = 0;
    std::uint64_t late_replies = 0;
    std::uint64_t foreign_replies = 0;
    sim::Histogram reply_time;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  /// Asks for as many first-pass blocks as the window and the limits allow.
  void advance(Connection& connection);
  /// Asks again for [begin, end) of the stream; its extents carry `ask`.
  void ask_again(Connection& connection, std::uint64_t begin, std::uint64_t end, std::uint64_t ask);
  void reply(const ReplyEntry& entry, const std::vector<SgElement>& sg);
  /// Host memory has refused a read of the connection's bytes: the connection must end.
  void unreadable(Connection& connection) {
    listener_.request_failed(connection, Fault::kBadCompletion);
  }
  /// A DMA read from the extent's pages begins; retrieved() when it is over.
  void reading(Extent& extent) { ++extent.reads; }
  /// Bytes of an extent have been read from host memory; may be the end of an abandoned one.
  void retrieved(Extent& extent, std::uint64_t bytes);
  /// Bytes of an extent have left the MAC, or will never have to; may end the extent.
  void sent(Extent& extent, std::uint64_t bytes);
  /// Everything before `offset` is acknowledged.
  void acknowledged(Connection& connection, std::uint64_t offset);
  /// The connection is gone: walks end, pins go as soon as the host has answered and no read of
  /// them is under way.
  void abandon(Connection& connection);
  /// Packet buffer was freed: blocks that waited for room are asked for.
  void room();
  /// True if the bytes after connection.available will come without anything being sent before. A
  /// block that waits for packet buffer does not count: its room may be what an unsent rest holds.
  bool more_coming(const Connection& connection) const;
  /// Blocks that the host was asked for and has not answered.
  std::size_t unanswered() const { return asked_.size(); }
  /// True while the host owes an answer, a walk runs or an abandoned block is still being read.
  bool busy() const;

  // WalkerSink
  void block(const BlockRequest& request) override;
  void node_needed(const NodeRequest& request) override;
  void node_released(std::uint16_t asid, std::uint64_t page) override;
  void fault(const WalkFault& fault) override;
  void done(sim::TxnId txn, std::uint32_t connection) override;

 private:
  struct Ask {
    Extent* extent = nullptr;
    sim::Time at;
  };

  bool start_walk(Connection& connection, std::uint64_t begin, std::uint64_t end, std::uint64_t ask,
                  Source source);
  Source resend_source(Connection& connection, std::uint64_t begin) const;
  bool may_ask(const Connection& connection, std::uint64_t begin) const;
  void ask(const BlockRequest& request, const Walk& walk);
  void hold(Connection& connection, const BlockRequest& request, std::uint64_t begin);
  void ask_held(Connection& connection);
  void add_part(const BlockRequest& request, const Walk& walk, std::uint32_t skip,
                std::uint32_t length);
  void settle_acknowledged(Connection& connection, Extent& extent);
  void ready_by_address(Connection& connection, Extent& extent);
  void send_request(Extent& extent);
  static bool answers(const Extent& extent, const ReplyEntry& entry,
                      const std::vector<SgElement>& sg);
  void pin_and_take(Extent& extent, const ReplyEntry& entry, const std::vector<SgElement>& sg);
  void take_answer(Extent& extent, const ReplyEntry& entry, const std::vector<SgElement>& sg);
  void extend_available(Connection& connection);
  void unpin(Extent& extent, CompletionKind kind);
  void trace(sim::TraceKind kind, const Extent& extent, std::uint32_t detail);
  void finish(Extent& extent);
  void release_abandoned(Extent& extent);
  void release_kept(Extent& extent);
  Extent& new_extent();
  void drop_extent(Extent& extent);

  sim::Context& context_;
  std::uint8_t node_;
  const CoreParams& params_;
  std::uint64_t granularity_;
  ConnectionTable& connections_;
  toe::Stack& stack_;
  PacketBuffer& buffer_;
  OutRing<RequestEntry>& requests_;
  OutRing<CompletionEntry>& completions_;
  RequestListener& listener_;
  WalkQueue walks_;
  NodePages nodes_;
  RoomQueue room_;
  PinAgent* pins_ = nullptr;
  Stats stats_;

  std::map<sim::TxnId, Ask> asked_;  ///< blocks without an answer
  std::size_t pinning_ = 0;          ///< extents whose pages the NIC is pinning
  std::size_t read_abandoned_ = 0;   ///< abandoned extents that are still being read
  pcie::Pool<Extent> extents_;
};

}  // namespace vctoe::nic
