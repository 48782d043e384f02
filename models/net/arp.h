// ARP (RFC 826) for IPv4 over Ethernet: packet <-> frame.
#pragma once

#include <cstdint>
#include <optional>

#include "models/net/ethernet.h"
#include "models/net/frame.h"

namespace vctoe::net {

constexpr MacAddress kBroadcast = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

/// The fields of RFC 826; IP addresses in host order.
struct ArpPacket {
  bool request = false;  ///< ares_op$REQUEST; otherwise a reply
  MacAddress sender_mac{};
  std::uint32_t sender_ip = 0;
  MacAddress target_mac{};  ///< of a request: no meaning
  std::uint32_t target_ip = 0;
};

/// Completes `frame`, from the packet's sender to `destination`: padding and FCS included.
void encode_arp(Frame& frame, const MacAddress& destination, const ArpPacket& packet);

/// The packet in `frame`, if it is ARP for IPv4 over Ethernet, request or reply, from a station
/// that can be one. Takes any bytes; the FCS must have been checked (parse_tcp_frame() does).
std::optional<ArpPacket> parse_arp(const Frame& frame);

}  // namespace vctoe::net
