// The IOMMU: translates the addresses that devices put on PCIe, with an IOTLB and page walkers.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/host/dram.h"
#include "models/host/pte.h"
#include "models/host/tlb.h"
#include "models/sim/params.h"
#include "models/sim/stats.h"

namespace vctoe::host {

struct IommuParams {
  bool enabled = false;
  std::uint64_t entries = 128;
  sim::Time miss = sim::Time::from_ns(270);
  std::uint64_t walkers = 5;
  std::uint64_t invalidate_cycles = 2130;
  void declare(sim::ParamList& list);
};

/// Why an access was refused. On PCIe each is an Unsupported Request (VT-d specification 7.1).
enum class IommuFault : std::uint8_t { kNone, kNoDomain, kNotPresent, kNoRight };

/// What a translated access waited for.
enum class IommuWait : std::uint8_t {
  kWalker,  ///< all walkers were busy
  kWalk,    ///< its own walk
  kOthers   ///< the walk of an earlier access to the same page
};

/// One request of a device.
struct IoAccess {
  unsigned device = 0;
  std::uint32_t pasid = 0;  ///< process address space of the request; 0: the device's own domain
  std::uint64_t address = 0;
  std::uint64_t length = 0;  ///< does not cross a 4 KiB boundary
  bool is_write = false;
};

struct IoTranslation {
  IommuFault fault = IommuFault::kNone;
  std::uint64_t physical = 0;
  sim::Time at;  ///< when the translation, or the refusal, is known
};

/// One IOMMU a host, at its root complex. Tables have the format of pte.h (VT-d 9.7 and 9.8 differ
/// from it in no bit that is used here) and are read from DRAM at the walk; the time of a walk is
/// the published cost of a miss. Has no process: times come from bookings, as DRAM's do.
class Iommu {
 public:
  struct Stats {
    std::uint64_t lookups = 0;
    std::uint64_t hits = 0;
    std::uint64_t walks = 0;
    std::uint64_t faults = 0;
    std::uint64_t invalidations = 0;
    std::uint64_t pages_invalidated = 0;
    std::array<sim::Time, 3> waited{};  ///< by IommuWait; of accesses, so they may overlap in time
    void declare(sim::StatList& list) const;
  };

  /// `cycle` is the CPU's clock period, in which the cost of an invalidation is published.
  Iommu(const IommuParams& params, sim::Time cycle, Dram& dram);

  /// Requests of `device` with this PASID go by the tables at `root_pa` from now on. Tables are a
  /// domain: devices that share them share the IOTLB's entries.
  void attach(unsigned device, std::uint32_t pasid, std::uint64_t root_pa);
  /// They are refused from now on.
  void detach(unsigned device, std::uint32_t pasid);

  /// Translates a request that arrives at `start`. Sets the accessed bit, and for a write the dirty
  /// bit, in the tables of a process; a domain's tables have none (VT-d second-level tables).
  IoTranslation translate(const IoAccess& access, sim::Time start);

  /// Drops what the IOTLB knows of [address, address + length) in the domain of these tables. Every
  /// access that was translated before has been performed by then: bytes move when a request
  /// arrives. The CPU waits for invalidation_time(), to be charged by the caller.
  void invalidate(std::uint64_t root_pa, std::uint64_t address, std::uint64_t length);
  sim::Time invalidation_time() const { return invalidate_; }

  const Stats& stats() const { return stats_; }

 private:
  /// Device and PASID.
  using Requester = std::pair<unsigned, std::uint32_t>;
  /// A page whose walk is still under way.
  struct Pending {
    std::uint16_t tag;
    std::uint8_t shift;
    std::uint64_t number;
    sim::Time done;
  };
  struct Leaf {
    IommuFault fault = IommuFault::kNone;
    TlbEntry entry;
  };

  std::uint16_t tag_of(std::uint64_t root_pa) const;
  TlbEntry* find(std::uint16_t tag, std::uint64_t address);
  Leaf read_tables(std::uint16_t tag, const IoAccess& access);
  Leaf make_leaf(std::uint16_t tag, const IoAccess& access, unsigned level, std::uint64_t at);
  sim::Time take_walker(sim::Time start);
  sim::Time pending(const TlbEntry& entry);
  void waited(IommuWait why, sim::Time span) {
    stats_.waited[static_cast<std::size_t>(why)] += span;
  }

  const IommuParams params_;
  sim::Time invalidate_;
  Dram& dram_;
  Stats stats_;
  std::vector<std::uint64_t> roots_;             // of domains; the tag of one is its index + 1
  std::map<Requester, std::uint16_t> bindings_;  // to tags
  Tlb iotlb_;
  std::vector<sim::Time> free_at_;  // by walker
  std::vector<Pending> pending_;
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::IommuWait> {
  static constexpr std::string_view kNames[] = {"walker", "walk", "others"};
};
