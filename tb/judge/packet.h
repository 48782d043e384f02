// A TCP segment of a capture taken apart. Written from the RFCs and not from the model's codec,
// which it has to judge: nothing here includes models/ or sw/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace vctoe::judge {

struct Endpoint {
  std::uint32_t ip = 0;  ///< host order
  std::uint16_t port = 0;
};
constexpr bool operator==(const Endpoint& a, const Endpoint& b) {
  return a.ip == b.ip && a.port == b.port;
}
constexpr bool operator<(const Endpoint& a, const Endpoint& b) {
  return a.ip != b.ip ? a.ip < b.ip : a.port < b.port;
}
/// "10.0.0.1".
std::string address_text(std::uint32_t ip);
std::string to_string(const Endpoint& e);
/// Of "10.0.0.1"; nothing if it is no address.
std::optional<std::uint32_t> parse_address(const std::string& text);

enum TcpFlag : std::uint8_t { kFin = 1, kSyn = 2, kRst = 4, kPsh = 8, kAck = 16, kUrg = 32 };

struct SackBlock {
  std::uint32_t left = 0;
  std::uint32_t right = 0;
};

struct Options {
  bool bad = false;  ///< an impossible or wrong length, or an option twice
  std::optional<std::uint16_t> mss;
  std::optional<std::uint8_t> scale;
  bool sack_permitted = false;
  bool timestamps = false;
  std::uint32_t ts_value = 0;
  std::uint32_t ts_echo = 0;
  std::array<SackBlock, 4> sack{};
  std::size_t sack_blocks = 0;
};

enum class Sum : std::uint8_t { kGood, kBad, kUnknown };  ///< unknown: the packet was cut short

struct Packet {
  std::uint64_t frame = 0;  ///< from 1
  Endpoint from, to;
  std::uint8_t flags = 0;
  std::uint32_t seq = 0;
  std::uint32_t ack = 0;
  std::uint32_t window = 0;  ///< as written, not scaled
  Options options;
  std::uint32_t option_bytes = 0;  ///< of IP and TCP
  const std::uint8_t* payload = nullptr;
  std::uint32_t length = 0;    ///< of the payload, by the IP header
  std::uint32_t captured = 0;  ///< of it, how many are there
  Sum ip_sum = Sum::kGood;
  Sum tcp_sum = Sum::kGood;

  bool has(TcpFlag flag) const { return (flags & flag) != 0; }
};

enum class Kind : std::uint8_t {
  kTcp,
  kOther,     ///< no TCP over IPv4, or a fragment
  kMalformed  ///< lengths that contradict each other
};

/// What starts at `data`, an IPv4 packet. `captured` bytes are there of `length`. Of what is
/// malformed the addresses are taken.
Kind parse_ip(const std::uint8_t* data, std::size_t captured, std::size_t length, Packet& packet);

/// The same behind an Ethernet header, with VLAN tags passed over.
Kind parse_ethernet(const std::uint8_t* data, std::size_t captured, std::size_t length,
                    Packet& packet);

/// The Internet checksum (RFC 1071) of some bytes, begun with `sum`; 0 over a good header.
std::uint16_t internet_checksum(const std::uint8_t* data, std::size_t length, std::uint32_t sum);

}  // namespace vctoe::judge
