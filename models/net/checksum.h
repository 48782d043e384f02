// The two error checks of a frame: the Internet checksum and Ethernet's CRC-32.
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/net/byte_order.h"

namespace vctoe::net {

/// Part of an Internet checksum (RFC 1071): the sum of `length` bytes as 16-bit words in the order
/// in which they lie in memory, an odd last byte filled up with zero. Sums of parts may be added as
/// long as every part but the last has an even length. `length` < 2^32.
std::uint64_t ones_sum(const std::uint8_t* data, std::size_t length);

/// Folds a sum to 16 bits with end-around carry, and puts it in host order. A stored checksum is
/// the complement of this; data together with its right checksum folds to 0xffff.
inline std::uint16_t fold_sum(std::uint64_t sum) {
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16);
  sum = (sum & 0xffff) + (sum >> 16);
  const auto folded = static_cast<std::uint16_t>(sum);
  return load_be16(reinterpret_cast<const std::uint8_t*>(&folded));
}

/// CRC-32 of IEEE 802.3 clause 3.2.9 ("123456789" gives 0xcbf43926). As the FCS it is stored with
/// its low byte first.
std::uint32_t crc32(const std::uint8_t* data, std::size_t length);

}  // namespace vctoe::net
