// Pages of 2 MiB: mapped whole, translated by one entry, split when part of one has to go.
#include <algorithm>

#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kPage = kPageBytes;
constexpr std::uint64_t kLarge = host::kLargePageSize;

RigParams large_params() {
  RigParams p;
  p.frames = 4096;  // 16 MiB
  p.kernel.huge_pages = true;
  p.kernel.shuffle_frames = false;
  return p;
}

struct LargeRig : Rig {
  LargeRig() : Rig(large_params()) {}
  std::uint64_t page_size(Asid a, std::uint64_t va) {
    return mmu.translate(kernel.root(a), a, va, false).page_size;
  }
};

TEST(LargePage, UntouchedMemoryIsMappedByOneEntry) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 2 * kLarge);
  rig.program([&] {
    ASSERT_TRUE(k.access(a, kBase + 5 * kPage, 1, false));
    EXPECT_EQ(rig.page_size(a, kBase), kLarge);
    EXPECT_EQ(k.info(a, kBase).physical % kLarge, 0u);
    EXPECT_EQ(k.info(a, kBase + kLarge - 1).physical, k.info(a, kBase).physical + kLarge - 1);
    EXPECT_EQ(k.info(a, kBase + kLarge).tier, Tier::kUntouched);
  });
  rig.run();
  EXPECT_EQ(k.stats().minor_faults, 1u);
  EXPECT_EQ(k.page_stats().large_mapped, 1u);
}

TEST(LargePage, OffIsTheDefault) {
  Rig rig;
  EXPECT_FALSE(KernelParams{}.huge_pages);
}

TEST(LargePage, MappingThatDoesNotHoldAllOfItGetsSmallPages) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const Asid a = k.create_address_space();
  k.map(a, kBase + kPage, kLarge);
  rig.program([&] {
    ASSERT_TRUE(k.access(a, kBase + kPage, 1, false));
    EXPECT_EQ(rig.page_size(a, kBase + kPage), kPage);
  });
  rig.run();
  EXPECT_EQ(k.page_stats().large_mapped, 0u);
}

TEST(LargePage, ScatterListOfAPinnedOneIsOneElement) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(kLarge);
  const Asid a = resident_space(k, bytes);
  rig.program([&] {
    const sim::Time start = sim::now();
    const PinResult r = rig.pin(a, kBase, kLarge);
    ASSERT_EQ(r.status, PinStatus::kOk);
    EXPECT_EQ(sim::now() - start, KernelParams{}.pin_large_page);
    EXPECT_EQ(r.sg.size(), 1u);
    EXPECT_EQ(rig.gather(r.sg), bytes);
    k.unpin(r.token);
  });
  rig.run();
}

// A part is pinned, the rest is taken: the large page is split, the pinned frame stays where it is.
TEST(LargePage, ReclaimSplitsItAndEveryByteSurvives) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, kLarge);
  const auto bytes = Rig::pattern(kLarge);
  rig.program([&] {
    ASSERT_TRUE(k.write(a, kBase, bytes.data(), bytes.size()));  // dirty by the MMU's large entry
    const PinResult r = rig.pin(a, kBase + 7 * kPage, kPage);
    const std::uint64_t pinned_at = k.info(a, kBase + 7 * kPage).physical;
    EXPECT_EQ(k.try_evict(a, kBase + 3 * kPage), Evicted::kWriting);
    EXPECT_EQ(rig.page_size(a, kBase + 4 * kPage), kPage);
    EXPECT_EQ(k.try_evict(a, kBase + 7 * kPage), Evicted::kBusy);
    for (std::uint64_t i = 8; i < 40; ++i) k.try_evict(a, kBase + i * kPage);
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(k.info(a, kBase + 3 * kPage).tier, Tier::kSwapped);
    EXPECT_EQ(k.info(a, kBase + 7 * kPage).physical, pinned_at);
    k.unpin(r.token);
    std::vector<std::uint8_t> back(kLarge);
    ASSERT_TRUE(k.read(a, kBase, back.data(), back.size()));
    EXPECT_EQ(back, bytes);
  });
  rig.run();
  EXPECT_EQ(k.page_stats().large_split, 1u);
  EXPECT_EQ(k.page_stats().swap_out, 33u);
}

