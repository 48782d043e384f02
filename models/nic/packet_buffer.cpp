#include "models/nic/packet_buffer.h"

#include <string>

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

/// In run_: a cell of an allocation that is not its first.
constexpr std::uint32_t kInner = ~0u;

}  // namespace

void PacketBufferParams::declare(sim::ParamList& list) {
  list.add("size", size, sim::bytes_range(sim::Bytes::kib(4), sim::Bytes::mib(64)),
           "SRAM for packets, transmit and receive together; a whole number of cells",
           "calibration N6: 48 to 512 KB in NICs of 1 and 10 Gb/s");
  list.add("cell", cell, sim::bytes_range({32}, sim::Bytes::kib(16)),
           "unit of allocation, a run of neighbours for each packet",
           "own choice: six cells for a full Ethernet frame");
  list.add("port_rate", port_rate, {1e9, 1e13}, "rate of each of the two ports",
           "own choice: 512 bits at 1 GHz");
}

PacketBuffer::PacketBuffer(sim::Context& context, std::uint8_t node,
                           const PacketBufferParams& params)
    : context_(context), node_(node), params_(params) {
  if (params.size.n == 0 || params.cell.n == 0 || params.size.n % params.cell.n != 0) {
    sim::user_error(
        "packet buffer: size = " + std::to_string(params.size.n) +
        " B must be a whole number of cells of cell = " + std::to_string(params.cell.n) + " B");
  }
  memory_.resize(params.size.n);
  run_.resize(params.size.n / params.cell.n);
  use_.resize(run_.size());
  free_cells_ = static_cast<std::uint32_t>(run_.size());
}

std::uint32_t PacketBuffer::cells_for(std::uint32_t bytes) const {
  const std::uint64_t cell = params_.cell.n;
  return static_cast<std::uint32_t>((bytes + cell - 1) / cell);
}

std::optional<std::uint32_t> PacketBuffer::find(std::uint32_t from, std::uint32_t to,
                                                std::uint32_t cells) const {
  std::uint32_t run = 0;
  for (std::uint32_t i = from; i < to;) {
    if (run_[i] != 0) {
      i += run_[i];
      run = 0;
      continue;
    }
    ++i;
    if (++run == cells) return i - cells;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> PacketBuffer::allocate(std::uint32_t bytes, BufferUse use) {
  sim::ensure(bytes > 0, "packet buffer: allocation of no bytes");
  const std::uint32_t cells = cells_for(bytes);
  const auto all = static_cast<std::uint32_t>(run_.size());
  std::optional<std::uint32_t> first;
  if (cells <= free_cells_) {
    first = find(rover_, all, cells);
    // A run found from the start may reach over the rover, where the first search began too late.
    if (!first) first = find(0, all, cells);
  }
  if (!first) {
    ++stats_.refusals;
    return std::nullopt;
  }
  take(*first, cells, use);
  return *first * static_cast<std::uint32_t>(params_.cell.n);
}

void PacketBuffer::take(std::uint32_t first, std::uint32_t cells, BufferUse use) {
  run_[first] = cells;
  for (std::uint32_t i = 1; i < cells; ++i) run_[first + i] = kInner;
  use_[first] = use;
  rover_ = first + cells;
  free_cells_ -= cells;
  ++stats_.allocations;
  stats_.used.add(cells * params_.cell.n, sim::now());
  level(use).add(cells * params_.cell.n, sim::now());
  context_.trace.changed(node_, sim::Watched::kBuffers);
}

std::uint32_t PacketBuffer::allocation_at(std::uint32_t offset, const char* who) const {
  const std::uint64_t cell = offset / params_.cell.n;
  if (offset % params_.cell.n != 0 || cell >= run_.size() || run_[cell] == 0 ||
      run_[cell] == kInner) {
    sim::model_error("packet buffer of node " + std::to_string(node_) + ": " + who + " of offset " +
                     std::to_string(offset) + ", where no allocation starts");
  }
  return static_cast<std::uint32_t>(cell);
}

void PacketBuffer::free(std::uint32_t offset) {
  const std::uint32_t first = allocation_at(offset, "free");
  const std::uint32_t cells = run_[first];
  for (std::uint32_t i = 0; i < cells; ++i) run_[first + i] = 0;
  free_cells_ += cells;
  stats_.used.sub(cells * params_.cell.n, sim::now());
  level(use_[first]).sub(cells * params_.cell.n, sim::now());
  context_.trace.changed(node_, sim::Watched::kBuffers);
}

void PacketBuffer::set_use(std::uint32_t offset, BufferUse use) {
  const std::uint32_t first = allocation_at(offset, "change of use");
  const std::uint64_t bytes = run_[first] * params_.cell.n;
  level(use_[first]).sub(bytes, sim::now());
  level(use).add(bytes, sim::now());
  use_[first] = use;
  context_.trace.changed(node_, sim::Watched::kBuffers);
}

std::uint32_t PacketBuffer::free_bytes() const {
  return free_cells_ * static_cast<std::uint32_t>(params_.cell.n);
}

void PacketBuffer::settle_stats() {
  stats_.used.settle(sim::now());
  for (sim::Level& use : stats_.used_by) use.settle(sim::now());
}

void PacketBuffer::Stats::declare(sim::StatList& list) const {
  list.add("used", used, "B", "bytes of cells in use");
  for (std::size_t i = 0; i < std::size(used_by); ++i) {
    const auto name = sim::enum_name(static_cast<BufferUse>(i));
    list.add("used_by." + std::string(name), used_by[i], "B", "bytes of cells in use so");
  }
  list.add("allocations", allocations, "1", "runs of cells handed out");
  list.add("refusals", refusals, "1", "requests for which no run of free cells was long enough");
}

}  // namespace vctoe::nic
