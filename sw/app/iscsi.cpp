#include "sw/app/iscsi.h"

namespace vctoe::app::iscsi {

namespace {

constexpr std::uint8_t kFinal = 0x80;
constexpr std::uint8_t kRead = 0x40;
constexpr std::uint8_t kWrite = 0x20;
constexpr std::uint8_t kSimpleTask = 1;
constexpr std::uint8_t kOverflow = 0x04;
constexpr std::uint8_t kRead16 = 0x88;
constexpr std::uint32_t kNoTag = 0xffff'ffff;

void put32(Header& h, std::size_t at, std::uint64_t value) {
  for (std::size_t i = 0; i < 4; ++i) h[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::uint32_t get32(const Header& h, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | h[at + i];
  return value;
}

/// Byte 4, the length of additional headers, and the data segment's length in the three behind it.
std::uint32_t lengths(const Header& h) {
  return get32(h, 4);
}

Header start(Opcode opcode, std::uint8_t flags, std::uint32_t task) {
  Header h{};
  h[0] = static_cast<std::uint8_t>(opcode);
  h[1] = flags;
  put32(h, 16, task);
  return h;
}

bool is(const Header& h, Opcode opcode) {
  return opcode_of(h) == opcode;
}

}  // namespace

void Params::declare(sim::ParamList& list) {
  list.add("segment", segment, sim::bytes_range({512}, sim::Bytes::mib(1)),
           "data of one Data-In PDU, a multiple of 4",
           "RFC 7143 13.12: MaxRecvDataSegmentLength, by default 8192");
  list.add("command", command, sim::bytes_range({512}, sim::Bytes::mib(64)),
           "data that one SCSI command reads, a multiple of 512",
           "RFC 7143 13.13: MaxBurstLength, by default 262144");
  list.add("depth", depth, {1, 64}, "commands that the initiator has outstanding",
           "own choice: keeps the target busy over a round trip");
}

Opcode opcode_of(const Header& header) {
  return static_cast<Opcode>(header[0] & 0x3f);
}

Header encode(const Command& p) {
  Header h = start(Opcode::kCommand, kFinal | kRead | kSimpleTask, p.task);
  put32(h, 20, p.expected);
  put32(h, 24, p.cmd_sn);
  put32(h, 28, p.exp_stat_sn);
  h[32] = kRead16;
  put32(h, 34, p.lba >> 32);
  put32(h, 38, p.lba);
  put32(h, 42, p.blocks);
  return h;
}

bool decode(const Header& h, Command& p) {
  if (!is(h, Opcode::kCommand) || lengths(h) != 0 || h[32] != kRead16) return false;
  if ((h[1] & (kFinal | kRead | kWrite)) != (kFinal | kRead)) return false;
  p.task = get32(h, 16);
  p.expected = get32(h, 20);
  p.cmd_sn = get32(h, 24);
  p.exp_stat_sn = get32(h, 28);
  p.lba = std::uint64_t{get32(h, 34)} << 32 | get32(h, 38);
  p.blocks = get32(h, 42);
  return true;
}

Header encode(const DataIn& p) {
  Header h = start(Opcode::kDataIn, p.last ? kFinal : 0, p.task);
  put32(h, 4, p.length);
  put32(h, 20, kNoTag);
  put32(h, 28, p.exp_cmd_sn);
  put32(h, 32, p.max_cmd_sn);
  put32(h, 36, p.data_sn);
  put32(h, 40, p.offset);
  return h;
}

bool decode(const Header& h, DataIn& p) {
  if (!is(h, Opcode::kDataIn) || h[4] != 0 || (h[1] & ~kFinal) != 0) return false;
  p.last = (h[1] & kFinal) != 0;
  p.length = lengths(h);
  p.task = get32(h, 16);
  p.exp_cmd_sn = get32(h, 28);
  p.max_cmd_sn = get32(h, 32);
  p.data_sn = get32(h, 36);
  p.offset = get32(h, 40);
  return get32(h, 20) == kNoTag;
}

Header encode(const Response& p) {
  Header h = start(Opcode::kResponse, p.overflow != 0 ? kFinal | kOverflow : kFinal, p.task);
  h[2] = p.response;
  h[3] = p.status;
  put32(h, 24, p.stat_sn);
  put32(h, 28, p.exp_cmd_sn);
  put32(h, 32, p.max_cmd_sn);
  put32(h, 36, p.exp_data_sn);
  put32(h, 44, p.overflow);
  return h;
}

bool decode(const Header& h, Response& p) {
  if (!is(h, Opcode::kResponse) || lengths(h) != 0 || (h[1] & ~kOverflow) != kFinal) return false;
  p.response = h[2];
  p.status = h[3];
  p.task = get32(h, 16);
  p.stat_sn = get32(h, 24);
  p.exp_cmd_sn = get32(h, 28);
  p.max_cmd_sn = get32(h, 32);
  p.exp_data_sn = get32(h, 36);
  p.overflow = get32(h, 44);
  return ((h[1] & kOverflow) != 0) == (p.overflow != 0);
}

}  // namespace vctoe::app::iscsi
