// How much memory a run cannot do without on each host, worked out from its parameters before
// anything is built.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sw/scenario/params.h"

namespace vctoe::scenario {

/// Frames of one host, by what they are for. What only some schemes need, or only some of the time,
/// is not counted: a run that has less than this cannot work, one that has more may still be told
/// so by the kernel or the driver.
struct MemoryNeed {
  std::uint64_t tables = 0;   ///< page tables of all address spaces, and frame 0
  std::uint64_t driver = 0;   ///< rings and scatter-list areas
  std::uint64_t receive = 0;  ///< receive buffers that are pinned at the same time
  std::uint64_t send = 0;     ///< the least that every scheme pins to send anything
  std::uint64_t fixed() const { return tables + driver; }
  std::uint64_t pinned() const { return receive + send; }
};

MemoryNeed sender_need(const ScenarioParams& params);
MemoryNeed receiver_need(const ScenarioParams& params);

/// Bytes of the longest frame that TCP can make, FCS included.
std::uint32_t max_frame(const ScenarioParams& params);

/// The smallest host.dram.size, in frames, that `need` fits into; kernel.pin_limit is not looked
/// at.
std::uint64_t least_frames(const ScenarioParams& params, const MemoryNeed& need);

/// Says in `problems` what of host.dram, kernel and driver is too small for the connections and
/// their buffers. Never of a run that would succeed.
void check_memory(const ScenarioParams& params, std::vector<std::string>& problems);

}  // namespace vctoe::scenario
