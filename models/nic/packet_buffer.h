// Packet buffer 306: SRAM in cells of fixed size, on the NIC. Real bytes; a run of neighbouring
// cells is one allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/sim/params.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

struct PacketBufferParams {
  sim::Bytes size = sim::Bytes::kib(64);
  sim::Bytes cell = {256};
  sim::BitRate port_rate = sim::BitRate::gbps(512);
  void declare(sim::ParamList& list);
};

/// What an allocation is for: occupancy is counted by use.
enum class BufferUse : std::uint8_t { kTransmit, kPushed, kRetained, kReceive };
}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::BufferUse> {
  static constexpr std::string_view kNames[] = {"transmit", "pushed", "retained", "receive"};
};
}  // namespace vctoe::sim

namespace vctoe::nic {

class PacketBuffer {
 public:
  PacketBuffer(sim::Context& context, std::uint8_t node, const PacketBufferParams& params);

  struct Stats {
    sim::Level used;        ///< bytes of cells in use
    sim::Level used_by[4];  ///< the same by BufferUse
    std::uint64_t allocations = 0;
    std::uint64_t refusals = 0;  ///< no run of free cells was long enough
    void declare(sim::StatList& list) const;
  };

  /// First byte of a run of cells that holds `bytes`, or nothing when there is none.
  std::optional<std::uint32_t> allocate(std::uint32_t bytes, BufferUse use);
  /// Gives back what allocate() returned at `offset`.
  void free(std::uint32_t offset);
  /// Changes the use of an allocation (a transmitted segment is retained).
  void set_use(std::uint32_t offset, BufferUse use);
  std::uint8_t* data(std::uint32_t offset) { return memory_.data() + offset; }
  /// Bytes of free cells, contiguous or not.
  std::uint32_t free_bytes() const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(memory_.size()); }
  /// How long `bytes` keep one port busy.
  sim::Time port_time(std::uint32_t bytes) const { return params_.port_rate.time_for(bytes); }
  const Stats& stats() const { return stats_; }
  void settle_stats();

 private:
  std::uint32_t cells_for(std::uint32_t bytes) const;
  /// First cell of a free run of `cells` within [from, to); `from` is free or starts an allocation.
  std::optional<std::uint32_t> find(std::uint32_t from, std::uint32_t to,
                                    std::uint32_t cells) const;
  void take(std::uint32_t first, std::uint32_t cells, BufferUse use);
  /// Cell of the allocation that starts at `offset`; it is an error when none does.
  std::uint32_t allocation_at(std::uint32_t offset, const char* who) const;
  sim::Level& level(BufferUse use) { return stats_.used_by[static_cast<std::size_t>(use)]; }

  sim::Context& context_;
  std::uint8_t node_;
  PacketBufferParams params_;
  Stats stats_;
  std::vector<std::uint8_t> memory_;
  /// Per cell: length of the allocation that starts here, 0 for free; inner cells are marked.
  std::vector<std::uint32_t> run_;
  std::vector<BufferUse> use_;
  std::uint32_t rover_ = 0;  ///< next-fit: allocations mostly leave in the order they came
  std::uint32_t free_cells_ = 0;
};

}  // namespace vctoe::nic
