// ICMP echo (RFC 792; RFC 1122 section 3.2.2.6).
#pragma once

#include "models/net/frame.h"

namespace vctoe::net {

/// Makes `reply` the answer to the echo request in `request`: same identifier, number and data, to
/// where it came from; IP options are left out. False, and `reply` untouched, when there is no
/// sound echo request in it. What the layers below check must have been checked: parse_tcp_frame()
/// does, and answers kNotTcp for ICMP. `reply` is complete with FCS.
bool encode_echo_reply(Frame& reply, const Frame& request);

/// For tests and tools: an echo request in `frame`, whose Ethernet and IPv4 header stand already;
/// the data are `bytes` bytes that count up.
void encode_echo_request(Frame& frame, std::uint16_t id, std::uint16_t number, std::uint32_t bytes);

}  // namespace vctoe::net