// What the MMU notes in the one entry counts for each of the small pages.
TEST(LargePage, AccessedAndDirtySpreadToAllEntries) {
  Rig rig(large_params());
  PageTable table(rig.dram, 1);
  FrameNumber next = 2;
  table.build(0, kLargePages, [&] { return next++; });
  for (std::uint64_t i = 0; i < kLargePages; ++i) {
    rig.dram.write64(table.entry(i), host::make_pte(kLarge + i * kPage, host::kPteWritable));
  }
  table.make_large(0);
  const std::uint64_t pde = table.entry(0, 2);
  EXPECT_FALSE(table.spread_accessed(3));
  rig.dram.write64(pde, rig.dram.read64(pde) | host::kPteAccessed | host::kPteDirty);
  EXPECT_TRUE(table.spread_accessed(3));
  EXPECT_EQ(rig.dram.read64(pde) & host::kPteAccessed, 0u);
  const auto all_have = [&](std::uint64_t bit) {
    for (std::uint64_t i = 0; i < kLargePages; ++i) {
      if ((rig.dram.read64(table.entry(i)) & bit) == 0) return false;
    }
    return true;
  };
  EXPECT_TRUE(all_have(host::kPteAccessed));
  EXPECT_FALSE(all_have(host::kPteDirty));
  table.split(3);
  EXPECT_TRUE(all_have(host::kPteDirty));
  EXPECT_FALSE(table.is_large(0));
}

TEST(LargePage, PreloadToSwapOfAPartSplitsIt) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, kLarge);
  const auto bytes = Rig::pattern(2 * kPage);
  k.preload_resident(a, kBase, bytes.data(), kPage);
  k.preload_swapped(a, kBase + kPage, bytes.data() + kPage, kPage);
  EXPECT_EQ(k.info(a, kBase + kPage).tier, Tier::kSwapped);
  EXPECT_EQ(rig.peek(a, kBase, 2 * kPage), bytes);
}

TEST(LargePage, UnmapOfAPartSplitsIt) {
  LargeRig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(kLarge);
  const Asid a = resident_space(k, bytes);
  const std::size_t free = k.free_frames();
  k.unmap(a, kBase + kPage, kPage);
  EXPECT_EQ(k.free_frames(), free + 1);
  EXPECT_EQ(k.info(a, kBase + kPage).tier, Tier::kUnmapped);
  EXPECT_EQ(rig.peek(a, kBase + 2 * kPage, 100),
            std::vector<std::uint8_t>(bytes.begin() + 2 * kPage, bytes.begin() + 2 * kPage + 100));
  k.destroy_address_space(a);
  EXPECT_EQ(k.page_stats().large_split, 1u);
}

TEST(LargePage, DramWithoutAWholeOneGivesSmallPages) {
  RigParams p = large_params();
  p.frames = 600;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, kLarge);
  rig.program([&] { EXPECT_TRUE(k.access(a, kBase, 8, true)); });
  rig.run();
  EXPECT_EQ(k.page_stats().large_mapped, 0u);
}

// Of the devices' domain.
TEST(LargePage, PinnedWholeItIsOnePageForDevicesToo) {
  LargeRig rig;
  host::Iommu iommu({}, sim::Time::from_ps(400), rig.dram);
  Kernel guarded("guarded", rig.ctx, large_params().kernel,
                 {rig.dram, rig.mmu, rig.cpu, &rig.storage, &iommu});
  const Asid a = mapped_space(guarded, kLarge);
  rig.program([&] {
    const auto whole = guarded.resolve_and_pin(a, kBase, kLarge, PinOwner::kAgent, {}, 1);
    ASSERT_EQ(whole.status, PinStatus::kOk);
    const std::uint64_t at = whole.sg.front().address;
    for (std::uint64_t i = 0; i < kLarge; i += kPage) {
      EXPECT_EQ(iommu.translate({0, 0, at + i, 64, false}, sim::now()).physical, at + i);
    }
    EXPECT_EQ(iommu.stats().walks, 1u);
    const auto part = guarded.resolve_and_pin(a, kBase, kPage, PinOwner::kAgent, {}, 2);
    guarded.unpin(whole.token);
    EXPECT_EQ(iommu.translate({0, 0, at, 64, false}, sim::now()).fault, host::IommuFault::kNone);
    EXPECT_EQ(iommu.translate({0, 0, at + kPage, 64, false}, sim::now()).fault,
              host::IommuFault::kNotPresent);
    guarded.unpin(part.token);
  });
  rig.run();
}

}  // namespace
}  // namespace vctoe::kernel::test
