// Parameters of the NIC's driver.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/sim/params.h"
#include "sw/driver/host_choices.h"
#include "sw/kernel/memory_service.h"

namespace vctoe::driver {

/// How the driver learns that the NIC has written to a ring.
enum class Notify : std::uint8_t { kInterrupt, kPolling };
/// Where in their pool the context records of a list are placed.
enum class ContextOrder : std::uint8_t { kSequential, kShuffled };
/// How the records of a list are found one after the other.
enum class ContextFormat : std::uint8_t {
  kList,  ///< each says where the next one is
  kArray  ///< the next one lies directly behind
};
/// Whether each record says how large its block is.
enum class BlockFormat : std::uint8_t { kVariable, kFixed };
/// Where the NIC finds bytes that it reads by physical address.
enum class Gather : std::uint8_t {
  kScatter,    ///< in the process's own pages, wherever they lie
  kContiguous  ///< in a copy in contiguous memory of the driver's
};
/// How a block is answered physically.
enum class ReplyBy : std::uint8_t {
  kBlock,  ///< once, when all of its pages are there
  kPage    ///< as its pages come in, those at the front first
};
/// What field 228 of the context records counts.
enum class Numbering : std::uint8_t {
  kTcp,    ///< TCP's sequence numbers
  kStream  ///< bytes that the process has posted, from 0: another protocol's numbers
};
/// When a list that was pinned at the post is unpinned.
enum class UnpinPost : std::uint8_t { kRetrieved, kSent, kAcknowledged };

/// What happens to a list before and after it is posted; the figures are settings of this.
struct PostScheme {
  bool pin_at_post = false;  ///< FIG. 3, 12: gather and pin everything
  UnpinPost unpin_post = UnpinPost::kAcknowledged;
  bool with_list = true;  ///< FIG. 8, 11, 12: hand over virtual contexts
  kernel::PinActor pin_by = kernel::PinActor::kHost;    ///< [0059]: who pins what the NIC reads
  kernel::PinActor unpin_by = kernel::PinActor::kHost;  ///< and who unpins it
  bool circular = false;  ///< [0008]: copy into a ring that stays pinned, instead of pinning pages
  void declare(sim::ParamList& list);
  void set_actors(bool nic_pins, bool nic_unpins) {
    pin_by = nic_pins ? kernel::PinActor::kDevice : kernel::PinActor::kHost;
    unpin_by = nic_unpins ? kernel::PinActor::kDevice : kernel::PinActor::kHost;
  }
  /// The NIC changes pins through the shared table.
  bool shares_pins() const {
    return pin_by == kernel::PinActor::kDevice || unpin_by == kernel::PinActor::kDevice;
  }
};

struct DriverParams {
  HostBy host_side = HostBy::kDriver;
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
  ContextFormat context_format = ContextFormat::kList;
  BlockFormat block_format = BlockFormat::kVariable;
  std::uint64_t context_offset = 0;
  Numbering numbering = Numbering::kTcp;
  sim::Bytes block_size = sim::Bytes::kib(64);
  sim::Bytes block_size_min{0};
  PostScheme scheme;
  double post_pin_share = 0.75;
  Gather gather = Gather::kScatter;
  sim::Bytes gather_area = sim::Bytes::mib(4);
  sim::Bytes gather_reserve = sim::Bytes::kib(256);
  sim::Bytes circular_size = sim::Bytes::kib(256);
  ReplyBy reply = ReplyBy::kBlock;
  std::uint64_t lazy_unpins = 0;
  bool copy_on_write = false;
  PushBy push = PushBy::kCpu;
  sim::BitRate push_store_rate = sim::BitRate::gbps(64);
  sim::Bytes push_piece = sim::Bytes::kib(16);
  sim::Time push_dma_setup = sim::Time::from_ns(500);
  sim::BitRate push_dma_rate = sim::BitRate::gbps(80);
  sim::Time entry_cost = sim::Time::from_ns(20);
  Notify notify = Notify::kInterrupt;
  sim::Time poll_interval = sim::Time::from_us(1);
  std::uint64_t poll_budget = 64;
  sim::Time poll_cost = sim::Time::from_ns(50);
  void declare(sim::ParamList& list);
  /// Contiguous memory for copies that is taken when the driver is loaded, B.
  std::uint64_t first_copies() const;
  std::uint64_t again_copies() const;
  /// A user error if the fields do not go together.
  void check() const;
};

}  // namespace vctoe::driver

namespace vctoe::sim {
template <>
struct EnumNames<driver::Notify> {
  static constexpr std::string_view kNames[] = {"interrupt", "polling"};
};
template <>
struct EnumNames<driver::ContextOrder> {
  static constexpr std::string_view kNames[] = {"sequential", "shuffled"};
};
template <>
struct EnumNames<driver::ContextFormat> {
  static constexpr std::string_view kNames[] = {"list", "array"};
};
template <>
struct EnumNames<driver::BlockFormat> {
  static constexpr std::string_view kNames[] = {"variable", "fixed"};
};
template <>
struct EnumNames<driver::Gather> {
  static constexpr std::string_view kNames[] = {"scatter", "contiguous"};
};
template <>
struct EnumNames<driver::ReplyBy> {
  static constexpr std::string_view kNames[] = {"block", "page"};
};
template <>
struct EnumNames<driver::Numbering> {
  static constexpr std::string_view kNames[] = {"tcp", "stream"};
};
template <>
struct EnumNames<driver::UnpinPost> {
  static constexpr std::string_view kNames[] = {"retrieved", "sent", "acknowledged"};
};
}  // namespace vctoe::sim
