// The pin counts that the NIC changes by itself ([0059]): one of 8 bytes a frame, in modelled DRAM.
#pragma once

#include <cstdint>

#include "models/host/dram.h"
#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

class PinTable {
 public:
  static constexpr std::uint64_t kEntry = 8;  ///< bytes of a count

  PinTable(host::Dram& dram, std::uint64_t base) : dram_(dram), base_(base) {}

  /// Physical address of the first count.
  std::uint64_t base() const { return base_; }
  std::uint64_t count(FrameNumber f) const { return dram_.read64(at(f)); }
  /// What the processor's locked addition does.
  void add(FrameNumber f, std::int64_t by) {
    dram_.write64(at(f), count(f) + static_cast<std::uint64_t>(by));
  }

 private:
  std::uint64_t at(FrameNumber f) const { return base_ + f * kEntry; }
  host::Dram& dram_;
  std::uint64_t base_;
};

}  // namespace vctoe::kernel
