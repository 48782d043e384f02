// What a plain MAC and its driver exchange, byte for byte (docs/plain_mac.md). Rings and registers
// are those of rings.h and registers.h: the submit ring carries frames to send, the reply ring
// buffers for frames to receive, the completion ring what has happened.
#pragma once

#include <cstdint>
#include <type_traits>

#include "models/nic/rings.h"

namespace vctoe::nic {

enum class FrameEvent : std::uint8_t {
  kNone,
  kSent,     ///< the last bit of the frame has left; the host's buffer is its own again
  kReceived  ///< `length` bytes lie at `address`
};

/// All three rings. 64 bytes, one cache line and one TLP.
struct FrameEntry {
  std::uint8_t phase = 0;  ///< completion ring: flips at each turn, 1 in the first turn
  FrameEvent event = FrameEvent::kNone;
  std::uint16_t reserved0 = 0;
  std::uint32_t length = 0;      ///< of the frame with its FCS; reply ring: of the buffer
  std::uint64_t address = 0;     ///< physical, contiguous
  std::uint64_t cookie = 0;      ///< the driver's, given back with the event
  std::uint64_t txn = 0;         ///< for traces: of the payload; hardware has no such field
  std::uint32_t connection = 0;  ///< none: a plain MAC knows no connections
  std::uint32_t reserved1 = 0;
  std::uint64_t reserved2[3] = {};
};
static_assert(sizeof(FrameEntry) == kEntrySize && std::is_trivially_copyable_v<FrameEntry>);

/// Identity register of a plain MAC: "VCMAC", version 1.
constexpr std::uint64_t kPlainIdentity = 0x43'414d'4356'01;
/// Its only interrupt vector.
constexpr unsigned kFrameVector = 0;

}  // namespace vctoe::nic
