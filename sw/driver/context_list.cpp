#include "sw/driver/context_list.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::driver {

std::vector<VirtualRange> cut_into_blocks(const std::vector<VirtualRange>& ranges,
                                          const DriverParams& params, sim::Rng& rng) {
  std::vector<VirtualRange> blocks;
  const std::uint64_t most = params.block_size.n;
  const std::uint64_t least = params.block_size_min.n;
  for (VirtualRange left : ranges) {
    while (left.length > 0) {
      const std::uint64_t size = least == 0 ? most : least + rng.below(most - least + 1);
      const std::uint64_t n = std::min(size, left.length);
      blocks.push_back({left.address, n});
      left.address += n;
      left.length -= n;
    }
  }
  return blocks;
}

std::vector<nic::ContextRecord> make_records(const std::vector<VirtualRange>& blocks,
                                             const std::vector<std::uint64_t>& places,
                                             std::uint32_t first_sequence, kernel::Asid asid,
                                             std::uint32_t offset) {
  sim::ensure(blocks.size() == places.size(), "driver: a place for every context record");
  std::vector<nic::ContextRecord> records(blocks.size());
  std::uint32_t sequence = first_sequence;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    nic::ContextRecord& r = records[i];
    r.virtual_address = blocks[i].address - offset;
    r.offset = offset;
    r.data_size = static_cast<std::uint32_t>(blocks[i].length);
    r.starting_sequence = sequence;
    r.asid = asid;
    r.next = i + 1 < places.size() ? places[i + 1] : 0;
    sequence += r.data_size;
  }
  return records;
}

bool write_records(kernel::MemoryService& memory, kernel::Asid asid,
                   const std::vector<nic::ContextRecord>& records,
                   const std::vector<std::uint64_t>& places) {
  constexpr std::uint64_t kSize = sizeof(nic::ContextRecord);
  // Neighbours in the list that are neighbours in memory are written by one copy.
  for (std::size_t i = 0; i < records.size();) {
    std::size_t n = 1;
    while (i + n < records.size() && places[i + n] == places[i] + n * kSize) ++n;
    if (!memory.write(asid, places[i], &records[i], n * kSize)) return false;
    i += n;
  }
  return true;
}

}  // namespace vctoe::driver
