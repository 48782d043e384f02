// ICMP errors (RFC 792) about segments that we sent.
#pragma once

#include <optional>

#include "models/net/frame.h"
#include "models/nic/toe/stack_types.h"

namespace vctoe::net {

/// The error that `frame` carries, if it is an ICMP error with a good checksum that quotes enough
/// of a TCP segment: IPv4 header and 8 bytes, ports and sequence number. What the layers below
/// check (FCS, lengths, IPv4 header, addresses) must have been checked: parse_tcp_frame() does, and
/// answers kNotTcp for ICMP.
std::optional<toe::IcmpError> parse_icmp_error(const Frame& frame);

/// For tests and tools: completes `frame`, an ICMP error from `from` about `quoted`, a frame that
/// the addressee sent. `error` says type, code and MTU; its tuple and seq are not looked at.
void encode_icmp_error(Frame& frame, const Frame& quoted, std::uint32_t from,
                       const toe::IcmpError& error);

}  // namespace vctoe::net
