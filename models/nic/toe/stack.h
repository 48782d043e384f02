// The TCP of the TOE as its surroundings see it: segments and time in; plans of what to send, and
// events, out. Plain C++ without SystemC, so that it can be linked elsewhere.
//
// The core keeps no payload. When it may send, it hands out a plan ("bytes [offset, offset +
// length) of the stream"); the surroundings fetch the bytes however they like and call emit() when
// the segment is about to leave, which stamps the header and starts the clocks. Received payload is
// placed, also out of order, at its offset in the stream; the core remembers intervals only.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "models/nic/toe/segment.h"
#include "models/nic/toe/stack_types.h"
#include "models/nic/toe/tcp_params.h"

namespace vctoe::toe {

/// Events of the stack. Called from inside input(), emit(), on_timer() and the commands.
class StackListener {
 public:
  virtual ~StackListener() = default;
  /// Whether a passive open may have this id now. If none may, the SYN is dropped and the peer asks
  /// again, as with a full backlog.
  virtual bool may_accept(ConnectionId /*id*/) const { return true; }
  /// Connection came into being by a listening port. Set its receive window with
  /// set_receive_space().
  virtual void accepted(ConnectionId id, const FourTuple& tuple) = 0;
  /// Sequence number of the first payload byte is `first`.
  virtual void established(ConnectionId id, Seq first) = 0;
  virtual void state_changed(ConnectionId id, State state) = 0;
  /// All payload before `offset` is acknowledged. Called when SND.UNA moved, and when the window
  /// did.
  virtual void acknowledged(ConnectionId id, std::uint64_t offset) = 0;
  /// `length` bytes of the payload of the segment in input(), from `skip` on, belong at `offset` of
  /// the received stream and have not been placed before.
  virtual void place(ConnectionId id, std::uint64_t offset, std::uint32_t skip,
                     std::uint32_t length) = 0;
  /// All bytes before `offset` have been placed.
  virtual void received(ConnectionId id, std::uint64_t offset) = 0;
  /// FIN processed: the peer sends no more.
  virtual void peer_closed(ConnectionId id) = 0;
  /// The peer says that its bytes before `offset` are urgent, whether they are here or not. Only
  /// grows.
  virtual void urgent(ConnectionId /*id*/, std::uint64_t /*offset*/) {}
  /// Retransmission timer ran out at SND.UNA = `una`.
  virtual void rto_expired(ConnectionId id, Seq una) = 0;
  /// Something to know about a connection that goes on.
  virtual void advice(ConnectionId /*id*/, Advice /*advice*/) {}
  /// Connection is gone; its id may be used again. Plans not yet emitted are void.
  virtual void closed(ConnectionId id, CloseReason reason) = 0;
};

class Stack {
 public:
  Stack(const TcpParams& params, std::uint32_t local_ip, std::uint64_t seed,
        StackListener& listener);
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  // ---- commands of the user
  /// False if the id is in use or the tuple exists.
  bool connect(ConnectionId id, std::uint16_t local_port, std::uint32_t remote_ip,
               std::uint16_t remote_port, sim::Time now);
  /// Passive opens get the lowest id of [first_id, first_id + count) that is free and may be had.
  /// False if the port has a listener already or there are no ids.
  bool listen(std::uint16_t local_port, ConnectionId first_id, std::uint32_t count = ~0u);
  /// No more passive opens on the port. Connections that it has made stay.
  void unlisten(std::uint16_t local_port);
  /// Room for received bytes: the receiver may be sent bytes before `offset` of the stream. Only
  /// grows.
  void set_receive_space(ConnectionId id, std::uint64_t offset, sim::Time now);
  /// The stream has `bytes` more to send (RFC 9293 SEND).
  void post(ConnectionId id, std::uint64_t bytes, sim::Time now);
  /// First transmissions may be planned before `offset`. `flush`: also as a segment that is not
  /// full although more has been posted. Only grows.
  void set_available(ConnectionId id, std::uint64_t offset, bool flush);
  /// No segment carries bytes on both sides of stream offset `offset`; offsets ascend.
  void cut_at(ConnectionId id, std::uint64_t offset);
  /// FIN after the last posted byte; still receives (half close).
  void close(ConnectionId id, sim::Time now);
  /// The user reads no more: close(), but a reset instead if `unread` received bytes are lost to
  /// him, now or because more arrive (RFC 9293 3.6.1, SHLD-3).
  void release(ConnectionId id, std::uint64_t unread, sim::Time now);
  /// The peer has to hear what was received, soon: the segment that told it was not sent.
  void owe_ack(ConnectionId id, sim::Time now);
  void abort(ConnectionId id, sim::Time now);
  // Of one connection instead of its parameter.
  void set_nagle(ConnectionId id, bool on, sim::Time now);
  void set_keepalive(ConnectionId id, bool on, sim::Time now);
  /// Payload and options of a segment, at most; the peer hears of it if set before the handshake.
  void set_max_segment(ConnectionId id, std::uint32_t bytes, sim::Time now);
  /// Of the segments from here on (MUST-48).
  void set_diffserv(ConnectionId id, std::uint8_t code_point, sim::Time now);
  /// Timeouts of data in a row that end the connection (R2, MUST-21).
  void set_retries(ConnectionId id, std::uint64_t retries, sim::Time now);
  /// All that has been posted is urgent: the urgent pointer stands behind it, and the peer hears of
  /// it at once (RFC 9293 3.8.5).
  void set_urgent(ConnectionId id, sim::Time now);

  // ---- wire
  /// A segment with good checksums arrived.
  void input(const Segment& segment, sim::Time now);
  void icmp_error(const IcmpError& error, sim::Time now);
  /// What may be sent now; connections take turns. Nothing: wait for input(), a timer or a command.
  /// A plan stays out until emit() or drop().
  std::optional<TxPlan> next(sim::Time now);
  /// True if next() would give a plan.
  bool has_work(sim::Time now) const;
  /// The segment of `plan` leaves now: its header. nullopt if it has become void (acknowledged in
  /// the meantime, connection gone): send nothing then.
  std::optional<Segment> emit(const TxPlan& plan, sim::Time now);
  /// The bytes cannot be had: forget the plan.
  void drop(const TxPlan& plan, sim::Time now);

  // ---- time
  /// never() when no timer runs. on_timer() at or after that time.
  sim::Time next_timer() const;
  void on_timer(sim::Time now);

  // ---- looking
  /// End of what SND.UNA + SND.WND allows, as an offset in the stream, not beyond what is posted.
  std::uint64_t window_end(ConnectionId id) const;
  /// As window_end() but under the congestion window too.
  std::uint64_t send_limit(ConnectionId id) const;
  std::optional<ConnectionView> view(ConnectionId id) const;
  /// Sequence number of a stream offset.
  Seq sequence_of(ConnectionId id, std::uint64_t offset) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vctoe::toe
