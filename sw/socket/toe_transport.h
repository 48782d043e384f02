// The transport over the TCP offload engine (docs/socket.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sw/socket/toe_socket.h"
#include "sw/socket/transport.h"

namespace vctoe::socket {

struct SocketParams {
  sim::Bytes receive_buffer = sim::Bytes::mib(1);
  sim::Bytes connect_buffer = sim::Bytes::kib(64);
  void declare(sim::ParamList& list);
};

/// Here the peer sees a byte when it is acknowledged, and until then it may have to be sent again:
/// both conditions of wait() are the acknowledgment of the post's last byte.
class ToeTransport : public Transport {
 public:
  ToeTransport(driver::HostPort& port, driver::NicDriver& driver, std::uint32_t local_ip,
               const SocketParams& params);

  Status listen(Asid process, std::uint16_t port, std::uint32_t backlog) override;
  SocketObject* accept(Asid process, std::uint16_t port) override;
  SocketObject* connect(Asid process, const Endpoint& remote) override;
  PostOutcome post(Asid process, SocketObject& socket,
                   const std::vector<VirtualRange>& ranges) override;
  Status wait(Asid process, SocketObject& socket, PostId post, Until what) override;
  Received recv(Asid process, SocketObject& socket) override;
  Status consumed(Asid process, SocketObject& socket, std::uint64_t bytes) override;
  Status shutdown(Asid process, SocketObject& socket) override;
  const Stats& stats() const override { return stats_; }

  /// Posts wait for acknowledgment or for their connection: for the watchdog.
  bool busy() const;
  std::string describe() const;

 private:
  ToeSocket* find(Asid process, const SocketObject& object) const;
  ToeSocket* enter(Asid process, const SocketObject& object);
  ToeSocket& make(Asid process, std::uint16_t local_port);
  void release_ended();
  Status give_memory(ToeSocket& socket, std::uint64_t bytes);
  Status post_lists(ToeSocket& socket, PostId id, const std::vector<VirtualRange>& ranges);
  void syscall();

  driver::HostPort& port_;
  driver::NicDriver& driver_;
  std::uint32_t local_ip_;
  SocketParams params_;
  Stats stats_;
  std::vector<std::unique_ptr<ToeSocket>> sockets_;  // in the order of their making
  std::uint16_t next_port_ = 49152;                  // dynamic ports, RFC 6335
  PostId last_post_ = 0;
};

}  // namespace vctoe::socket
