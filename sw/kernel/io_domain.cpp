#include "sw/kernel/io_domain.h"

namespace vctoe::kernel {
namespace {

/// Devices that a root complex may have (models/host/address_map.h); all share the domain.
constexpr unsigned kDevices = 8;

}  // namespace

void IoDomain::Stats::declare(sim::StatList& list) const {
  list.add("mapped", mapped, "1", "frames mapped for devices");
  list.add("unmapped", unmapped, "1", "frames taken away from devices, each invalidated");
  list.add("large", large, "1", "times that 2 MiB were all mapped and became one page");
}

std::size_t IoDomain::tables(DmaMap how, std::uint64_t frames) {
  if (how == DmaMap::kPinned) return tables_for({{0, frames}});
  // The same without the lowest level.
  return tables_for({{0, frames}}) - (frames + kLargePages - 1) / kLargePages;
}

IoDomain::IoDomain(host::Iommu* iommu, host::Dram& dram, const KernelParams& params,
                   const PageTable::TakeFrame& take)
    : iommu_(iommu),
      dram_(dram),
      map_cost_(params.dma_map_cost),
      share_tables_(iommu != nullptr && params.share_tables) {
  if (iommu_ == nullptr) return;
  const std::uint64_t frames = dram.size() / kPageBytes;
  const bool one_by_one = params.dma_map == DmaMap::kPinned;
  table_.emplace(dram_, take());
  table_->build(0, frames, take, one_by_one ? 1 : 2);
  if (one_by_one) {
    uses_.resize(frames);
    whole_.resize(frames / kLargePages + 1);
  } else {
    for (std::uint64_t vpn = 0; vpn < frames; vpn += kLargePages) {
      const std::uint64_t flags = host::kPteWritable | host::kPteLarge;
      dram_.write64(table_->entry(vpn, 2), host::make_pte(vpn << kPageShift, flags));
    }
  }
  for (unsigned device = 0; device < kDevices; ++device) {
    iommu_->attach(device, 0, table_->root());
  }
}

void IoDomain::map(FrameNumber f) {
  if (!strict() || uses_[f]++ > 0) return;
  ++stats_.mapped;
  dram_.write64(table_->entry(f), host::make_pte(frame_address(f), host::kPteWritable));
  if (++whole_[f / kLargePages] < kLargePages) return;
  ++stats_.large;
  table_->make_large(f);
}

void IoDomain::unmap(FrameNumber f) {
  if (!strict()) return;
  sim::ensure(uses_[f] > 0, "kernel: a frame is taken from devices that none has");
  if (--uses_[f] > 0) return;
  ++stats_.unmapped;
  if (whole_[f / kLargePages]-- == kLargePages) table_->split(f);
  dram_.write64(table_->entry(f), 0);
  iommu_->invalidate(table_->root(), frame_address(f), kPageBytes);
}

void IoDomain::attach_process(std::uint32_t pasid, std::uint64_t root) {
  for (unsigned device = 0; share_tables_ && device < kDevices; ++device) {
    iommu_->attach(device, pasid, root);
  }
}

void IoDomain::detach_process(std::uint32_t pasid) {
  for (unsigned device = 0; share_tables_ && device < kDevices; ++device) {
    iommu_->detach(device, pasid);
  }
}

void IoDomain::invalidate_process(std::uint64_t root, std::uint64_t va) {
  if (share_tables_) iommu_->invalidate(root, va, kPageBytes);
}

sim::Time IoDomain::shoot_down_cost() const {
  return share_tables_ ? iommu_->invalidation_time() : sim::Time::zero();
}

sim::Time IoDomain::map_cost(std::size_t frames) const {
  return strict() ? map_cost_ * frames : sim::Time::zero();
}

sim::Time IoDomain::unmap_cost(const std::vector<FrameNumber>& frames) const {
  if (!strict()) return sim::Time::zero();
  bool last = false;
  for (const FrameNumber f : frames) last = last || (f != kNoFrame && uses_[f] == 1);
  return map_cost_ * frames.size() + (last ? iommu_->invalidation_time() : sim::Time::zero());
}

}  // namespace vctoe::kernel
