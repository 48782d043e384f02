// What devices reach through the IOMMU follows the pins.
#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kPage = kPageBytes;

/// The rig's host with an IOMMU, and a kernel of its own that knows it.
struct IoRig : Rig {
  explicit IoRig(DmaMap how = DmaMap::kPinned, bool share = false)
      : guarded("guarded", ctx, params(how, share), hardware()) {}
  static KernelParams params(DmaMap how, bool share) {
    KernelParams p;
    p.dma_map = how;
    p.share_tables = share;
    return p;
  }
  host::IoTranslation read_as(Asid process, std::uint64_t va) {
    return iommu.translate({0, process, va, 64, false}, sim::now());
  }
  Hardware hardware() { return {dram, mmu, cpu, &storage, &iommu}; }
  host::IommuFault reach(std::uint64_t address, bool is_write = true) {
    return iommu.translate({0, 0, address, 64, is_write}, sim::now()).fault;
  }
  /// Reaches every byte of a scatter list, and itself there.
  void expect_reached(const std::vector<SgEntry>& sg, bool reached) {
    for (const SgEntry& e : sg) {
      EXPECT_EQ(reach(e.address) == host::IommuFault::kNone, reached) << e.address;
    }
  }
  host::Iommu iommu{{}, sim::Time::from_ps(400), dram};
  Kernel guarded;
};

TEST(IoDomain, DeviceReachesAFrameExactlyWhileItIsPinned) {
  IoRig rig;
  Kernel& k = rig.guarded;
  const Asid a = mapped_space(k, 8 * kPage);
  rig.program([&] {
    ASSERT_TRUE(k.access(a, kBase, 8 * kPage, true));
    rig.expect_reached({{k.info(a, kBase).physical, 64}}, false);
    const auto first = k.resolve_and_pin(a, kBase, 4 * kPage, PinOwner::kAgent, {}, 1);
    const auto second = k.resolve_and_pin(a, kBase + 3 * kPage, kPage, PinOwner::kAgent, {}, 2);
    rig.expect_reached(first.sg, true);
    k.unpin(first.token);
    rig.expect_reached({first.sg.front()}, false);
    rig.expect_reached(second.sg, true);  // the other pin of that frame still holds
    k.unpin(second.token);
    rig.expect_reached(second.sg, false);
  });
  rig.run();
  EXPECT_EQ(k.io().stats().mapped, 4u);
  EXPECT_EQ(k.io().stats().unmapped, 4u);
  EXPECT_EQ(rig.iommu.stats().invalidations, 4u);
}

TEST(IoDomain, HostsOwnDmaEngineMapsNothing) {
  IoRig rig;
  Kernel& k = rig.guarded;
  const Asid a = mapped_space(k, kPage);
  rig.program([&] {
    const auto pin = k.resolve_and_pin(a, kBase, kPage, PinOwner::kHostDma, {}, 1);
    rig.expect_reached(pin.sg, false);
    k.unpin(pin.token);
  });
  rig.run();
  EXPECT_EQ(k.io().stats().mapped, 0u);
}

TEST(IoDomain, DriversRingsAreReachedFromTheStart) {
  IoRig rig;
  const std::uint64_t rings = rig.guarded.allocate_contiguous(3 * kPage);
  rig.expect_reached({{rings, 64}, {rings + 2 * kPage, 64}}, true);
  rig.expect_reached({{rings + 3 * kPage, 64}}, false);
}

TEST(IoDomain, UnpinWaitsForTheInvalidation) {
  IoRig rig;
  Kernel& k = rig.guarded;
  const Asid a = mapped_space(k, kPage);
  rig.program([&] {
    const auto pin = k.resolve_and_pin(a, kBase, kPage, PinOwner::kAgent, {}, 1);
    const sim::Time start = sim::now();
    k.unpin(pin.token);
    // 2130 cycles of 0.4 ns, the entry, and the unpin itself.
    EXPECT_EQ(sim::now() - start, sim::Time::from_ns(852 + 60) + rig.cpu.params().unpin_page);
  });
  rig.run();
}

