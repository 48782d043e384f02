// Why a frame did not get through: on the way, or when a station looked at it.
#pragma once

#include <cstdint>

#include "models/sim/params.h"

namespace vctoe::net {

/// `detail` of a TraceKind::kFrameDrop record.
enum class DropReason : std::uint8_t {
  kNone,            ///< was not dropped
  kLost,            ///< impairment of the network
  kQueueFull,       ///< drop-tail queue in front of the bottleneck
  kNoRoom,          ///< the receiving NIC had no buffer
  kTruncated,       ///< shorter than a frame may be, or than its headers say
  kBadFcs,          ///< Ethernet CRC
  kNotForUs,        ///< other MAC or IP destination
  kNotIpv4,         ///< Ethertype or version
  kBadIpHeader,     ///< IPv4 header length
  kBadIpChecksum,   ///< IPv4 header checksum
  kFragment,        ///< IPv4 fragment: not reassembled here, the peers send with DF set
  kNotTcp,          ///< IPv4 protocol
  kBadTcpHeader,    ///< TCP data offset
  kBadTcpChecksum,  ///< TCP checksum over pseudo header, header and payload
  kUnprotected,     ///< not encrypted, where everything has to be
  kBadEsp,          ///< ESP: form, SPI or integrity check value
  kCount
};

}  // namespace vctoe::net

namespace vctoe::sim {
template <>
struct EnumNames<net::DropReason> {
  static constexpr std::string_view kNames[] = {
      "none",     "lost",       "queue_full",     "no_room",          "truncated",
      "bad_fcs",  "not_for_us", "not_ipv4",       "bad_ip_header",    "bad_ip_checksum",
      "fragment", "not_tcp",    "bad_tcp_header", "bad_tcp_checksum", "unprotected",
      "bad_esp"};
};
static_assert(std::size(EnumNames<net::DropReason>::kNames) ==
              static_cast<std::size_t>(net::DropReason::kCount));
}  // namespace vctoe::sim
