#include "models/net/arp.h"

#include <cstring>

#include "models/net/byte_order.h"
#include "models/net/headers.h"

namespace vctoe::net {
namespace {

constexpr std::uint16_t kEthertypeArp = 0x0806;
constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint16_t kHardwareEthernet = 1;
constexpr std::uint16_t kRequest = 1;
constexpr std::uint16_t kReply = 2;
constexpr std::uint32_t kArpBytes = 28;
// Offsets in the packet.
constexpr std::uint32_t kOp = 6, kSenderMac = 8, kSenderIp = 14, kTargetMac = 18, kTargetIp = 24;

void copy(std::uint8_t* to, const MacAddress& mac) {
  std::memcpy(to, mac.data(), mac.size());
}
MacAddress mac_at(const std::uint8_t* p) {
  MacAddress mac{};
  std::memcpy(mac.data(), p, mac.size());
  return mac;
}
bool group(const MacAddress& mac) {
  return (mac[0] & 1u) != 0;
}

}  // namespace

void encode_arp(Frame& frame, const MacAddress& destination, const ArpPacket& packet) {
  std::uint8_t* p = frame.bytes.data();
  std::memset(p, 0, kMinFrameBytes);
  copy(p, destination);
  copy(p + 6, packet.sender_mac);
  store_be16(p + 12, kEthertypeArp);
  p += kEthernetHeaderBytes;
  store_be16(p, kHardwareEthernet);
  store_be16(p + 2, kEthertypeIpv4);
  p[4] = 6;
  p[5] = 4;
  store_be16(p + kOp, packet.request ? kRequest : kReply);
  copy(p + kSenderMac, packet.sender_mac);
  store_be32(p + kSenderIp, packet.sender_ip);
  copy(p + kTargetMac, packet.target_mac);
  store_be32(p + kTargetIp, packet.target_ip);
  frame.size = kMinFrameBytes;
  set_fcs(frame);
}

std::optional<ArpPacket> parse_arp(const Frame& frame) {
  if (frame.size < kEthernetHeaderBytes + kArpBytes + kFcsBytes) return {};
  const std::uint8_t* p = frame.bytes.data();
  if (load_be16(p + 12) != kEthertypeArp) return {};
  p += kEthernetHeaderBytes;
  const bool known = load_be16(p) == kHardwareEthernet && load_be16(p + 2) == kEthertypeIpv4 &&
                     p[4] == 6 && p[5] == 4;
  const std::uint16_t op = load_be16(p + kOp);
  if (!known || (op != kRequest && op != kReply)) return {};
  ArpPacket packet;
  packet.request = op == kRequest;
  packet.sender_mac = mac_at(p + kSenderMac);
  packet.sender_ip = load_be32(p + kSenderIp);
  packet.target_mac = mac_at(p + kTargetMac);
  packet.target_ip = load_be32(p + kTargetIp);
  if (group(packet.sender_mac)) return {};
  return packet;
}

}  // namespace vctoe::net
