// Why the NIC itself ended a connection.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::nic {

/// Why a walk or a request ended badly. Codes are part of the driver contract.
enum class Fault : std::uint8_t {
  kNone,
  kNullHead,       ///< list head is zero
  kMisaligned,     ///< link is not 32-byte aligned
  kTooLong,        ///< loop, or more records than the limit
  kZeroSize,       ///< record of no bytes, or of more than 2^31 - 1
  kSequenceGap,    ///< record does not start where the one before ended
  kUnresolvable,   ///< the host cannot identify a node's page
  kBadCompletion,  ///< a fetch came back with an error
  kRange,          ///< the list ends before the bytes asked for
  kRefused,        ///< the host refused a block
  kVersion         ///< record of a version that is not known
};

}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::Fault> {
  static constexpr std::string_view kNames[] = {
      "none",         "null_head",      "misaligned", "too_long", "zero_size", "sequence_gap",
      "unresolvable", "bad_completion", "range",      "refused",  "version"};
};
}  // namespace vctoe::sim
