// Moves bytes of a process into the NIC's packet buffer (FIG. 10 block 302, FIG. 11 block 354).
#pragma once

#include <cstdint>
#include <vector>

#include "models/host/address_map.h"
#include "models/nic/rings.h"
#include "models/sim/stats.h"
#include "sw/driver/driver_params.h"
#include "sw/driver/host_port.h"
#include "sw/driver/lazy_unpins.h"
#include "sw/driver/sync.h"

namespace vctoe::driver {

class Pusher {
 public:
  Pusher(HostPort& port, kernel::MemoryService& memory, const DriverParams& params,
         LazyUnpins& lazy)
      : port_(port), memory_(memory), params_(params), lazy_(lazy) {}

  struct Stats {
    std::uint64_t cpu_bytes = 0;
    std::uint64_t dma_bytes = 0;
    void declare(sim::StatList& list) const;
  };

  /// Whether the room that the request names can be in a packet buffer window at all.
  static bool in_window(const nic::RequestEntry& request) {
    constexpr std::uint64_t kWindow = host::kDeviceStride / 2;
    return request.length <= kWindow && request.buffer_offset <= kWindow - request.length;
  }
  /// Pushes what the request asks for to its buffer_offset. Blocking; all stores have been issued
  /// when it returns, so that a doorbell written afterwards arrives after the bytes.
  kernel::PinStatus push(const nic::RequestEntry& request);
  const Stats& stats() const { return stats_; }

 private:
  kernel::PinStatus push_by_cpu(const nic::RequestEntry& request);
  kernel::PinStatus push_by_dma(const nic::RequestEntry& request);
  void store(const nic::RequestEntry& request, std::uint64_t done, std::uint64_t n,
             const std::vector<std::uint8_t>& bytes, std::uint16_t max_payload);

  HostPort& port_;
  kernel::MemoryService& memory_;
  const DriverParams& params_;
  LazyUnpins& lazy_;
  Lock engine_;
  Stats stats_;
};

}  // namespace vctoe::driver
