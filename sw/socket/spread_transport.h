// One transport over several: a host with more than one network card.
#pragma once

#include <cstdint>
#include <vector>

#include "sw/socket/transport.h"

namespace vctoe::socket {

/// A connection is on the card whose network the peer is on: the third byte of its address is the
/// number of the card. A listener listens on all cards, with an equal share of its backlog on each.
class SpreadTransport : public Transport {
 public:
  explicit SpreadTransport(std::vector<Transport*> parts) : parts_(std::move(parts)) {}

  Status listen(Asid process, std::uint16_t port, std::uint32_t backlog) override;
  /// Call `n` is served by card n modulo their number: who accepts as often as the backlog allows
  /// gets every connection.
  SocketObject* accept(Asid process, std::uint16_t port) override;
  SocketObject* connect(Asid process, const Endpoint& remote) override;
  PostOutcome post(Asid process, SocketObject& socket,
                   const std::vector<VirtualRange>& ranges) override;
  Status wait(Asid process, SocketObject& socket, PostId post, Until what) override;
  Received recv(Asid process, SocketObject& socket) override;
  Status consumed(Asid process, SocketObject& socket, std::uint64_t bytes) override;
  Status shutdown(Asid process, SocketObject& socket) override;
  /// The sum, made anew by each call.
  const Stats& stats() const override;

 private:
  Transport& on(std::uint32_t ip) const { return *parts_.at(ip >> 8 & 0xff); }

  std::vector<Transport*> parts_;
  std::size_t accepts_ = 0;
  mutable Stats sum_;
};

}  // namespace vctoe::socket
