#include "sw/socket/spread_transport.h"

namespace vctoe::socket {

Status SpreadTransport::listen(Asid process, std::uint16_t port, std::uint32_t backlog) {
  const auto n = static_cast<std::uint32_t>(parts_.size());
  for (std::uint32_t i = 0; i < n; ++i) {
    const std::uint32_t share = (backlog + n - 1 - i) / n;
    if (share == 0) break;
    const Status status = parts_[i]->listen(process, port, share);
    if (status != Status::kOk) return status;
  }
  return Status::kOk;
}

SocketObject* SpreadTransport::accept(Asid process, std::uint16_t port) {
  return parts_[accepts_++ % parts_.size()]->accept(process, port);
}

SocketObject* SpreadTransport::connect(Asid process, const Endpoint& remote) {
  return on(remote.ip).connect(process, remote);
}

PostOutcome SpreadTransport::post(Asid process, SocketObject& socket,
                                  const std::vector<VirtualRange>& ranges) {
  return on(socket.local_ip).post(process, socket, ranges);
}

Status SpreadTransport::wait(Asid process, SocketObject& socket, PostId post, Until what) {
  return on(socket.local_ip).wait(process, socket, post, what);
}

Received SpreadTransport::recv(Asid process, SocketObject& socket) {
  return on(socket.local_ip).recv(process, socket);
}

Status SpreadTransport::consumed(Asid process, SocketObject& socket, std::uint64_t bytes) {
  return on(socket.local_ip).consumed(process, socket, bytes);
}

Status SpreadTransport::shutdown(Asid process, SocketObject& socket) {
  return on(socket.local_ip).shutdown(process, socket);
}

const Transport::Stats& SpreadTransport::stats() const {
  sum_ = {};
  for (const Transport* part : parts_) {
    const Stats& s = part->stats();
    sum_.posts += s.posts;
    sum_.lists += s.lists;
    sum_.bytes_posted += s.bytes_posted;
    sum_.bytes_consumed += s.bytes_consumed;
    sum_.refused += s.refused;
  }
  return sum_;
}

}  // namespace vctoe::socket
