// Among what the elapsed time of a stream is divided; docs/attribution.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::outputs {

/// What kept the next byte of the stream from the wire or, when all had left, from the application
/// that it is for.
enum class TimePart : std::uint8_t {
  kWalker,        ///< context lists are read for it
  kHost,          ///< driver, kernel, interrupts, doorbells and rings, on either host
  kSwapIn,        ///< its page is read from swap
  kPinning,       ///< its pages are being pinned, or wait until others are unpinned
  kPcie,          ///< it is on its way over the link, or the link is busy before it
  kDmaTags,       ///< the link idles: no more reads may be out at a time
  kPacketBuffer,  ///< no room for it
  kWindow,        ///< it is there and may not leave: congestion or receive window
  kWire,          ///< serialization and propagation
  kLossRecovery,  ///< something was lost and is not repaired
  kApplication,   ///< nothing is posted, or what has arrived is not read
};
constexpr std::size_t kTimeParts = 11;

/// Seconds by TimePart.
using TimeParts = std::array<double, kTimeParts>;

/// In a sentence: what stands in the dictionary of a sweep's columns.
std::string_view meaning(TimePart part);

}  // namespace vctoe::outputs

namespace vctoe::sim {
template <>
struct EnumNames<outputs::TimePart> {
  static constexpr std::string_view kNames[] = {
      "walker",        "host",   "swap_in", "pinning",       "pcie",       "dma_tags",
      "packet_buffer", "window", "wire",    "loss_recovery", "application"};
};
static_assert(std::size(EnumNames<outputs::TimePart>::kNames) == outputs::kTimeParts);
}  // namespace vctoe::sim

namespace vctoe::outputs {

/// The part as a figure of a run: "time.walker".
inline std::string time_metric(TimePart part) {
  return "time." + std::string(sim::enum_name(part));
}

}  // namespace vctoe::outputs
