#include "models/nic/walker_block.h"

#include <numeric>

namespace vctoe::nic {

std::uint64_t WalkerBlock::counter(WalkerCounter which) const {
  const Stats& s = stats();
  const std::uint64_t values[] = {s.walks,
                                  s.blocks,
                                  s.cancelled,
                                  s.records_fetched,
                                  s.records_prefetched,
                                  s.fetch_errors,
                                  s.record_hits,
                                  s.record_misses,
                                  s.record_evictions,
                                  s.translation_hits,
                                  s.translation_evictions,
                                  s.node_requests};
  if (which < std::size(values)) return values[which];
  return std::accumulate(s.faults.begin(), s.faults.end(), std::uint64_t{0});
}

}  // namespace vctoe::nic
