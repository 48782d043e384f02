#include "models/net/headers.h"

#include <algorithm>
#include <cstring>

#include "models/net/byte_order.h"
#include "models/net/checksum.h"
#include "models/net/tcp_options.h"
#include "models/sim/error.h"

namespace vctoe::net {
namespace {

constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint8_t kProtocolTcp = 6;
constexpr std::uint32_t kIpAt = kEthernetHeaderBytes;

/// Where the parts of a received frame lie.
struct Layout {
  std::uint32_t tcp = 0;         ///< offset of the TCP header
  std::uint32_t tcp_length = 0;  ///< header and payload
};

/// Pseudo header of RFC 9293 section 3.1, in memory order like ones_sum().
std::uint64_t pseudo_header_sum(const std::uint8_t* ip, std::uint32_t tcp_length) {
  std::uint8_t rest[4];
  store_be16(rest, kProtocolTcp);
  store_be16(rest + 2, tcp_length);
  return ones_sum(ip + 12, 8) + ones_sum(rest, 4);
}

void put_ethernet(std::uint8_t* p, const EthernetAddresses& addresses) {
  std::memcpy(p, addresses.destination.data(), 6);
  std::memcpy(p + 6, addresses.source.data(), 6);
  store_be16(p + 12, kEthertypeIpv4);
}

void put_ip(std::uint8_t* p, const toe::Segment& s, std::uint32_t tcp_length, std::uint16_t id) {
  store_be16(p, 0x4500u | s.diffserv << 2 | static_cast<std::uint8_t>(s.ecn));  // five words
  store_be16(p + 2, kIpHeaderBytes + tcp_length);
  store_be16(p + 4, id);
  store_be16(p + 6, 0x4000);  // DF
  store_be16(p + 8, s.ttl << 8 | kProtocolTcp);
  store_be16(p + 10, 0);
  store_be32(p + 12, s.tuple.local_ip);
  store_be32(p + 16, s.tuple.remote_ip);
  store_be16(p + 10, static_cast<std::uint16_t>(~fold_sum(ones_sum(p, kIpHeaderBytes))));
}

void put_tcp(std::uint8_t* p, const toe::Segment& s, std::uint32_t header) {
  store_be16(p, s.tuple.local_port);
  store_be16(p + 2, s.tuple.remote_port);
  store_be32(p + 4, s.seq.v);
  store_be32(p + 8, s.ack.v);
  p[12] = static_cast<std::uint8_t>(header / 4 << 4);
  p[13] = s.flags;
  store_be16(p + 14, s.window);
  store_be32(p + 16, s.urgent);  // behind a checksum of 0
  encode_options(s, p + kTcpHeaderBytes);
}

DropReason check_ethernet(const Frame& frame, const LocalAddresses* us) {
  if (frame.size < kMinFrameBytes || frame.size > Frame::kCapacity) return DropReason::kTruncated;
  const std::uint32_t covered = frame.size - kFcsBytes;
  const std::uint8_t* p = frame.bytes.data();
  if (crc32(p, covered) != load_le32(p + covered)) return DropReason::kBadFcs;
  if (us != nullptr && std::memcmp(p, us->mac.data(), 6) != 0) return DropReason::kNotForUs;
  return load_be16(p + 12) == kEthertypeIpv4 ? DropReason::kNone : DropReason::kNotIpv4;
}

DropReason check_ip(const Frame& frame, const LocalAddresses* us, Layout& layout) {
  const std::uint8_t* p = frame.bytes.data() + kIpAt;
  const std::uint32_t room = frame.size - kFcsBytes - kIpAt;
  const std::uint32_t header = (p[0] & 0xfu) * 4;
  if (p[0] >> 4 != 4) return DropReason::kNotIpv4;
  if (header < kIpHeaderBytes || header > room) return DropReason::kBadIpHeader;
  if (fold_sum(ones_sum(p, header)) != 0xffff) return DropReason::kBadIpChecksum;
  const std::uint32_t total = load_be16(p + 2);
  if (total < header || total > room) return DropReason::kTruncated;
  if ((load_be16(p + 6) & 0x3fff) != 0) return DropReason::kFragment;
  if (us != nullptr && load_be32(p + 16) != us->ip) return DropReason::kNotForUs;
  if (p[9] != kProtocolTcp) return DropReason::kNotTcp;
  layout.tcp = kIpAt + header;
  layout.tcp_length = total - header;
  return DropReason::kNone;
}

DropReason check_tcp(const Frame& frame, const Layout& layout) {
  if (layout.tcp_length < kTcpHeaderBytes) return DropReason::kTruncated;
  const std::uint8_t* p = frame.bytes.data() + layout.tcp;
  const std::uint32_t header = (p[12] >> 4) * 4u;
  if (header < kTcpHeaderBytes || header > layout.tcp_length) return DropReason::kBadTcpHeader;
  const std::uint64_t sum = pseudo_header_sum(frame.bytes.data() + kIpAt, layout.tcp_length) +
                            ones_sum(p, layout.tcp_length);
  return fold_sum(sum) == 0xffff ? DropReason::kNone : DropReason::kBadTcpChecksum;
}

void take_segment(const Frame& frame, const Layout& layout, ParseResult& out) {
  const std::uint8_t* ip = frame.bytes.data() + kIpAt;
  const std::uint8_t* p = frame.bytes.data() + layout.tcp;
  const std::uint32_t header = (p[12] >> 4) * 4u;
  toe::Segment& s = out.segment;
  s.tuple = {load_be32(ip + 16), load_be32(ip + 12), load_be16(p + 2), load_be16(p)};
  s.seq = {load_be32(p + 4)};
  s.ack = {load_be32(p + 8)};
  s.flags = p[13];
  s.ecn = static_cast<toe::Ecn>(ip[1] & 3u);
  s.window = load_be16(p + 14);
  s.urgent = load_be16(p + 18);
  s.ttl = ip[8];
  s.diffserv = ip[1] >> 2;
  s.length = layout.tcp_length - header;
  out.payload_offset = layout.tcp + header;
  out.malformed_options = !parse_options(p + kTcpHeaderBytes, header - kTcpHeaderBytes, s);
}

ParseResult parse(const Frame& frame, const LocalAddresses* us) {
  ParseResult out;
  Layout layout;
  out.error = check_ethernet(frame, us);
  if (out.ok()) out.error = check_ip(frame, us, layout);
  if (out.ok()) out.error = check_tcp(frame, layout);
  if (out.ok()) take_segment(frame, layout, out);
  return out;
}

}  // namespace

std::uint32_t header_length(const toe::Segment& segment) {
  return kEthernetHeaderBytes + kIpHeaderBytes + kTcpHeaderBytes + options_length(segment);
}

void set_fcs(Frame& frame) {
  const std::uint32_t covered = frame.size - kFcsBytes;
  store_le32(frame.bytes.data() + covered, crc32(frame.bytes.data(), covered));
}

std::uint32_t encode_tcp_frame(Frame& frame, const EthernetAddresses& addresses,
                               const toe::Segment& segment, std::uint16_t ip_id) {
  const std::uint32_t before_payload = header_length(segment);
  sim::ensure(segment.length <= Frame::kCapacity - kFcsBytes - before_payload,
              "frame codec: segment does not fit into a frame");
  const std::uint32_t end = before_payload + segment.length;
  const std::uint32_t tcp_length = end - kIpAt - kIpHeaderBytes;
  std::uint8_t* ip = frame.bytes.data() + kIpAt;
  std::uint8_t* tcp = ip + kIpHeaderBytes;
  put_ethernet(frame.bytes.data(), addresses);
  put_ip(ip, segment, tcp_length, ip_id);
  put_tcp(tcp, segment, tcp_length - segment.length);
  // The payload first: the headers just written are then out of the store buffer when they are
  // read.
  const std::uint64_t payload_sum = ones_sum(frame.bytes.data() + before_payload, segment.length);
  const std::uint64_t sum =
      payload_sum + pseudo_header_sum(ip, tcp_length) + ones_sum(tcp, tcp_length - segment.length);
  store_be16(tcp + 16, static_cast<std::uint16_t>(~fold_sum(sum)));
  const std::uint32_t padded = std::max(end, kMinFrameBytes - kFcsBytes);
  std::memset(frame.bytes.data() + end, 0, padded - end);
  frame.size = padded + kFcsBytes;
  set_fcs(frame);
  return frame.size;
}

ParseResult parse_tcp_frame(const Frame& frame) {
  return parse(frame, nullptr);
}

ParseResult parse_tcp_frame(const Frame& frame, const LocalAddresses& us) {
  return parse(frame, &us);
}

TcpPeek peek_tcp(const Frame& frame) {
  const std::uint8_t* p = frame.bytes.data();
  if (frame.size < kMinFrameBytes || frame.size > Frame::kCapacity) return {};
  if (load_be16(p + 12) != kEthertypeIpv4 || p[kIpAt + 9] != kProtocolTcp) return {};
  const std::uint32_t ip_header = (p[kIpAt] & 0xfu) * 4;
  const std::uint32_t tcp = kIpAt + ip_header;
  if (tcp + kTcpHeaderBytes > frame.size - kFcsBytes) return {};
  const std::uint32_t headers = ip_header + (p[tcp + 12] >> 4) * 4u;
  const std::uint32_t total = load_be16(p + kIpAt + 2);
  return {load_be32(p + tcp + 4), total > headers ? total - headers : 0};
}

}  // namespace vctoe::net
