// Where the streams lie in the address spaces of their processes.
#pragma once

#include <cstdint>

namespace vctoe::scenario {

/// The address of stream `i`. Each is in a process of its own; different addresses tell them apart
/// in a trace. Up to 1024 streams of 64 GiB stay below what the driver maps.
constexpr std::uint64_t stream_address(std::uint64_t i) {
  return 0x1000'0000'0000 + (i << 36);
}

/// Where an upper layer keeps the headers of stream `i`: at the sender in the stream's process, at
/// the receiver in that of all streams.
constexpr std::uint64_t header_address(std::uint64_t i) {
  return 0x6000'0000'0000 + (i << 24);
}

}  // namespace vctoe::scenario
