#include "models/net/icmp_echo.h"

#include <algorithm>
#include <cstring>

#include "models/net/byte_order.h"
#include "models/net/checksum.h"
#include "models/net/ethernet.h"
#include "models/net/headers.h"

namespace vctoe::net {
namespace {

constexpr std::uint32_t kIpAt = kEthernetHeaderBytes;
constexpr std::uint8_t kProtocolIcmp = 1;
constexpr std::uint8_t kEchoRequest = 8;
constexpr std::uint8_t kEchoReply = 0;
constexpr std::uint32_t kIcmpHeaderBytes = 8;

/// IPv4 header without options and ICMP checksum over `length` bytes of ICMP, then FCS.
void complete(Frame& frame, std::uint32_t length) {
  std::uint8_t* ip = frame.bytes.data() + kIpAt;
  store_be16(ip, 0x4500);
  store_be16(ip + 2, kIpHeaderBytes + length);
  store_be32(ip + 4, 0x4000);                   // DF
  store_be16(ip + 8, 64 << 8 | kProtocolIcmp);  // TTL
  store_be16(ip + 10, 0);
  store_be16(ip + 10, static_cast<std::uint16_t>(~fold_sum(ones_sum(ip, kIpHeaderBytes))));
  std::uint8_t* icmp = ip + kIpHeaderBytes;
  store_be16(icmp + 2, 0);
  store_be16(icmp + 2, static_cast<std::uint16_t>(~fold_sum(ones_sum(icmp, length))));
  const std::uint32_t end = kIpAt + kIpHeaderBytes + length;
  const std::uint32_t least = kMinFrameBytes - kFcsBytes;
  if (end < least) std::memset(frame.bytes.data() + end, 0, least - end);
  frame.size = std::max(end, least) + kFcsBytes;
  set_fcs(frame);
}

}  // namespace

bool encode_echo_reply(Frame& reply, const Frame& request) {
  const std::uint8_t* asked = request.bytes.data();
  const std::uint8_t* ip = asked + kIpAt;
  const std::uint32_t header = (ip[0] & 0xfu) * 4;
  const std::uint32_t total = load_be16(ip + 2);
  if (ip[9] != kProtocolIcmp || total < header + kIcmpHeaderBytes) return false;
  const std::uint32_t length = total - header;
  const std::uint8_t* icmp = ip + header;
  if (icmp[0] != kEchoRequest || icmp[1] != 0) return false;
  if (fold_sum(ones_sum(icmp, length)) != 0xffff) return false;
  std::uint8_t* p = reply.bytes.data();
  std::memcpy(p, asked + 6, 6);
  std::memcpy(p + 6, asked, 6);
  std::memcpy(p + 12, asked + 12, 2);
  std::memcpy(p + kIpAt + 12, ip + 16, 4);
  std::memcpy(p + kIpAt + 16, ip + 12, 4);
  std::uint8_t* answer = p + kIpAt + kIpHeaderBytes;
  std::memcpy(answer, icmp, length);
  answer[0] = kEchoReply;
  complete(reply, length);
  return true;
}

void encode_echo_request(Frame& frame, std::uint16_t id, std::uint16_t number,
                         std::uint32_t bytes) {
  std::uint8_t* icmp = frame.bytes.data() + kIpAt + kIpHeaderBytes;
  store_be16(icmp, kEchoRequest << 8);
  store_be16(icmp + 4, id);
  store_be16(icmp + 6, number);
  for (std::uint32_t i = 0; i < bytes; ++i) {
    icmp[kIcmpHeaderBytes + i] = static_cast<std::uint8_t>(i);
  }
  complete(frame, kIcmpHeaderBytes + bytes);
}

}  // namespace vctoe::net
