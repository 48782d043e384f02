// Choices of who does what on the host.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::driver {

/// How the host pushes bytes into the packet buffer (FIG. 10, 11).
enum class PushBy : std::uint8_t {
  kCpu,  ///< the CPU copies with write-combining stores; nothing is pinned
  kDma   ///< the host's DMA engine, with a short pin of its own
};
/// Who plays the host's part: answers the NIC's requests and unpins (sw/driver/host_side.h).
enum class HostBy : std::uint8_t { kDriver, kOs };

}  // namespace vctoe::driver

namespace vctoe::sim {
template <>
struct EnumNames<driver::HostBy> {
  static constexpr std::string_view kNames[] = {"driver", "os"};
};
template <>
struct EnumNames<driver::PushBy> {
  static constexpr std::string_view kNames[] = {"cpu", "dma"};
};
}  // namespace vctoe::sim
