// Makes a linked list of virtual contexts (FIG. 7) out of virtual ranges.
#pragma once

#include <cstdint>
#include <vector>

#include "models/nic/rings.h"
#include "models/sim/random.h"
#include "sw/driver/driver_params.h"
#include "sw/driver/range.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::driver {

/// Cuts the ranges into blocks of the size that the parameters ask for; a block never covers two
/// ranges.
std::vector<VirtualRange> cut_into_blocks(const std::vector<VirtualRange>& ranges,
                                          const DriverParams& params, sim::Rng& rng);

/// The records for `blocks`, linked through `places` (their virtual addresses, as many as blocks).
/// Of the parameters it takes the formats, and the offset that is written into each record and
/// taken off its address. An array goes on with a link where its places are no neighbours: where
/// their pool wraps round.
std::vector<nic::ContextRecord> make_records(const std::vector<VirtualRange>& blocks,
                                             const std::vector<std::uint64_t>& places,
                                             std::uint32_t first_sequence, kernel::Asid asid,
                                             const DriverParams& params);

/// Writes the records to their places in the process's memory. Blocking; false if it is not mapped.
bool write_records(kernel::MemoryService& memory, kernel::Asid asid,
                   const std::vector<nic::ContextRecord>& records,
                   const std::vector<std::uint64_t>& places);

}  // namespace vctoe::driver
