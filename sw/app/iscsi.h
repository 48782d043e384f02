// The three PDUs of a SCSI read over iSCSI: command, data, response (RFC 7143 section 11). Packet
// 152 payload 154 of the specification's FIG. 6: commands, data and status of an upper device
// layer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "models/sim/params.h"

namespace vctoe::app::iscsi {

/// Basic header segment (11.2).
constexpr std::size_t kHeaderBytes = 48;
using Header = std::array<std::uint8_t, kHeaderBytes>;
/// Logical block of the disk that the stream is.
constexpr std::uint64_t kBlockBytes = 512;
/// IANA's port of iSCSI targets.
constexpr std::uint16_t kPort = 3260;

enum class Opcode : std::uint8_t { kCommand = 0x01, kResponse = 0x21, kDataIn = 0x25 };
Opcode opcode_of(const Header& header);

/// SCSI Command with a READ(16) in it (11.3; SBC-3 5.15).
struct Command {
  std::uint32_t task = 0;      ///< initiator task tag
  std::uint64_t lba = 0;       ///< first block
  std::uint32_t blocks = 0;    ///< of kBlockBytes
  std::uint32_t expected = 0;  ///< bytes that the initiator has room for
  std::uint32_t cmd_sn = 0;
  std::uint32_t exp_stat_sn = 0;
};

/// SCSI Data-In without status (11.7).
struct DataIn {
  bool last = false;  ///< of its command
  std::uint32_t task = 0;
  std::uint32_t length = 0;  ///< bytes that follow, without their padding
  std::uint32_t exp_cmd_sn = 0;
  std::uint32_t max_cmd_sn = 0;
  std::uint32_t data_sn = 0;
  std::uint32_t offset = 0;  ///< in the command's data
};

/// SCSI Response (11.4).
struct Response {
  std::uint32_t task = 0;
  std::uint8_t response = 0;  ///< 0: command completed at target
  std::uint8_t status = 0;    ///< SCSI status; 0: good
  std::uint32_t stat_sn = 0;
  std::uint32_t exp_cmd_sn = 0;
  std::uint32_t max_cmd_sn = 0;
  std::uint32_t exp_data_sn = 0;
  std::uint32_t overflow = 0;  ///< bytes of the blocks read beyond `expected`
};

Header encode(const Command& pdu);
Header encode(const DataIn& pdu);
Header encode(const Response& pdu);
/// False if the header is no such PDU, or says what this subset has not: additional headers, write
/// commands, other SCSI commands, data in commands or responses.
bool decode(const Header& header, Command& pdu);
bool decode(const Header& header, DataIn& pdu);
bool decode(const Header& header, Response& pdu);

/// Bytes between a data segment of this length and the next PDU (11.1: four-byte words).
constexpr std::uint32_t padding(std::uint32_t length) {
  return (4 - length % 4) % 4;
}

struct Params {
  sim::Bytes segment = sim::Bytes::kib(8);
  sim::Bytes command = sim::Bytes::kib(256);
  std::uint64_t depth = 4;
  void declare(sim::ParamList& list);
  /// PDUs that answer one command at most, the response included.
  std::uint64_t answers() const { return (command.n + segment.n - 1) / segment.n + 1; }
};

}  // namespace vctoe::app::iscsi
