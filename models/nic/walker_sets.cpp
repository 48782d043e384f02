// Which of the Verilated parameter sets holds a configuration (rtl/CMakeLists.txt).
#include <fmt/format.h>

#include "models/nic/walker_core.h"
#include "models/sim/error.h"

namespace vctoe::nic {

namespace {

constexpr std::uint64_t kWays = 4;
constexpr WalkerSet kSets[] = {{"small", 1, 2, 2, 3, 2, 1, 2, 1, 8},
                               {"standard", 4, 20, 16, 32, 16, 16, 64, 8, 1024},
                               {"large", 8, 64, 64, 128, 64, 64, 1024, 16, 4096}};

/// f(parameter, its value, how much of it the set holds)
template <class F>
void each_demand(const WalkerParams& p, std::uint64_t connections, const WalkerSet& set, F f) {
  f("nic.walker.engines", p.engines, set.engines);
  f("nic.walker.engines + nic.walker.parked", p.engines + p.parked, set.walks);
  f("nic.walker.request_queue", p.request_queue, set.queue);
  f("nic.walker.tags", p.tags, set.tags);
  f("nic.walker.translation_cache", p.translation_cache, set.pages);
  f("nic.walker.record_cache", p.record_cache, set.sets * kWays);
  f("nic.walker.anchors", p.anchors, set.anchors);
  f("connections of a NIC (nic.connections x host.nics)", connections, set.connections);
}

}  // namespace

const WalkerSet& walker_set_for(const WalkerParams& params, std::uint64_t connections) {
  const std::uint64_t sets = params.record_cache / kWays;
  if (params.record_cache % kWays != 0 || (sets & (sets - 1)) != 0) {
    sim::user_error(fmt::format(
        "nic.walker.record_cache = {}: with nic.walker.impl = {} a power of two, 4 at least",
        params.record_cache, sim::enum_name(params.impl)));
  }
  for (const WalkerSet& set : kSets) {
    bool fits = true;
    each_demand(params, connections, set,
                [&](const char*, std::uint64_t value, std::uint64_t most) {
                  fits = fits && value <= most;
                });
    if (fits) return set;
  }
  const WalkerSet& largest = kSets[std::size(kSets) - 1];
  each_demand(params, connections, largest,
              [&](const char* name, std::uint64_t value, std::uint64_t most) {
                if (value <= most) return;
                sim::user_error(fmt::format("{} = {}: with nic.walker.impl = {} at most {}", name,
                                            value, sim::enum_name(params.impl), most));
              });
  return largest;
}

WalkerConfig walker_config(const WalkerParams& p) {
  const auto u32 = [](std::uint64_t n) { return static_cast<std::uint32_t>(n); };
  WalkerConfig c;
  c.engines = u32(p.engines);
  c.walks = u32(p.engines + p.parked);
  c.queue = u32(p.request_queue);
  c.tags = u32(p.tags);
  c.pages = u32(p.translation_cache);
  c.set_mask = u32(p.record_cache / kWays - 1);
  c.prefetch = u32(p.prefetch);
  c.anchors = u32(p.anchors);
  c.anchor_stride = u32(p.anchor_stride);
  c.max_records = u32(p.max_records);
  c.granularity = u32(p.granularity.n);
  c.split = p.split_at_pages ? 1 : 0;
  c.ordered = p.ordered ? 1 : 0;
  return c;
}

}  // namespace vctoe::nic
