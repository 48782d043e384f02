// Plain sockets of the kernel, one thread for each connection.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "tb/peers/tap/streams.h"

namespace vctoe::peers {

namespace {

constexpr std::size_t kPiece = 64 * 1024;

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address(std::uint32_t ip, std::uint16_t port) {
  sockaddr_in in{};
  in.sin_family = AF_INET;
  in.sin_addr.s_addr = htonl(ip);
  in.sin_port = htons(port);
  return in;
}

int bound_socket(std::uint32_t ip, std::uint16_t port) {
  const int s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0) fail("socket");
  const int on = 1;
  setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const sockaddr_in in = address(ip, port);
  if (::bind(s, reinterpret_cast<const sockaddr*>(&in), sizeof in) != 0) fail("bind");
  return s;
}

}  // namespace

struct KernelEnds::End {
  std::unique_ptr<Source> source;
  std::size_t number = 0;
  bool opens = false;
  int socket = -1;
  std::thread thread;
  std::atomic<bool> over{false};
  std::string error, hex;
};

KernelEnds::KernelEnds(const Exchange& exchange) : exchange_(exchange) {
  for (std::size_t k = 0; k < exchange.toe_opens + exchange.kernel_opens; ++k) {
    ends_.push_back(std::make_unique<End>());
    ends_[k]->number = k;
    ends_[k]->opens = k >= exchange.toe_opens;
  }
  listener_ = bound_socket(kKernelIp, kKernelPort);
  if (::listen(listener_, 256) != 0) fail("listen");
}

KernelEnds::~KernelEnds() {
  for (auto& end : ends_) {
    if (end->thread.joinable()) end->thread.detach();  // only when time has run out
  }
}

void KernelEnds::start() {
  for (auto& end : ends_) {
    end->thread = std::thread([this, &end = *end] {
      try {
        talk(end);
      } catch (const std::exception& e) {
        end.error = e.what();
      }
      end.over = true;
    });
  }
}

namespace {

/// Sends while there is room and receives what is there, until both directions have ended.
void exchange_bytes(int s, const Source& source, app::Digest& hash) {
  std::vector<std::uint8_t> out(kPiece), in(kPiece);
  std::uint64_t sent = 0;
  bool sending = true, receiving = true;
  while (sending || receiving) {
    pollfd p{s, static_cast<short>((sending ? POLLOUT : 0) | (receiving ? POLLIN : 0)), 0};
    if (::poll(&p, 1, -1) < 0) fail("poll");
    if (sending && (p.revents & (POLLOUT | POLLERR)) != 0) {
      const std::size_t n = source.read(sent, out.data(), out.size());
      const ssize_t taken = n == 0 ? 0 : ::send(s, out.data(), n, MSG_DONTWAIT | MSG_NOSIGNAL);
      if (taken < 0 && errno != EAGAIN) fail("send");
      if (n == 0) ::shutdown(s, SHUT_WR);
      sending = n != 0;
      sent += taken > 0 ? static_cast<std::uint64_t>(taken) : 0;
    }
    if (receiving && (p.revents & (POLLIN | POLLHUP | POLLERR)) != 0) {
      const ssize_t n = ::recv(s, in.data(), in.size(), MSG_DONTWAIT);
      if (n < 0 && errno != EAGAIN) fail("recv");
      if (n > 0) hash.add(in.data(), static_cast<std::size_t>(n));
      receiving = n != 0;
    }
  }
}

}  // namespace

void KernelEnds::talk(End& end) const {
  std::size_t k = end.number;
  int s = -1;
  if (end.opens) {
    s = bound_socket(kKernelIp, static_cast<std::uint16_t>(kFirstPort + k));
    const sockaddr_in to = address(kToeIp, kToePort);
    if (::connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("connect");
  } else {
    sockaddr_in from{};
    socklen_t length = sizeof from;
    s = ::accept(listener_, reinterpret_cast<sockaddr*>(&from), &length);
    if (s < 0) fail("accept");
    k = static_cast<std::size_t>(ntohs(from.sin_port) - kFirstPort);  // any thread may get any
  }
  app::Digest hash;
  exchange_bytes(s, to_toe(exchange_, k), hash);
  ::close(s);
  ends_.at(k)->hex = hash.hex();
}

bool KernelEnds::over() const {
  return std::all_of(ends_.begin(), ends_.end(), [](const auto& end) { return end->over.load(); });
}

std::string KernelEnds::error() const {
  for (const auto& end : ends_) {
    if (end->over && !end->error.empty()) return "kernel: " + end->error;
  }
  return "";
}

std::vector<std::string> KernelEnds::received() const {
  std::vector<std::string> all;
  for (const auto& end : ends_) all.push_back(end->hex);
  return all;
}

}  // namespace vctoe::peers
