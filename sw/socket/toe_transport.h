// The transport over the TCP offload engine (docs/socket.md).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sw/socket/select.h"
#include "sw/socket/toe_socket.h"

namespace vctoe::socket {

struct SocketParams {
  sim::Bytes receive_buffer = sim::Bytes::mib(1);
  sim::Bytes connect_buffer = sim::Bytes::kib(64);
  void declare(sim::ParamList& list);
};

/// Here the peer sees a byte when it is acknowledged, and until then it may have to be sent again:
/// both conditions of wait() are the acknowledgment of the post's last byte.
class ToeTransport : public SelectTransport {
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

  Status listen(Asid process, std::uint16_t port, const ListenOptions& options) override;
  Status unlisten(Asid process, std::uint16_t port) override;
  SocketObject* take(Asid process, std::uint16_t port) override;
  Status refill(Asid process, std::uint16_t port) override;
  SocketObject* open(Asid process, const Endpoint& remote, const OpenOptions& options) override;
  void on_change(Asid process, SocketObject& socket, Changed changed) override;
  Readiness ready(Asid process, const SocketObject& socket) const override;
  VirtualRange readable(Asid process, const SocketObject& socket,
                        std::uint64_t from) const override;
  bool done(Asid process, const SocketObject& socket, PostId post) const override;
  Status set_option(Asid process, SocketObject& socket, Option option,
                    std::uint64_t value) override;
  Status close(Asid process, SocketObject& socket) override;
  Status abort(Asid process, SocketObject& socket) override;
  void forget(Asid process, SocketObject& socket) override;

  /// For tests and debuggers, who look into the NIC: the connection of a socket of this transport.
  driver::ConnectionId connection_of(const SocketObject& socket) const;

  /// Posts wait for acknowledgment or for their connection: for the watchdog.
  bool busy() const;
  std::string describe() const;

 private:
  /// A listener that lasts: `at_once` ids from `first` on, one after the other used again.
  struct Listener {
    Asid process = 0;
    std::uint16_t port = 0;
    driver::ConnectionId first = 0;
    ListenOptions options;
    bool ended = false;
  };
  Listener* listener(Asid process, std::uint16_t port);
  std::optional<driver::ConnectionId> idle_id(const Listener& listener) const;
  bool port_taken(std::uint16_t port, const Endpoint& remote) const;
  std::uint16_t free_port(const Endpoint& remote);
  void clean_up();
  void drop_listeners();
  VirtualRange take_buffer(Asid process, std::uint64_t bytes);

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
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::multimap<std::pair<Asid, std::uint64_t>, VirtualRange> spare_buffers_;  // by length
  std::uint16_t next_port_ = 49152;  // dynamic ports, RFC 6335
  PostId last_post_ = 0;
};

}  // namespace vctoe::socket
