// The frame codec: toe::Segment <-> Ethernet II + IPv4 + TCP in real bytes with real checksums.
// Packet 152 inside frame 150 of the specification's FIG. 6.
#pragma once

#include <cstdint>

#include "models/net/drop_reason.h"
#include "models/net/ethernet.h"
#include "models/net/frame.h"
#include "models/nic/toe/segment.h"

namespace vctoe::net {

struct EthernetAddresses {
  MacAddress destination{};
  MacAddress source{};
};

/// A station; what is addressed to somebody else is refused. IP in host order.
struct LocalAddresses {
  MacAddress mac{};
  std::uint32_t ip = 0;
};

constexpr std::uint32_t kIpHeaderBytes = 20;   ///< as we send it: no options
constexpr std::uint32_t kTcpHeaderBytes = 20;  ///< without options

/// Bytes in front of the payload: Ethernet, IPv4 and TCP header with the segment's options.
std::uint32_t header_length(const toe::Segment& segment);

/// Completes `frame`, whose payload (segment.length bytes) has been placed at
/// header_length(segment): headers (RFC 894, RFC 791 with DF and TTL 64, RFC 9293), IPv4 and TCP
/// checksum, padding to 60 bytes and FCS. segment.tuple is seen from the sender (local = source).
/// Sets and returns frame.size; does not touch frame.txn. `ip_id` has no meaning with DF set (RFC
/// 6864) but lets people follow a capture.
std::uint32_t encode_tcp_frame(Frame& frame, const EthernetAddresses& addresses,
                               const toe::Segment& segment, std::uint16_t ip_id = 0);

/// A received frame taken apart. `segment` is valid when ok(); tuple seen from the receiver.
struct ParseResult {
  DropReason error = DropReason::kNone;
  bool malformed_options = false;    ///< an option length was impossible; those before it count
  std::uint32_t payload_offset = 0;  ///< segment.length bytes from here in the frame
  toe::Segment segment;
  bool ok() const { return error == DropReason::kNone; }
};

/// Verifies FCS, lengths, IPv4 and TCP checksum, in the order of the layers, and says what was
/// wrong first. Takes any bytes. The first form accepts frames to any station.
ParseResult parse_tcp_frame(const Frame& frame);
ParseResult parse_tcp_frame(const Frame& frame, const LocalAddresses& us);

/// Sequence number and payload length read off a frame without any check, for counting and traces;
/// zeros when it is no TCP.
struct TcpPeek {
  std::uint32_t sequence = 0;
  std::uint32_t payload = 0;
};
TcpPeek peek_tcp(const Frame& frame);

/// Writes the FCS of what stands in the frame; size includes it.
void set_fcs(Frame& frame);

}  // namespace vctoe::net
