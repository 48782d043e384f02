#include "models/host/iommu.h"

#include <algorithm>
#include <string>

namespace vctoe::host {
namespace {

constexpr unsigned kSmallShift = level_shift(1);
constexpr unsigned kLargeShift = level_shift(2);

}  // namespace

void IommuParams::declare(sim::ParamList& list) {
  list.add("enabled", enabled, "addresses of the NIC's DMA are translated",
           "calibration P20-P26; specification [0053]");
  list.add("entries", entries, {1, 1 << 16}, "IOTLB entries, fully associative",
           "calibration P20: 116 to 126 by fit, 128 nominal");
  list.add("miss", miss, sim::time_range(sim::Time::zero(), sim::Time::from_us(100)),
           "time that a page walk adds to an access", "calibration P20: 229 to 300 ns");
  list.add("walkers", walkers, {1, 1024}, "page walks at the same time",
           "calibration P23: 51 to 60 ns a walk, so 4 to 5.6 in parallel");
  list.add("invalidate_cycles", invalidate_cycles, {0, 1e7},
           "CPU cycles from an invalidation request to its completion, one range",
           "calibration P26: 2,127 to 2,135");
}

void Iommu::Stats::declare(sim::StatList& list) const {
  list.add("lookups", lookups, "1", "requests of devices that were translated or refused");
  list.add("hits", hits, "1", "of these, found in the IOTLB, a walk under way included");
  list.add("walks", walks, "1", "page walks");
  list.add("faults", faults, "1",
           "requests refused: no domain, page not present, or right missing; Unsupported Request");
  list.add("invalidations", invalidations, "1", "ranges invalidated");
  list.add("pages_invalidated", pages_invalidated, "1", "4 KiB pages of those ranges");
  for (std::size_t i = 0; i < waited.size(); ++i) {
    list.add("waited." + std::string(sim::EnumNames<IommuWait>::kNames[i]), waited[i], "s",
             "time that accesses waited for it: a free walker, their own walk, another's");
  }
}

Iommu::Iommu(const IommuParams& params, sim::Time cycle, Dram& dram)
    : params_(params),
      invalidate_(cycle * params.invalidate_cycles),
      dram_(dram),
      iotlb_(params.entries, params.entries),
      free_at_(params.walkers) {}

std::uint16_t Iommu::tag_of(std::uint64_t root_pa) const {
  const auto at = std::find(roots_.begin(), roots_.end(), root_pa);
  return at == roots_.end() ? 0 : static_cast<std::uint16_t>(at - roots_.begin() + 1);
}

void Iommu::attach(unsigned device, std::uint32_t pasid, std::uint64_t root_pa) {
  std::uint16_t tag = tag_of(root_pa);
  if (tag == 0) {
    roots_.push_back(root_pa);
    tag = static_cast<std::uint16_t>(roots_.size());
  }
  bindings_[{device, pasid}] = tag;
}

void Iommu::detach(unsigned device, std::uint32_t pasid) {
  const auto binding = bindings_.find({device, pasid});
  if (binding == bindings_.end()) return;
  iotlb_.drop_all(binding->second);  // its frames may become other tables
  bindings_.erase(binding);
}

TlbEntry* Iommu::find(std::uint16_t tag, std::uint64_t address) {
  TlbEntry* entry = iotlb_.find(tag, address, kSmallShift);
  return entry != nullptr ? entry : iotlb_.find(tag, address, kLargeShift);
}

IoTranslation Iommu::translate(const IoAccess& access, sim::Time start) {
  sim::ensure((access.address & kPageMask) + access.length <= kPageSize,
              "iommu: a request crosses a page boundary");
  ++stats_.lookups;
  const auto binding = bindings_.find({access.device, access.pasid});
  const std::uint16_t tag = binding == bindings_.end() ? 0 : binding->second;
  TlbEntry* entry = tag == 0 ? nullptr : find(tag, access.address);
  // Without the right, or without D on a write, the walker looks at the tables again.
  if (entry != nullptr && access.is_write && !(entry->writable && entry->dirty)) entry = nullptr;
  IoTranslation out;
  out.at = start;
  if (entry != nullptr) {
    ++stats_.hits;
    const sim::Time ready = sim::max(start, pending(*entry));
    waited(IommuWait::kOthers, ready - start);
    out.at = ready;
    out.physical = entry->physical + (access.address & ((std::uint64_t{1} << entry->shift) - 1));
    return out;
  }
  Leaf leaf = tag == 0 ? Leaf{IommuFault::kNoDomain, {}} : read_tables(tag, access);
  if (leaf.fault != IommuFault::kNoDomain) out.at = take_walker(start);
  out.fault = leaf.fault;
  if (leaf.fault != IommuFault::kNone) {
    ++stats_.faults;
    return out;
  }
  const std::uint64_t mask = (std::uint64_t{1} << leaf.entry.shift) - 1;
  out.physical = leaf.entry.physical + (access.address & mask);
  iotlb_.insert(leaf.entry);
  pending_.push_back({tag, leaf.entry.shift, leaf.entry.number, out.at});
  return out;
}

// The walker that is free first; walks begin in the order in which they are asked for.
sim::Time Iommu::take_walker(sim::Time start) {
  ++stats_.walks;
  sim::Time& walker = *std::min_element(free_at_.begin(), free_at_.end());
  const sim::Time begin = sim::max(start, walker);
  walker = begin + params_.miss;
  waited(IommuWait::kWalker, begin - start);
  waited(IommuWait::kWalk, params_.miss);
  return walker;
}

// When the walk that brings the entry ends; the past if it has. Forgets walks that are over.
sim::Time Iommu::pending(const TlbEntry& entry) {
  const sim::Time now = sim::now();
  const auto over = [now](const Pending& p) { return p.done <= now; };
  pending_.erase(std::remove_if(pending_.begin(), pending_.end(), over), pending_.end());
  for (const Pending& p : pending_) {
    if (p.tag == entry.asid && p.shift == entry.shift && p.number == entry.number) return p.done;
  }
  return sim::Time::zero();
}

Iommu::Leaf Iommu::read_tables(std::uint16_t tag, const IoAccess& access) {
  if (!is_canonical(access.address)) return {IommuFault::kNotPresent, {}};
  std::uint64_t table = roots_[tag - 1] & kPteAddress;
  bool writable = true;
  for (unsigned level = kPageLevels; level >= 1; --level) {
    const std::uint64_t at = entry_address(table, access.address, level);
    const std::uint64_t pte = dram_.read64(at);
    if (!is_present(pte)) break;
    writable = writable && (pte & kPteWritable) != 0;
    if (level > 1 && (pte & kPteLarge) == 0) {
      table = pte_physical(pte);
      continue;
    }
    if (access.is_write && !writable) return {IommuFault::kNoRight, {}};
    Leaf leaf = make_leaf(tag, access, level, at);
    leaf.entry.writable = writable;
    return leaf;
  }
  return {IommuFault::kNotPresent, {}};
}

Iommu::Leaf Iommu::make_leaf(std::uint16_t tag, const IoAccess& access, unsigned level,
                             std::uint64_t at) {
  std::uint64_t pte = dram_.read64(at);
  const bool process = access.pasid != 0;
  if (process) {
    const std::uint64_t used = pte | kPteAccessed | (access.is_write ? kPteDirty : 0);
    if (used != pte) dram_.write64(at, pte = used);
  }
  Leaf leaf;
  leaf.entry.shift = static_cast<std::uint8_t>(level_shift(level));
  leaf.entry.number = access.address >> leaf.entry.shift;
  leaf.entry.physical = level == 1 ? pte_physical(pte) : large_pte_physical(pte);
  leaf.entry.asid = tag;
  leaf.entry.dirty = !process || (pte & kPteDirty) != 0;
  return leaf;
}

void Iommu::invalidate(std::uint64_t root_pa, std::uint64_t address, std::uint64_t length) {
  ++stats_.invalidations;
  const std::uint16_t tag = tag_of(root_pa);
  const std::uint64_t end = address + std::max<std::uint64_t>(length, 1);
  for (std::uint64_t at = address & ~kPageMask; at < end; at += kPageSize) {
    ++stats_.pages_invalidated;
    if (tag == 0) continue;
    iotlb_.drop(tag, at, kSmallShift);
    iotlb_.drop(tag, at, kLargeShift);
  }
}

}  // namespace vctoe::host
