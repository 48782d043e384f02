// The application at the test bench's end of one connection: sends a stream, receives one, closes.
#pragma once

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "sw/app/digest.h"
#include "sw/toe_tb/include/toe_tb.h"

namespace vctoe::peers {

class ToeSide {
 public:
  ToeSide(toe_tb* tb, std::vector<std::uint8_t> to_send) : tb_(tb), to_send_(std::move(to_send)) {}

  void listen(std::uint16_t port) { listener_ = toe_tb_listen(tb_, port, 4); }
  void connect(std::uint32_t ip, std::uint16_t port) { h_ = toe_tb_connect(tb_, ip, port, 0); }
  /// Whatever can be done now: accept, send, receive, close.
  void step();

  bool done() const { return closed_; }
  int error() const { return error_; }
  std::size_t received() const { return received_; }
  std::string hash() { return hash_.hex(); }
  /// Nothing of the connection is left, or what remains is TIME-WAIT.
  bool over() const;

 private:
  void send();
  void receive();

  toe_tb* tb_;
  std::vector<std::uint8_t> to_send_;
  int listener_ = -1, h_ = -1;
  std::size_t sent_ = 0, received_ = 0;
  bool fin_sent_ = false, peer_fin_ = false, closed_ = false;
  int error_ = 0;
  app::Digest hash_;
};

inline void ToeSide::step() {
  if (h_ < 0 && listener_ >= 0) h_ = toe_tb_accept(tb_, listener_, nullptr, nullptr);
  if (h_ < 0 || closed_ || error_ != 0) return;
  send();
  receive();
  if (fin_sent_ && peer_fin_ && toe_tb_close(tb_, h_) == 0) closed_ = true;
}

inline void ToeSide::send() {
  while (sent_ < to_send_.size()) {
    const long n = toe_tb_send(tb_, h_, to_send_.data() + sent_, to_send_.size() - sent_, 1);
    if (n < 0 && n != -EAGAIN) error_ = static_cast<int>(n);
    if (n <= 0) return;
    sent_ += static_cast<std::size_t>(n);
  }
  if (!fin_sent_) fin_sent_ = toe_tb_shutdown_wr(tb_, h_) == 0;
}

inline void ToeSide::receive() {
  std::uint8_t bytes[16384];
  while (!peer_fin_ && error_ == 0) {
    const long n = toe_tb_recv(tb_, h_, bytes, sizeof bytes, 0);
    if (n == -EAGAIN) return;
    if (n < 0) error_ = static_cast<int>(n);
    if (n == 0) peer_fin_ = true;
    if (n <= 0) return;
    hash_.add(bytes, static_cast<std::size_t>(n));
    received_ += static_cast<std::size_t>(n);
  }
}

inline bool ToeSide::over() const {
  constexpr int kClosed = 0, kTimeWait = 10;
  const int status = toe_tb_status(tb_, h_);
  return closed_ && (status == kClosed || status == kTimeWait);
}

}  // namespace vctoe::peers
