// Unwrapped sequence space. On the wire a sequence number has 32 bits; inside, every position is
// counted in 64 bits from the initial sequence number, so that nothing but this file knows of wrap.
#pragma once

#include <cstdint>

#include "models/nic/toe/segment.h"

namespace vctoe::toe {

/// 0 is the SYN, 1 the first byte of the stream (offset 0); the FIN takes the one after the last.
using Pos = std::uint64_t;
constexpr Pos kFirstByte = 1;

constexpr Seq wrap(Seq origin, Pos pos) {
  return origin + static_cast<std::uint32_t>(pos);
}

/// The position of `seq` that is nearest to `near`; negative: before the SYN.
constexpr std::int64_t unwrap(Seq origin, Seq seq, Pos near) {
  return static_cast<std::int64_t>(near) + (seq - wrap(origin, near));
}

}  // namespace vctoe::toe
