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

namespace {

/// Leaves the link out where the next record lies directly behind.
void link(nic::ContextRecord& r, std::uint64_t place, std::uint64_t next, ContextFormat format) {
  if (format == ContextFormat::kArray && next == place + sizeof r) {
    r.flags |= nic::kContextAdjacent;
  } else {
    r.next = next;
  }
}

/// Leaves the size out where it follows from the list's.
void size(nic::ContextRecord& r, std::uint64_t length, bool last, const DriverParams& params) {
  if (params.block_format == BlockFormat::kFixed && (length == params.block_size.n || last)) {
    r.flags |= nic::kContextFixedSize;
  } else {
    r.data_size = static_cast<std::uint32_t>(length);
  }
}

}  // namespace

std::vector<nic::ContextRecord> make_records(const std::vector<VirtualRange>& blocks,
                                             const std::vector<std::uint64_t>& places,
                                             std::uint32_t first_sequence, kernel::Asid asid,
                                             const DriverParams& params) {
  sim::ensure(blocks.size() == places.size(), "driver: a place for every context record");
  std::vector<nic::ContextRecord> records(blocks.size());
  const auto offset = static_cast<std::uint32_t>(params.context_offset);
  std::uint32_t sequence = first_sequence;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const bool last = i + 1 == places.size();
    nic::ContextRecord& r = records[i];
    r.virtual_address = blocks[i].address - offset;
    r.offset = offset;
    r.starting_sequence = sequence;
    r.asid = asid;
    size(r, blocks[i].length, last, params);
    link(r, places[i], last ? 0 : places[i + 1], params.context_format);
    r.version = r.flags == 0 ? 0 : nic::kContextVersion;
    sequence += static_cast<std::uint32_t>(blocks[i].length);
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
