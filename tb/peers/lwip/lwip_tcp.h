// lwIP in this process, in virtual time: one station with one TCP connection (raw API).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sw/app/digest.h"

struct tcp_pcb;
struct pbuf;

namespace vctoe::peers {

class LwipTcp {
 public:
  struct Setup {
    std::uint32_t ip = 0, toe_ip = 0;   ///< host order
    std::vector<std::uint8_t> to_send;  ///< then FIN
    bool nagle = true;
    std::uint32_t ticks =
        0;  ///< lwIP's clock of 500 ms at the start: its sequence numbers follow it
  };
  /// A frame without FCS leaves.
  using Send = std::function<void(const std::uint8_t* frame, std::size_t n)>;

  LwipTcp(Setup setup, Send send);

  void listen(std::uint16_t port);
  void connect(std::uint16_t port);
  /// A frame arrives.
  void input(const std::uint8_t* frame, std::size_t n);
  /// The time is `now_ns`: timers, and what can be sent.
  void step(std::uint64_t now_ns);
  /// When a timer runs out, ns.
  std::uint64_t next(std::uint64_t now_ns) const;

  bool sent_all() const { return fin_sent_; }
  bool saw_end() const { return peer_fin_; }
  bool failed() const { return failed_; }
  std::size_t received() const { return received_; }
  /// Hash of what was received; once, at the end.
  std::string hash() { return hash_.hex(); }

 private:
  static signed char on_accept(void* self, tcp_pcb* pcb, signed char error);
  static signed char on_connected(void* self, tcp_pcb* pcb, signed char error);
  static signed char on_recv(void* self, tcp_pcb* pcb, pbuf* p, signed char error);
  static void on_error(void* self, signed char error);
  void adopt(tcp_pcb* pcb);
  void push();

  Setup setup_;
  tcp_pcb* pcb_ = nullptr;
  bool open_ = false;
  std::size_t queued_ = 0;
  bool fin_sent_ = false, peer_fin_ = false, failed_ = false;
  std::size_t received_ = 0;
  app::Digest hash_;
};

}  // namespace vctoe::peers
