// What an application sees of the network, whatever moves the bytes: a TCP offload engine here, a
// memory segment or a proxy elsewhere. Bytes enter as virtual addresses of a process.
// All calls are made by SC_THREADs and charge the processor; those marked so block.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "sw/driver/range.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::socket {

using driver::VirtualRange;
using kernel::Asid;

struct Endpoint {
  std::uint32_t ip = 0;
  std::uint16_t port = 0;
};

/// File object 124 of paragraph [0022]: names a connection to the application.
struct SocketObject {
  std::uint16_t local_port = 0;
  std::uint32_t local_ip = 0;
  std::uint16_t remote_port = 0;  ///< 0 until accepted
  std::uint32_t remote_ip = 0;
  std::uint64_t sent = 0;      ///< bytes that the application has posted
  std::uint64_t received = 0;  ///< bytes that the application has consumed
};

enum class Status : std::uint8_t {
  kOk,
  kWrongObject,  ///< no socket of this transport, not this process's, or given up by shutdown()
  kUnmapped,     ///< a range that the host cannot identify
  kTooLarge,     ///< cannot be posted even in small parts
  kEndOfStream,  ///< recv(): the peer has sent everything
  kReset,        ///< connection reset, by the peer or here
  kFault,        ///< ended by the device: a list or a range was bad
  kRefused,      ///< nobody listens there
  kTimedOut,     ///< the peer does not answer any more (R2, RFC 9293 section 3.8.3)
  kUnreachable   ///< a router says that there is no way to the peer
};

/// What wait() waits for. A transport for which both are the same event says so.
enum class Until : std::uint8_t {
  kBufferReusable,  ///< the application may change or free what it posted
  kPeerVisible      ///< the bytes are in the peer's receive memory
};

using PostId = std::uint64_t;

struct PostOutcome {
  Status status = Status::kOk;
  PostId id = 0;  ///< for wait()
};
struct Received {
  Status status = Status::kOk;
  VirtualRange bytes;  ///< in the receiving process; good until consumed()
};

class Transport {
 public:
  struct Stats {
    std::uint64_t posts = 0;  ///< calls of post()
    std::uint64_t lists = 0;  ///< what they were split into
    std::uint64_t bytes_posted = 0;
    std::uint64_t bytes_consumed = 0;
    std::uint64_t refused = 0;  ///< calls with a wrong object
    void declare(sim::StatList& list) const;
  };

  virtual ~Transport() = default;

  /// Passive opens on `port`, up to `backlog` of them, for accept(). Blocking.
  virtual Status listen(Asid process, std::uint16_t port, std::uint32_t backlog) = 0;
  /// Blocks until a peer has connected to `port`; null if nobody listens there.
  virtual SocketObject* accept(Asid process, std::uint16_t port) = 0;
  /// Starts an active open; what is posted waits for it. Null without memory for it. Blocking.
  virtual SocketObject* connect(Asid process, const Endpoint& remote) = 0;
  /// Appends the ranges to the stream. Blocks until they are handed over, not until they are sent.
  virtual PostOutcome post(Asid process, SocketObject& socket,
                           const std::vector<VirtualRange>& ranges) = 0;
  /// Blocks until `what` holds for everything of the post.
  virtual Status wait(Asid process, SocketObject& socket, PostId post, Until what) = 0;
  /// Blocks until there are bytes that are not consumed; as many as lie together.
  virtual Received recv(Asid process, SocketObject& socket) = 0;
  /// The first `bytes` of what recv() returned are not needed any more.
  virtual Status consumed(Asid process, SocketObject& socket, std::uint64_t bytes) = 0;
  /// No more posts: the peer sees the end of the stream. Receiving goes on. Blocking.
  virtual Status shutdown(Asid process, SocketObject& socket) = 0;
  virtual const Stats& stats() const = 0;
};

/// SO_SEND of paragraph [0032]: one block.
inline PostOutcome so_send(Transport& transport, Asid process, SocketObject& socket,
                           const VirtualRange& block) {
  return transport.post(process, socket, {block});
}
/// SO_SENDMSG: several blocks, in this order.
inline PostOutcome so_sendmsg(Transport& transport, Asid process, SocketObject& socket,
                              const std::vector<VirtualRange>& blocks) {
  return transport.post(process, socket, blocks);
}

}  // namespace vctoe::socket

namespace vctoe::sim {
template <>
struct EnumNames<socket::Status> {
  static constexpr std::string_view kNames[] = {
      "ok",    "wrong_object", "unmapped", "too_large", "end_of_stream",
      "reset", "fault",        "refused",  "timed_out", "unreachable"};
};
}  // namespace vctoe::sim
