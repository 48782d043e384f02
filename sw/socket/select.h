// For programs that serve many connections and wait for none: what can be done at once, and being
// told when that changes. An addition to a transport's blocking calls.
#pragma once

#include <cstdint>
#include <functional>

#include "models/nic/toe/stack_types.h"
#include "sw/socket/transport.h"

namespace vctoe::socket {

/// What a connection is ready for.
struct Readiness {
  bool open = false;           ///< established: a post does not wait for the peer
  bool gone = false;           ///< there is no connection any more; `end` says how it ended
  bool end_of_stream = false;  ///< the peer sends no more than `received`
  Status end = Status::kOk;
  std::uint64_t received = 0;  ///< bytes received in order since the start
  std::uint64_t urgent = 0;    ///< bytes since the start up to which the peer's are urgent
  /// What was told of a connection that goes on (toe::Advice): how often, and what last.
  std::uint64_t advices = 0;
  toe::Advice advice{};
};

/// Calls are made by SC_THREADs and charge the processor where they are marked blocking; the others
/// take no time and may be made from anywhere.
class SelectTransport : public Transport {
 public:
  /// Called when something of a connection, or of a listener, has changed. Must not block.
  using Changed = std::function<void()>;

  struct ListenOptions {
    std::uint32_t backlog = 1;  ///< connections that may wait for take()
    std::uint32_t at_once = 1;  ///< connections that may exist, those waiting included
    std::uint64_t buffer = 0;   ///< receive memory of each, B; 0: the transport's parameter
    Changed changed;            ///< somebody has connected
  };
  struct OpenOptions {
    std::uint16_t local_port = 0;   ///< 0: one that is free
    std::uint64_t buffer = 0;       ///< receive memory, B; 0: the transport's parameter
    std::uint64_t max_segment = 0;  ///< as set_option(); 0: the NIC's parameter
  };

  using Transport::listen;
  /// A listener that lasts. kTooLarge without memory for it. Blocking.
  virtual Status listen(Asid process, std::uint16_t port, const ListenOptions& options) = 0;
  /// Ends it; connections that nobody has taken are reset. Blocking.
  virtual Status unlisten(Asid process, std::uint16_t port) = 0;
  /// The next connection that a peer has made, or null. Call refill() afterwards.
  virtual SocketObject* take(Asid process, std::uint16_t port) = 0;
  /// Gives the listener memory again for as many connections as its backlog has room for, as far as
  /// there are ids. Blocking.
  virtual Status refill(Asid process, std::uint16_t port) = 0;

  /// As connect(); null without memory, or when the local port is taken. Blocking.
  virtual SocketObject* open(Asid process, const Endpoint& remote, const OpenOptions& options) = 0;
  virtual void on_change(Asid process, SocketObject& socket, Changed changed) = 0;
  virtual Readiness ready(Asid process, const SocketObject& socket) const = 0;
  /// What lies together of the received bytes from stream offset `from` on, which is not below what
  /// has been consumed.
  virtual VirtualRange readable(Asid process, const SocketObject& socket,
                                std::uint64_t from) const = 0;
  /// Nothing of the post is needed any more: wait() would not wait.
  virtual bool done(Asid process, const SocketObject& socket, PostId post) const = 0;
  enum class Option : std::uint8_t {
    kNagle,
    kKeepalive,
    kMaxSegment,
    kDiffserv,
    kRetries,
    kUrgent
  };
  /// Of this connection alone, from now on. kMaxSegment: bytes, before options. kDiffserv: 0 to 63.
  /// kRetries: timeouts in a row that end it. kUrgent: all posted so far is urgent. Blocking.
  virtual Status set_option(Asid process, SocketObject& socket, Option option,
                            std::uint64_t value) = 0;
  /// As shutdown(), and nobody reads any more: a connection that has bytes which were not consumed,
  /// or gets more, is reset. Blocking.
  virtual Status close(Asid process, SocketObject& socket) = 0;
  /// Ends the connection with a reset; what is posted is not sent. Blocking.
  virtual Status abort(Asid process, SocketObject& socket) = 0;
  /// The application is through with the object and does not use it again: close() or abort() it
  /// before. The connection comes to its end by itself. Blocking.
  virtual void forget(Asid process, SocketObject& socket) = 0;
};

}  // namespace vctoe::socket
