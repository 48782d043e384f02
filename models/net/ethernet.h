// What Ethernet adds to a packet, and station addresses. IEEE 802.3 clause 3 (frame), 4.4.2 (gap).
#pragma once

#include <array>
#include <cstdint>

namespace vctoe::net {

constexpr std::uint32_t kPreambleBytes = 8;  ///< preamble and start of frame delimiter
constexpr std::uint32_t kEthernetHeaderBytes = 14;
constexpr std::uint32_t kFcsBytes = 4;
constexpr std::uint32_t kGapBytes = 12;       ///< least gap between frames
constexpr std::uint32_t kMinFrameBytes = 64;  ///< destination address to FCS

/// Bytes of time that a frame of `size` (address to FCS) takes from a saturated line.
constexpr std::uint32_t wire_bytes(std::uint32_t size) {
  return kPreambleBytes + size + kGapBytes;
}

using MacAddress = std::array<std::uint8_t, 6>;

/// Address of the station with this IPv4 address (host order): locally administered, 02:00 and the
/// four bytes of the IP address. Where nobody asks by ARP this rule stands for a filled table.
constexpr MacAddress mac_address_of(std::uint32_t ip) {
  return {2,
          0,
          static_cast<std::uint8_t>(ip >> 24),
          static_cast<std::uint8_t>(ip >> 16),
          static_cast<std::uint8_t>(ip >> 8),
          static_cast<std::uint8_t>(ip)};
}

}  // namespace vctoe::net
