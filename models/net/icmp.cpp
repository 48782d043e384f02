#include "models/net/icmp.h"

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
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint32_t kIcmpHeaderBytes = 8;
constexpr std::uint32_t kQuotedTcpBytes = 8;  // RFC 792: ports and sequence number of TCP

/// Unreachable, source quench, time exceeded and parameter problem quote what they are about.
bool quotes(std::uint8_t type) {
  return type == 3 || type == 4 || type == 11 || type == 12;
}

}  // namespace

std::optional<toe::IcmpError> parse_icmp_error(const Frame& frame) {
  const std::uint8_t* ip = frame.bytes.data() + kIpAt;
  const std::uint32_t header = (ip[0] & 0xfu) * 4;
  const std::uint32_t total = load_be16(ip + 2);
  if (ip[9] != kProtocolIcmp || total < header + kIcmpHeaderBytes + kIpHeaderBytes) return {};
  const std::uint8_t* icmp = ip + header;
  const std::uint32_t length = total - header;
  if (fold_sum(ones_sum(icmp, length)) != 0xffff || !quotes(icmp[0])) return {};
  const std::uint8_t* quoted = icmp + kIcmpHeaderBytes;
  const std::uint32_t quoted_header = (quoted[0] & 0xfu) * 4;
  if (quoted[0] >> 4 != 4 || quoted_header < kIpHeaderBytes || quoted[9] != kProtocolTcp) return {};
  if (length < kIcmpHeaderBytes + quoted_header + kQuotedTcpBytes) return {};
  const std::uint8_t* tcp = quoted + quoted_header;
  toe::IcmpError error;
  error.tuple = {load_be32(quoted + 12), load_be32(quoted + 16), load_be16(tcp),
                 load_be16(tcp + 2)};
  error.seq = {load_be32(tcp + 4)};
  error.type = icmp[0];
  error.code = icmp[1];
  error.next_hop_mtu = load_be16(icmp + 6);
  return error;
}

void encode_icmp_error(Frame& frame, const Frame& quoted, std::uint32_t from,
                       const toe::IcmpError& error) {
  const std::uint32_t length = kIcmpHeaderBytes + kIpHeaderBytes + kQuotedTcpBytes;
  std::uint8_t* p = frame.bytes.data();
  std::memcpy(p, quoted.bytes.data() + 6, 6);
  std::memcpy(p + 6, quoted.bytes.data(), 6);
  store_be16(p + 12, 0x0800);
  std::uint8_t* ip = p + kIpAt;
  std::memset(ip, 0, kIpHeaderBytes + length);
  store_be16(ip, 0x4500);
  store_be16(ip + 2, kIpHeaderBytes + length);
  store_be16(ip + 8, 64 << 8 | kProtocolIcmp);
  store_be32(ip + 12, from);
  std::memcpy(ip + 16, quoted.bytes.data() + kIpAt + 12, 4);
  store_be16(ip + 10, static_cast<std::uint16_t>(~fold_sum(ones_sum(ip, kIpHeaderBytes))));
  std::uint8_t* icmp = ip + kIpHeaderBytes;
  icmp[0] = error.type;
  icmp[1] = error.code;
  store_be16(icmp + 6, error.next_hop_mtu);
  std::memcpy(icmp + kIcmpHeaderBytes, quoted.bytes.data() + kIpAt,
              kIpHeaderBytes + kQuotedTcpBytes);
  store_be16(icmp + 2, static_cast<std::uint16_t>(~fold_sum(ones_sum(icmp, length))));
  frame.size = std::max(kIpAt + kIpHeaderBytes + length, kMinFrameBytes - kFcsBytes) + kFcsBytes;
  set_fcs(frame);
}

}  // namespace vctoe::net
