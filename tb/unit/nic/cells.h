// Packet buffers of few cells.
#pragma once

#include "models/nic/packet_buffer.h"

namespace vctoe::nic {

constexpr std::uint32_t kCell = 256;

inline PacketBufferParams cells(std::uint64_t n) {
  PacketBufferParams p;
  p.cell = {kCell};
  p.size = {n * kCell};
  return p;
}

}  // namespace vctoe::nic
