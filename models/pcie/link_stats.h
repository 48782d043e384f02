// What a PCIe link counts.
#pragma once

#include <array>
#include <cstdint>

#include "models/pcie/rate.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/stats.h"

namespace vctoe::pcie {

constexpr std::size_t kPurposes = 8;

/// What a direction of the link does, or what it waits for while it sends nothing.
enum class ChannelState : std::uint8_t { kIdle, kSending, kWaitTags, kWaitCredits };

enum class CreditType : std::uint8_t { kPh, kPd, kNph, kNpd, kCplh, kCpld };
constexpr std::size_t kCreditTypes = 6;

}  // namespace vctoe::pcie

namespace vctoe::sim {
template <>
struct EnumNames<pcie::ChannelState> {
  static constexpr std::string_view kNames[] = {"idle", "sending", "wait_tags", "wait_credits"};
};
template <>
struct EnumNames<pcie::CreditType> {
  static constexpr std::string_view kNames[] = {"ph", "pd", "nph", "npd", "cplh", "cpld"};
};
template <>
struct EnumNames<pcie::Purpose> {
  static constexpr std::string_view kNames[] = {"payload",   "descriptor",   "context",
                                                "interrupt", "register",     "frame",
                                                "video",     "configuration"};
};
}  // namespace vctoe::sim

namespace vctoe::pcie {

struct TrafficStats {
  std::uint64_t tlps = 0;
  std::uint64_t bytes = 0;

  void declare(sim::StatList& list) const;
};

/// One direction.
struct ChannelStats {
  std::array<TrafficStats, kTlpKinds> by_kind;
  std::array<TrafficStats, kPurposes> by_purpose;
  std::uint64_t wire_bytes = 0;
  std::array<sim::Time, kCreditTypes> credit_stall{};
  sim::StallAccount<ChannelState> time;

  void declare(sim::StatList& list) const;
  const TrafficStats& of(TlpKind kind) const { return by_kind[static_cast<std::size_t>(kind)]; }
  const TrafficStats& of(Purpose p) const { return by_purpose[static_cast<std::size_t>(p)]; }
  sim::Time stall(CreditType type) const { return credit_stall[static_cast<std::size_t>(type)]; }
};

struct LinkStats {
  ChannelStats up;
  ChannelStats down;
  std::uint64_t dma_reads = 0;
  std::uint64_t dma_writes = 0;
  std::uint64_t dma_errors = 0;
  std::uint64_t mmio_reads = 0;
  std::uint64_t mmio_writes = 0;
  std::uint64_t mmio_errors = 0;
  std::uint64_t config_requests = 0;
  sim::Time tag_stall;
  sim::Time mmio_stall;
  sim::Histogram read_latency;
  sim::Histogram mmio_read_latency;

  void declare(sim::StatList& list) const;
};

}  // namespace vctoe::pcie
