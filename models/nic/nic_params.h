// Parameters of the NIC core; those of its parts stand in their own headers.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::nic {

/// Where the bytes of a transmission come from (docs/nic.md).
enum class Source : std::uint8_t {
  kPosted,     ///< the scatter list that came with the post
  kPhysical,   ///< asked for by virtual address, answered with physical addresses
  kPushed,     ///< asked for by virtual address, answered with the bytes
  kTranslated  ///< read by virtual address; the IOMMU translates, nobody is asked or pins
};

/// When the NIC tells the host that what was pinned for one request or one post may be unpinned.
enum class UnpinAt : std::uint8_t { kRetrieved, kSent, kAcknowledged };

/// Who changes the pins of pages that the NIC reads ([0059]).
enum class Actor : std::uint8_t { kHost, kAgent };

/// What does the NIC's work ([0065]).
enum class Units : std::uint8_t {
  kParallel,  ///< walker, TCP and DMA engine each have logic of their own
  kSingle     ///< one processor takes all their steps one after the other
};

struct RingParams {
  std::uint64_t fetch_batch = 16;
  sim::Time request_interval = sim::Time::from_us(2);
  sim::Time completion_interval = sim::Time::from_us(8);
  sim::Time receive_interval = sim::Time::from_us(20);
  void declare(sim::ParamList& list);
};

struct CoreParams {
  Source first = Source::kPhysical;
  Source retransmit = Source::kPhysical;
  UnpinAt unpin_at = UnpinAt::kSent;
  Actor pin_by = Actor::kHost;
  Actor unpin_by = Actor::kHost;
  std::uint64_t blocks_outstanding = 1024;
  std::uint64_t request_ahead = 3;
  sim::Bytes prefetch{0};
  bool span_blocks = true;
  Units units = Units::kParallel;
  sim::Time unit_step = sim::Time::from_ns(40);
  bool alternate = false;
  sim::Bytes push_chunk = sim::Bytes::kib(8);
  sim::Bytes retransmit_reserve = sim::Bytes::kib(8);
  bool retain_unacked = false;
  std::uint64_t transmit_pipeline = 32;
  std::uint64_t connections = 1024;
  void declare(sim::ParamList& list);
};

}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::Source> {
  static constexpr std::string_view kNames[] = {"posted", "physical", "pushed", "translated"};
};
template <>
struct EnumNames<nic::Actor> {
  static constexpr std::string_view kNames[] = {"host", "agent"};
};
template <>
struct EnumNames<nic::Units> {
  static constexpr std::string_view kNames[] = {"parallel", "single"};
};
template <>
struct EnumNames<nic::UnpinAt> {
  static constexpr std::string_view kNames[] = {"retrieved", "sent", "acknowledged"};
};
}  // namespace vctoe::sim