TEST(IoDomain, StaticDomainReachesAllOfDramInLargePagesAtNoCost) {
  IoRig rig(DmaMap::kStatic);
  Kernel& k = rig.guarded;
  const Asid a = mapped_space(k, kPage);
  for (std::uint64_t at = 0; at < rig.dram.size(); at += kPage) {
    EXPECT_EQ(rig.reach(at), host::IommuFault::kNone) << at;
  }
  EXPECT_EQ(rig.iommu.stats().walks, 1u);  // 1 MiB of DRAM lies in one page of 2 MiB
  rig.program([&] {
    const auto pin = k.resolve_and_pin(a, kBase, kPage, PinOwner::kAgent, {}, 1);
    const sim::Time start = sim::now();
    k.unpin(pin.token);
    EXPECT_EQ(sim::now() - start, rig.cpu.params().unpin_page);
  });
  rig.run();
  EXPECT_EQ(rig.iommu.stats().invalidations, 0u);
}

struct SharedRig : IoRig {
  SharedRig() : IoRig(DmaMap::kPinned, true) {}
};

// req: I-P0053b
TEST(SharedTables, DeviceReachesAPageByVirtualAddressExactlyWhileItIsMapped) {
  SharedRig rig;
  Kernel& k = rig.guarded;
  const auto bytes = Rig::pattern(2 * kPage);
  const Asid a = swapped_space(k, bytes);
  rig.program([&] {
    EXPECT_EQ(rig.read_as(a, kBase).fault, host::IommuFault::kNotPresent);
    ASSERT_TRUE(k.make_resident(a, kBase, 2 * kPage));
    const host::IoTranslation t = rig.read_as(a, kBase + kPage);
    ASSERT_EQ(t.fault, host::IommuFault::kNone);
    EXPECT_EQ(t.physical, k.info(a, kBase + kPage).physical);
    EXPECT_EQ(k.info(a, kBase + kPage).pins, 0u);
    // The IOTLB holds it; eviction takes it from there too.
    EXPECT_NE(k.try_evict(a, kBase + kPage), Evicted::kBusy);
    EXPECT_EQ(rig.read_as(a, kBase + kPage).fault, host::IommuFault::kNotPresent);
    EXPECT_FALSE(k.make_resident(a, kBase + kPage, 2 * kPage));  // the last page is mapped nowhere
    k.destroy_address_space(a);
    EXPECT_EQ(rig.read_as(a, kBase).fault, host::IommuFault::kNoDomain);
  });
  rig.run();
}

TEST(SharedTables, ReclaimSeesWhatDevicesUse) {
  SharedRig rig;
  Kernel& k = rig.guarded;
  const auto bytes = Rig::pattern(40 * kPage);
  const Asid a = resident_space(k, bytes);
  rig.program([&] {
    k.force_reclaim(1);  // every accessed bit is clear now, and one page on its way out
    std::uint64_t used = 0;
    for (std::uint64_t i = 20; i < 40; ++i) {
      used += rig.read_as(a, kBase + i * kPage).fault == host::IommuFault::kNone ? 1 : 0;
    }
    k.force_reclaim(10);
    std::uint64_t left = 0;
    for (std::uint64_t i = 20; i < 40; ++i) {
      left += k.info(a, kBase + i * kPage).tier == Tier::kResident ? 1 : 0;
    }
    EXPECT_EQ(left, used);
  });
  rig.run();
}

TEST(SharedTables, OffNoProcessIsReached) {
  IoRig rig;
  Kernel& k = rig.guarded;
  const Asid a = mapped_space(k, kPage);
  rig.program([&] {
    ASSERT_TRUE(k.make_resident(a, kBase, kPage));
    EXPECT_EQ(rig.read_as(a, kBase).fault, host::IommuFault::kNoDomain);
  });
  rig.run();
}

TEST(IoDomain, CountsItsTables) {
  EXPECT_EQ(IoDomain::tables(DmaMap::kPinned, 16384), 3u + 32);
  EXPECT_EQ(IoDomain::tables(DmaMap::kStatic, 16384), 3u);
  EXPECT_EQ(IoDomain::tables(DmaMap::kPinned, 256), 3u + 1);
}

}  // namespace
}  // namespace vctoe::kernel::test
