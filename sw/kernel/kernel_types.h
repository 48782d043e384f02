// What the kernel is built on, and what it says about a page.
#pragma once

#include <cstdint>

#include "models/host/cpu.h"
#include "models/host/dram.h"
#include "models/host/iommu.h"
#include "models/host/mmu.h"
#include "models/host/swap_device.h"
#include "sw/kernel/address_space.h"
#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {

/// What the kernel runs on. Without `swap` everything has to fit into DRAM.
struct Hardware {
  host::Dram& dram;
  host::Mmu& mmu;
  host::Cpu& cpu;
  host::SwapDevice* swap = nullptr;
  host::Iommu* iommu = nullptr;
};

/// Where a page is.
enum class Tier : std::uint8_t { kUnmapped, kUntouched, kResident, kSwapped };

struct PageInfo {
  Tier tier = Tier::kUnmapped;
  std::uint64_t physical = 0;  ///< of the address asked for, when kResident
  SwapSlot slot = kNoSlot;     ///< when kSwapped (on its way in or out included)
  std::uint32_t pins = 0;
};

/// What the tables say of a page now; every wait makes it stale.
struct Place {
  AddressSpace* space = nullptr;
  Mapping* mapping = nullptr;
  std::uint64_t pte_at = 0;
  std::uint64_t pte = 0;
};

}  // namespace vctoe::kernel
