// TCP segments as values: what the core takes and gives. Encoding to bytes is the frame codec's
// (models/net/headers.h); nothing here knows Ethernet, DMA or SystemC.
#pragma once

#include <array>
#include <cstdint>

#include "models/sim/units.h"

namespace vctoe::toe {

/// TCP sequence number: 32 bits, compared modulo 2^32 (RFC 9293 section 3.4).
struct Seq {
  std::uint32_t v = 0;
};
constexpr Seq operator+(Seq a, std::uint32_t n) {
  return {a.v + n};
}
constexpr Seq operator-(Seq a, std::uint32_t n) {
  return {a.v - n};
}
/// Distance from b to a, signed: positive when a comes later.
constexpr std::int32_t operator-(Seq a, Seq b) {
  return static_cast<std::int32_t>(a.v - b.v);
}
constexpr bool operator==(Seq a, Seq b) {
  return a.v == b.v;
}
constexpr bool operator!=(Seq a, Seq b) {
  return a.v != b.v;
}
constexpr bool operator<(Seq a, Seq b) {
  return a - b < 0;
}
constexpr bool operator<=(Seq a, Seq b) {
  return a - b <= 0;
}
constexpr bool operator>(Seq a, Seq b) {
  return a - b > 0;
}
constexpr bool operator>=(Seq a, Seq b) {
  return a - b >= 0;
}

/// Control bits, as in the header.
enum Flags : std::uint8_t {
  kFin = 0x01,
  kSyn = 0x02,
  kRst = 0x04,
  kPsh = 0x08,
  kAck = 0x10,
  kUrg = 0x20,
  kEce = 0x40,
  kCwr = 0x80
};

/// Field of the IP header for explicit congestion notification (RFC 3168 section 5).
enum class Ecn : std::uint8_t { kNotCapable, kCapable1, kCapable0, kExperienced };

struct SackBlock {
  Seq left;   ///< first byte received
  Seq right;  ///< first byte not received
};

/// Addresses of a connection, host order.
struct FourTuple {
  std::uint32_t local_ip = 0;
  std::uint32_t remote_ip = 0;
  std::uint16_t local_port = 0;
  std::uint16_t remote_port = 0;
};
constexpr bool operator==(const FourTuple& a, const FourTuple& b) {
  return a.local_ip == b.local_ip && a.remote_ip == b.remote_ip && a.local_port == b.local_port &&
         a.remote_port == b.remote_port;
}

/// Header of one segment with its options, and the length of its payload. For a received segment
/// `tuple` is seen from the receiver (local = destination).
struct Segment {
  FourTuple tuple;
  Seq seq;
  Seq ack;
  std::uint8_t flags = 0;
  std::uint8_t sack_count = 0;  ///< RFC 2018, at most 4
  bool has_mss = false;
  bool has_window_scale = false;
  bool sack_permitted = false;
  bool has_timestamps = false;
  std::uint16_t window = 0;  ///< as in the header, unscaled
  std::uint16_t mss = 0;
  std::uint8_t window_scale = 0;
  Ecn ecn = Ecn::kNotCapable;
  std::uint32_t ts_value = 0;
  std::uint32_t ts_echo = 0;
  std::array<SackBlock, 4> sack{};
  std::uint32_t length = 0;   ///< payload bytes
  std::uint16_t urgent = 0;   ///< with kUrg: bytes from `seq` on, up to the end of urgent data
  std::uint8_t ttl = 64;      ///< of the IP header
  std::uint8_t diffserv = 0;  ///< its code point (RFC 2474)

  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  /// Sequence space that the segment takes (payload, SYN and FIN).
  std::uint32_t sequence_length() const {
    return length + (has(kSyn) ? 1u : 0u) + (has(kFin) ? 1u : 0u);
  }
};

}  // namespace vctoe::toe
