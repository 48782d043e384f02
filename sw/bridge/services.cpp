#include "sw/bridge/services.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace vctoe::bridge {

namespace {
constexpr std::size_t kPiece = 32768;
constexpr int kAcceptsAtOnce = 64;
}  // namespace

template <class Talk>
Server<Talk>::Server(toe_tb* host, std::uint16_t port, int backlog)
    : listener_(toe_tb_listen(host, port, backlog)) {
  if (listener_ >= 0) return;
  throw std::runtime_error("port " + std::to_string(port) + ": " + std::strerror(-listener_));
}

template <class Talk>
bool Server<Talk>::step(toe_tb* host) {
  bool busy = false;
  for (int i = 0; i < kAcceptsAtOnce; ++i) {
    std::uint32_t ip = 0;
    std::uint16_t port = 0;
    const int h = toe_tb_accept(host, listener_, &ip, &port);
    if (h < 0) break;
    talks_[h];
    ++accepted_;
    busy = true;
  }
  most_open_ = std::max(most_open_, talks_.size());
  for (auto it = talks_.begin(); it != talks_.end();) {
    const Next next = it->second.step(host, it->first);
    busy |= next != Next::kWait;
    if (next == Next::kOver) {
      toe_tb_close(host, it->first);
      it = talks_.erase(it);
    } else {
      ++it;
    }
  }
  return busy;
}

template class Server<EchoTalk>;
template class Server<HttpTalk>;

Next EchoTalk::step(toe_tb* host, int handle) {
  if (pending_.empty() && !over_) {
    std::array<char, kPiece> piece{};
    const long n = toe_tb_recv(host, handle, piece.data(), piece.size(), 0);
    if (n == -EAGAIN) return Next::kWait;
    if (n < 0) return Next::kOver;
    over_ = n == 0;
    pending_.assign(piece.data(), static_cast<std::size_t>(n));
  }
  if (over_) return Next::kOver;
  const long n = toe_tb_send(host, handle, pending_.data(), pending_.size(), 1);
  if (n == -EAGAIN) return Next::kWait;
  if (n < 0) return Next::kOver;
  pending_.erase(0, static_cast<std::size_t>(n));
  return Next::kAgain;
}

}  // namespace vctoe::bridge
