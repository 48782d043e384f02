// One connection of a capture: what both hosts agreed on and have sent so far, and every segment
// held against it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tb/judge/expectations.h"
#include "tb/judge/packet.h"
#include "tb/judge/rules.h"
#include "tb/judge/stream.h"

namespace vctoe::judge {

class Conversation {
 public:
  /// Findings are put behind those of `out`.
  Conversation(const Packet& first, const Expectations& expected, std::vector<Finding>& out);

  void see(const Packet& p);

  /// `p` is a SYN of a host that has sent one already, and no repetition of it: perhaps the start
  /// of another connection between the same ports.
  bool is_new_syn(const Packet& p) const;
  /// Both hosts have closed, or one has reset.
  bool ended() const;
  /// That, or the peer has never answered: the ports are free.
  bool over() const;
  /// The handshake has been seen.
  bool whole() const { return sides_[0].syn && sides_[1].syn; }

  const Endpoint& host(std::size_t side) const { return sides_[side].at; }
  const Stream& stream(std::size_t side) const { return sides_[side].sent; }
  bool finished(std::size_t side) const { return sides_[side].fin >= 0; }
  bool reset() const { return reset_; }
  std::uint64_t frames() const { return frames_; }

 private:
  /// A pure acknowledgement as it was written.
  struct AckWords {
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t window = 0;
    std::vector<std::uint32_t> sack;
    bool operator==(const AckWords& o) const {
      return seq == o.seq && ack == o.ack && window == o.window && sack == o.sack;
    }
  };
  struct Side {
    Endpoint at;
    bool syn = false;
    Stream sent;
    Place fin = -1;
    // As its SYN said.
    std::optional<std::uint16_t> mss;
    std::optional<std::uint8_t> scale;
    bool sack_permitted = false;
    bool timestamps = false;
    // What it has told the peer: places in the peer's stream.
    bool acked = false;  ///< the next three have values
    Place ack = 0;
    Place edge = 0;         ///< the furthest right edge
    Place latest_edge = 0;  ///< the one of the latest segment
    std::uint32_t window = 0;
    bool ts_seen = false;
    std::uint32_t ts_value = 0;
    std::optional<AckWords> pure_ack;  ///< the latest
    unsigned heard = 0;                ///< received, and worth a pure acknowledgement each
  };

  void report(Rule rule, const Packet& p, std::string detail = "");
  bool ordered(const Side& side) const {
    return !expected_.reorders || expected_.is_local(side.at.ip);
  }
  void begin_unseen(Side& me, Side& peer, const Packet& p);
  void see_syn(Side& me, const Side& peer, const Packet& p);
  void see_payload(Side& me, const Side& peer, const Packet& p);
  void see_fin(Side& me, const Packet& p);
  void see_ack(Side& me, const Side& peer, const Packet& p);
  void see_window(Side& me, Place ack, const Packet& p);
  void see_sack(const Side& me, const Side& peer, const Packet& p);
  void see_timestamps(Side& me, const Side& peer, const Packet& p);
  void see_repetition(Side& me, Side& peer, const Packet& p, bool astray);

  const Expectations& expected_;
  std::vector<Finding>& out_;
  std::array<Side, 2> sides_;
  bool partial_ = false;  ///< the handshake lies before the capture
  bool reset_ = false;
  std::uint64_t frames_ = 0;
};

}  // namespace vctoe::judge
