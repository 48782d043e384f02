// A TCP core behind the frame codec, driven by a script of bytes and watched at every call: what is
// wrong stops the program, which is what a fuzzer looks for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/net/headers.h"
#include "models/nic/toe/stack.h"

namespace vctoe::fuzz {

/// The script; zeros when it is at its end.
class Script {
 public:
  Script(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  bool empty() const { return left_ == 0; }
  std::uint8_t u8() {
    if (left_ == 0) return 0;
    --left_;
    return *data_++;
  }
  std::uint16_t u16() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
  }
  std::uint32_t u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
  }
  /// Near zero in both directions, or far away.
  std::uint32_t near();
  /// As u8() % n.
  unsigned pick(unsigned n) { return u8() % n; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

/// Says what is wrong and ends the program, unless `holds`.
void demand(bool holds, const char* what);

/// Parameters of the core as the head of the script says.
toe::TcpParams params_of(Script& script);

class Host : public toe::StackListener {
 public:
  explicit Host(Script& script);

  /// One step: a frame, time, a command of the user, or what is to be sent.
  void step();
  /// Everything that has been held is sent, every connection aborted; nothing may be left.
  void finish();

  void accepted(toe::ConnectionId id, const toe::FourTuple& tuple) override;
  void established(toe::ConnectionId id, toe::Seq first) override;
  void state_changed(toe::ConnectionId id, toe::State state) override;
  void acknowledged(toe::ConnectionId id, std::uint64_t offset) override;
  void place(toe::ConnectionId id, std::uint64_t offset, std::uint32_t skip,
             std::uint32_t length) override;
  void received(toe::ConnectionId id, std::uint64_t offset) override;
  void peer_closed(toe::ConnectionId id) override;
  void rto_expired(toe::ConnectionId id, toe::Seq una) override;
  void closed(toe::ConnectionId id, toe::CloseReason reason) override;

 private:
  static constexpr toe::ConnectionId kConnections = 4;
  static constexpr std::uint64_t kPosted = 1 << 17;  ///< bytes a connection posts at most

  struct Record {
    bool open = false;
    bool established = false;
    bool closing = false;     ///< the user has closed: it posts no more
    std::uint32_t first = 0;  ///< sequence number of the peer's first byte
    std::uint64_t space = 0;
    std::uint64_t posted = 0;
    std::uint64_t available = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t received = 0;
    bool peer_closed = false;
    std::vector<bool> placed;
  };

  void segment();
  void raw_frame();
  void put_options(std::vector<std::uint8_t>& out, const toe::ConnectionView* view);
  void put_frame(std::vector<std::uint8_t> bytes, unsigned damage);
  void deliver(net::Frame& frame);
  void time();
  void command();
  void rare_command(unsigned which, toe::ConnectionId id);
  void icmp_error(toe::ConnectionId id);
  void pump(unsigned plans);
  void leave(const toe::TxPlan& plan);
  void check_sent(const toe::Segment& segment, toe::ConnectionId id);
  bool was_placed(const Record& r, std::uint64_t begin, std::uint64_t end) const;

  Script& script_;
  toe::TcpParams params_;
  std::array<Record, kConnections> records_;
  toe::Stack stack_;
  net::FramePool pool_;
  sim::Time now_ = sim::Time::from_us(1);
  std::deque<toe::TxPlan> held_;  ///< plans that are out
  const toe::Segment* arriving_ = nullptr;
};

}  // namespace vctoe::fuzz
