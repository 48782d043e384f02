#include "tb/peers/tap/streams.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace vctoe::peers {

namespace {
constexpr std::size_t kPiece = 64 * 1024;
}  // namespace

// ---- bytes --------------------------------------------------------------------------------------

std::size_t Source::read(std::uint64_t at, std::uint8_t* to, std::size_t n) const {
  const auto got = static_cast<std::size_t>(std::min<std::uint64_t>(n, length_ - at));
  for (std::size_t i = 0; i < got;) {
    std::uint64_t z = (number_ + 1) * 0x9e3779b97f4a7c15 + (at + i) / 8;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z ^= z >> 31;
    std::array<std::uint8_t, 8> word{};
    std::memcpy(word.data(), &z, 8);
    const std::size_t from = (at + i) % 8;
    const std::size_t some = std::min(8 - from, got - i);
    std::memcpy(to + i, word.data() + from, some);
    i += some;
  }
  return got;
}

std::string Source::sha256() const {
  app::Digest hash;
  std::vector<std::uint8_t> piece(kPiece);
  for (std::uint64_t at = 0; at < length_;) {
    const std::size_t n = read(at, piece.data(), piece.size());
    hash.add(piece.data(), n);
    at += n;
  }
  return hash.hex();
}

Source to_kernel(const Exchange& e, std::size_t k) {
  return {2 * k, e.to_kernel};
}
Source to_toe(const Exchange& e, std::size_t k) {
  return {2 * k + 1, e.to_toe};
}

// ---- the modelled host --------------------------------------------------------------------------

ToeEnds::ToeEnds(toe_tb* host, const Exchange& exchange) : exchange_(exchange) {
  ends_.resize(exchange.toe_opens + exchange.kernel_opens);
  for (std::size_t k = 0; k < ends_.size(); ++k) {
    ends_[k].source = std::make_unique<Source>(to_kernel(exchange, k));
    if (k < exchange.toe_opens) {
      const auto port = static_cast<std::uint16_t>(kFirstPort + k);
      ends_[k].handle = toe_tb_connect(host, kKernelIp, kKernelPort, port);
      if (ends_[k].handle < 0) error_ = "connect: " + std::to_string(ends_[k].handle);
    }
  }
  if (exchange.kernel_opens == 0) return;
  listener_ = toe_tb_listen(host, kToePort, static_cast<int>(exchange.kernel_opens));
  if (listener_ < 0) error_ = "listen: " + std::to_string(listener_);
}

/// The peer's port says which of the connections it is.
bool ToeEnds::accept(toe_tb* host) {
  if (accepted_ == exchange_.kernel_opens) return false;
  std::uint32_t ip = 0;
  std::uint16_t port = 0;
  const int h = toe_tb_accept(host, listener_, &ip, &port);
  if (h < 0) return false;
  ++accepted_;
  if (ip != kKernelIp || port < kFirstPort || port - kFirstPort >= static_cast<int>(ends_.size())) {
    error_ = "accepted a stranger";
    return false;
  }
  ends_[static_cast<std::size_t>(port - kFirstPort)].handle = h;
  return true;
}

bool ToeEnds::send(toe_tb* host, End& end) {
  std::array<std::uint8_t, kPiece> piece;
  const std::size_t n = end.source->read(end.sent, piece.data(), piece.size());
  if (n == 0) {
    end.finished_sending = true;
    toe_tb_shutdown_wr(host, end.handle);
    return true;
  }
  const long taken = toe_tb_send(host, end.handle, piece.data(), n, 1);
  if (taken == -EAGAIN) return false;
  if (taken < 0) {
    error_ = "send: " + std::to_string(taken);
    return false;
  }
  end.sent += static_cast<std::uint64_t>(taken);
  return true;
}

bool ToeEnds::receive(toe_tb* host, End& end) {
  std::array<std::uint8_t, kPiece> piece;
  const long n = toe_tb_recv(host, end.handle, piece.data(), piece.size(), 0);
  if (n == -EAGAIN) return false;
  if (n < 0) {
    error_ = "receive: " + std::to_string(n);
    return false;
  }
  end.finished_receiving = n == 0;
  end.hash.add(piece.data(), static_cast<std::size_t>(n));
  return true;
}

/// Closed in order: the bytes and the FIN have been acknowledged when its state says so.
void ToeEnds::finish(toe_tb* host, End& end) {
  long rexmits = 0;
  if (toe_tb_getopt(host, end.handle, "rexmits", &rexmits) == 0) {
    rexmits_ += static_cast<std::uint64_t>(rexmits);
  }
  toe_tb_close(host, end.handle);
  end.hex = end.hash.hex();
  ++over_;
}

bool ToeEnds::step(toe_tb* host) {
  bool busy = accept(host);
  for (End& end : ends_) {
    if (end.handle < 0 || !end.hex.empty() || !error_.empty()) continue;
    if (!end.finished_sending) busy |= send(host, end);
    if (!end.finished_receiving) busy |= receive(host, end);
    if (!end.finished_sending || !end.finished_receiving) continue;
    finish(host, end);
    busy = true;
  }
  return busy;
}

std::vector<std::string> ToeEnds::received() const {
  std::vector<std::string> all;
  for (const End& end : ends_) all.push_back(end.hex);
  return all;
}

}  // namespace vctoe::peers
