// Parameters of the NIC's driver.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"

namespace vctoe::driver {

/// How the host pushes bytes into the packet buffer (FIG. 10, 11).
enum class PushBy : std::uint8_t {
  kCpu,  ///< the CPU copies with write-combining stores; nothing is pinned
  kDma   ///< the host's DMA engine, with a short pin of its own
};
/// Where in their pool the context records of a list are placed.
enum class ContextOrder : std::uint8_t { kSequential, kShuffled };
/// When a list that was pinned at the post is unpinned.
enum class UnpinPost : std::uint8_t { kSent, kAcknowledged };

/// What happens to a list before and after it is posted; the figures are settings of this.
struct PostScheme {
  bool pin_at_post = false;  ///< FIG. 3, 12: gather and pin everything
  UnpinPost unpin_post = UnpinPost::kAcknowledged;
  bool with_list = true;  ///< FIG. 8, 11, 12: hand over virtual contexts
  void declare(sim::ParamList& list);
};

struct DriverParams {
  std::uint64_t workers = 8;
  std::uint64_t connections = 1024;
  std::uint64_t submit_entries = 256;
  std::uint64_t request_entries = 256;
  std::uint64_t reply_entries = 256;
  std::uint64_t completion_entries = 256;
  std::uint64_t outstanding = 1024;
  sim::Bytes list_area = sim::Bytes::kib(512);
  sim::Bytes reply_area = sim::Bytes::kib(128);
  sim::Bytes context_pool = sim::Bytes::mib(1);
  ContextOrder context_order = ContextOrder::kSequential;
  std::uint64_t context_offset = 0;
  sim::Bytes block_size = sim::Bytes::kib(64);
  sim::Bytes block_size_min{0};
  PostScheme scheme;
  double post_pin_share = 0.75;
  PushBy push = PushBy::kCpu;
  sim::BitRate push_store_rate = sim::BitRate::gbps(64);
  sim::Bytes push_piece = sim::Bytes::kib(16);
  sim::Time push_dma_setup = sim::Time::from_ns(500);
  sim::BitRate push_dma_rate = sim::BitRate::gbps(80);
  sim::Time entry_cost = sim::Time::from_ns(20);
  void declare(sim::ParamList& list);
  /// A user error if the fields do not go together.
  void check() const;
};

}  // namespace vctoe::driver

namespace vctoe::sim {
template <>
struct EnumNames<driver::PushBy> {
  static constexpr std::string_view kNames[] = {"cpu", "dma"};
};
template <>
struct EnumNames<driver::ContextOrder> {
  static constexpr std::string_view kNames[] = {"sequential", "shuffled"};
};
template <>
struct EnumNames<driver::UnpinPost> {
  static constexpr std::string_view kNames[] = {"sent", "acknowledged"};
};
}  // namespace vctoe::sim
