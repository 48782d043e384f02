// The NIC's registers and interrupt vectors, as the driver sees them (docs/nic.md).
#pragma once

#include <cstdint>

namespace vctoe::nic {

/// Registers in BAR0, 8 bytes each.
enum class Register : std::uint32_t {
  kSubmitBase = 0x00,  ///< physical address of the ring
  kSubmitSize = 0x08,  ///< entries, a power of two
  kSubmitTail = 0x10,  ///< doorbell: entries submitted since the start
  kSubmitHead = 0x18,  ///< read only: entries taken by the NIC since the start
  kRequestBase = 0x20,
  kRequestSize = 0x28,
  kRequestHead = 0x30,  ///< doorbell: entries consumed by the host since the start
  kReplyBase = 0x40,
  kReplySize = 0x48,
  kReplyTail = 0x50,  ///< doorbell
  kReplyHead = 0x58,  ///< read only
  kCompletionBase = 0x60,
  kCompletionSize = 0x68,
  kCompletionHead = 0x70,  ///< doorbell
  kReceiveConsumed =
      0x80,               ///< doorbell: connection << 44 | bytes consumed since the start mod 2^44
  kControl = 0x88,        ///< bit 0: enable; bit 1: no interrupts
  kIdentity = 0x90,       ///< read only: kIdentityValue
  kFramesDropped = 0x98,  ///< read only: frames dropped because a buffer was full
  kPinTable = 0xa0,       ///< physical address of the pin counts (nic.pin_by, nic.unpin_by)
  /// Read only, kWalkerCounters of them, 8 bytes each: what the walker has counted since the start,
  /// in the order of nic::WalkerCounter.
  kWalkerCounters = 0x100,
  kEnd = 0x168
};
constexpr std::uint64_t kControlEnable = 1;
constexpr std::uint64_t kControlNoInterrupts = 2;
constexpr std::uint64_t kIdentityValue = 0x454f'5443'5601;  // "VCTOE", version 1
constexpr unsigned kConsumedBits = 44;

/// Interrupt vectors.
constexpr unsigned kRequestVector = 0;
constexpr unsigned kCompletionVector = 1;

}  // namespace vctoe::nic
