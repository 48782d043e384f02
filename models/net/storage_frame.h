// Messages between a host and a storage server: ATA over Ethernet, as far as it is needed to read
// and write sectors (AoE revision 11, sections 2 and 3.1).
#pragma once

#include <cstdint>

#include "models/net/byte_order.h"
#include "models/net/ethernet.h"
#include "models/net/frame.h"

namespace vctoe::net {

constexpr std::uint64_t kSector = 512;
/// Data of one message: as many sectors as a frame of 1500 bytes can hold.
constexpr std::uint64_t kStorageData = 2 * kSector;

struct StorageMessage {
  std::uint32_t tag = 0;  ///< the host's name for the request, which the answer bears too
  bool answer = false;
  bool write = false;
  std::uint64_t sector = 0;
  std::uint32_t sectors = 0;
};

constexpr std::uint32_t kStorageHeader = kEthernetHeaderBytes + 22;
constexpr std::uint32_t kLongestStorageFrame = kStorageHeader + kStorageData + kFcsBytes;

/// Whether data follows the header.
constexpr bool has_data(const StorageMessage& m) {
  return m.write != m.answer;
}

/// Writes header and size; the data belongs at kStorageHeader.
inline void write_storage_frame(const StorageMessage& m, Frame& frame) {
  constexpr std::uint8_t kReadExt = 0x24, kWriteExt = 0x34, kLba48 = 0x40, kVersion = 0x10;
  std::uint8_t* const p = frame.bytes.data();
  for (unsigned i = 0; i < kStorageHeader; ++i) p[i] = 0;
  store_be16(p + 12, 0x88a2);
  p[14] = static_cast<std::uint8_t>(kVersion | (m.answer ? 8 : 0));
  store_be32(p + 20, m.tag);
  p[24] = static_cast<std::uint8_t>(kLba48 | (m.write ? 1 : 0));
  p[26] = static_cast<std::uint8_t>(m.sectors);
  p[27] = m.write ? kWriteExt : kReadExt;
  for (unsigned i = 0; i < 6; ++i) p[28 + i] = static_cast<std::uint8_t>(m.sector >> (8 * i));
  const std::uint32_t data = has_data(m) ? m.sectors * static_cast<std::uint32_t>(kSector) : 0;
  const std::uint32_t size = kStorageHeader + data + kFcsBytes;
  frame.size = size < kMinFrameBytes ? kMinFrameBytes : size;
}

inline StorageMessage read_storage_frame(const Frame& frame) {
  const std::uint8_t* const p = frame.bytes.data();
  StorageMessage m;
  m.answer = (p[14] & 8) != 0;
  m.tag = load_be32(p + 20);
  m.write = (p[24] & 1) != 0;
  m.sectors = p[26];
  for (unsigned i = 0; i < 6; ++i) m.sector |= std::uint64_t{p[28 + i]} << (8 * i);
  return m;
}

}  // namespace vctoe::net
