#include "tb/judge/packet.h"

#include <arpa/inet.h>

#include <algorithm>

namespace vctoe::judge {
namespace {

std::uint16_t get16(const std::uint8_t* p) {
  return static_cast<std::uint16_t>((p[0] << 8) | p[1]);
}
std::uint32_t get32(const std::uint8_t* p) {
  return (std::uint32_t{get16(p)} << 16) | get16(p + 2);
}

/// One option with its data; false when its length is wrong or it has been there before.
bool take_option(std::uint8_t kind, const std::uint8_t* data, std::size_t size, Options& o) {
  switch (kind) {
    case 2:
      if (size != 2 || o.mss) return false;
      o.mss = get16(data);
      return true;
    case 3:
      if (size != 1 || o.scale) return false;
      o.scale = data[0];
      return true;
    case 4:
      if (size != 0 || o.sack_permitted) return false;
      o.sack_permitted = true;
      return true;
    case 5:
      if (size == 0 || size % 8 != 0 || size > 32 || o.sack_blocks != 0) return false;
      for (std::size_t at = 0; at < size; at += 8) {
        o.sack[o.sack_blocks++] = {get32(data + at), get32(data + at + 4)};
      }
      return true;
    case 8:
      if (size != 8 || o.timestamps) return false;
      o.timestamps = true;
      o.ts_value = get32(data);
      o.ts_echo = get32(data + 4);
      return true;
    default:
      return true;
  }
}

Options parse_options(const std::uint8_t* data, std::size_t size) {
  Options o;
  std::size_t at = 0;
  while (at < size && data[at] != 0) {
    if (data[at] == 1) {
      ++at;
      continue;
    }
    if (at + 1 >= size || data[at + 1] < 2 || at + data[at + 1] > size) {
      o.bad = true;
      return o;
    }
    if (!take_option(data[at], data + at + 2, data[at + 1] - std::size_t{2}, o)) o.bad = true;
    at += data[at + 1];
  }
  return o;
}

/// Over the pseudo header too (RFC 9293 3.1).
Sum tcp_sum(const std::uint8_t* ip, const std::uint8_t* tcp, std::size_t length) {
  std::uint32_t sum = 6 + static_cast<std::uint32_t>(length);
  for (std::size_t at = 12; at < 20; at += 2) sum += get16(ip + at);
  return internet_checksum(tcp, length, sum) == 0 ? Sum::kGood : Sum::kBad;
}

}  // namespace

std::string address_text(std::uint32_t ip) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string((ip >> shift) & 255) + (shift > 0 ? "." : "");
  }
  return text;
}

std::string to_string(const Endpoint& e) {
  return address_text(e.ip) + ":" + std::to_string(e.port);
}

std::optional<std::uint32_t> parse_address(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::uint16_t internet_checksum(const std::uint8_t* data, std::size_t length, std::uint32_t sum) {
  std::uint64_t wide = sum;
  for (std::size_t at = 0; at + 1 < length; at += 2) wide += get16(data + at);
  if (length % 2 == 1) wide += static_cast<std::uint64_t>(data[length - 1]) << 8;
  while (wide >> 16 != 0) wide = (wide & 0xffff) + (wide >> 16);
  return static_cast<std::uint16_t>(~wide);
}

Kind parse_ip(const std::uint8_t* data, std::size_t captured, std::size_t length, Packet& packet) {
  if (captured < 20) return length < 20 ? Kind::kMalformed : Kind::kOther;
  if (data[0] >> 4 != 4) return Kind::kOther;
  packet.from.ip = get32(data + 12);
  packet.to.ip = get32(data + 16);
  const std::size_t header = (data[0] & 15) * std::size_t{4};
  const std::size_t total = get16(data + 2);
  if (header < 20 || total < header || total > length) return Kind::kMalformed;
  if (data[9] != 6 || (get16(data + 6) & 0x3fff) != 0) return Kind::kOther;
  if (total < header + 20) return Kind::kMalformed;
  if (captured < header + 20) return Kind::kOther;
  const std::uint8_t* const tcp = data + header;
  const std::size_t tcp_header = (tcp[12] >> 4) * std::size_t{4};
  if (tcp_header < 20 || header + tcp_header > total) return Kind::kMalformed;
  if (captured < header + tcp_header) return Kind::kOther;
  packet.from.port = get16(tcp);
  packet.to.port = get16(tcp + 2);
  packet.seq = get32(tcp + 4);
  packet.ack = get32(tcp + 8);
  packet.flags = tcp[13];
  packet.window = get16(tcp + 14);
  packet.options = parse_options(tcp + 20, tcp_header - 20);
  packet.option_bytes = static_cast<std::uint32_t>(header - 20 + tcp_header - 20);
  packet.payload = tcp + tcp_header;
  packet.length = static_cast<std::uint32_t>(total - header - tcp_header);
  packet.captured = static_cast<std::uint32_t>(std::min(total, captured) - header - tcp_header);
  packet.ip_sum = internet_checksum(data, header, 0) == 0 ? Sum::kGood : Sum::kBad;
  packet.tcp_sum = captured < total ? Sum::kUnknown : tcp_sum(data, tcp, total - header);
  return Kind::kTcp;
}

Kind parse_ethernet(const std::uint8_t* data, std::size_t captured, std::size_t length,
                    Packet& packet) {
  std::size_t at = 12;
  while (captured >= at + 2 && (get16(data + at) == 0x8100 || get16(data + at) == 0x88a8)) at += 4;
  if (captured < at + 2) return Kind::kOther;
  if (get16(data + at) != 0x0800) return Kind::kOther;
  return parse_ip(data + at + 2, captured - at - 2, length - at - 2, packet);
}

}  // namespace vctoe::judge
