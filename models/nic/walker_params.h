// Parameters and statistics of the virtual-context walker, shared by its parts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "models/nic/rings.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "models/sim/units.h"

namespace vctoe::nic {

/// Page of context records that is translated and pinned as one.
constexpr std::uint64_t kNodePage = 4096;
constexpr std::uint64_t node_page(std::uint64_t address) {
  return address & ~(kNodePage - 1);
}

/// What does the walker's work.
enum class WalkerImpl : std::uint8_t {
  kTlm,      ///< the model at transaction level
  kRtl,      ///< the RTL, Verilated, with a clock of its own
  kLockstep  ///< the RTL, and the model beside it: every output is compared
};

struct WalkerParams {
  WalkerImpl impl = WalkerImpl::kTlm;
  sim::Time clock = sim::Time::from_ns(4);
  std::uint64_t request_queue = 16;
  std::uint64_t engines = 4;
  std::uint64_t parked = 16;
  std::uint64_t tags = 32;
  std::uint64_t record_cache = 64;
  std::uint64_t translation_cache = 16;
  std::uint64_t prefetch = 2;
  std::uint64_t anchors = 6;
  std::uint64_t anchor_stride = 16;
  std::uint64_t max_records = 65536;
  sim::Bytes granularity = sim::Bytes::kib(64);
  bool split_at_pages = false;
  bool ordered = false;
  std::uint64_t start_cycles = 7;
  std::uint64_t lookup_cycles = 0;
  std::uint64_t translate_cycles = 5;
  std::uint64_t check_cycles = 2;
  std::uint64_t block_cycles = 1;
  void declare(sim::ParamList& list);
};

/// What the walker waits for: the most advanced of its engines counts.
enum class WalkerStall : std::uint8_t { kIdle, kWalking, kWaitingFetch, kWaitingTranslation };

}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::WalkerImpl> {
  static constexpr std::string_view kNames[] = {"tlm", "rtl", "lockstep"};
};
template <>
struct EnumNames<nic::WalkerStall> {
  static constexpr std::string_view kNames[] = {"idle", "walking", "waiting_fetch",
                                                "waiting_translation"};
};
}  // namespace vctoe::sim

namespace vctoe::nic {

struct WalkerStats {
  std::uint64_t walks = 0;
  std::uint64_t blocks = 0;
  std::uint64_t cancelled = 0;
  std::uint64_t records_fetched = 0;
  std::uint64_t records_prefetched = 0;  ///< of those, asked for ahead of need
  std::uint64_t fetch_errors = 0;
  std::uint64_t record_hits = 0;
  std::uint64_t record_misses = 0;
  std::uint64_t record_evictions = 0;
  std::uint64_t translation_hits = 0;
  std::uint64_t translation_evictions = 0;
  std::uint64_t node_requests = 0;
  std::array<std::uint64_t, std::size(sim::EnumNames<Fault>::kNames)> faults{};  ///< by Fault
  sim::Histogram walk_latency;  ///< from walk() to done(), of walks without a fault
  sim::StallAccount<WalkerStall> stalls;
  void declare(sim::StatList& list) const;
};

}  // namespace vctoe::nic
