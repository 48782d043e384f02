// Address spaces, faults and swapping on the real host models.
#include <cstring>
#include <map>
#include <set>

#include "tb/unit/kernel/rig.h"

namespace vctoe::kernel::test {
namespace {

constexpr std::uint64_t kMiB = 1 << 20;

/// The walk as the Intel manual draws it, independent of the code under test: the entry of `va`.
std::uint64_t naive_walk(host::Dram& dram, std::uint64_t root, std::uint64_t va) {
  std::uint64_t table = root;
  for (const unsigned shift : {39u, 30u, 21u}) {
    const std::uint64_t entry = dram.read64(table + ((va >> shift) & 0x1ff) * 8);
    if ((entry & 1) == 0) return 0;
    table = entry & 0x000f'ffff'ffff'f000;
  }
  return dram.read64(table + ((va >> 12) & 0x1ff) * 8);
}

// req: I-F02-50abc, I-P0010
TEST(Paging, TablesInDramAgreeWithANaiveWalkForEveryTier) {
  Rig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 64 * kPageBytes);
  k.map(a, 0x7f00'0000'0000, 8 * kPageBytes);
  const auto bytes = Rig::pattern(16 * kPageBytes);
  k.preload_resident(a, kBase, bytes.data(), bytes.size());
  k.preload_swapped(a, kBase + 16 * kPageBytes, bytes.data(), bytes.size());

  std::set<std::uint64_t> frames;
  for (std::uint64_t i = 0; i < 64; ++i) {
    const std::uint64_t va = kBase + i * kPageBytes + 5;
    const std::uint64_t pte = naive_walk(rig.dram, k.root(a), va);
    const PageInfo info = k.info(a, va);
    if (i < 16) {
      ASSERT_EQ(info.tier, Tier::kResident);
      EXPECT_EQ((pte & 0x000f'ffff'ffff'f000) + 5, info.physical);
      EXPECT_EQ(pte & 7, 7u);
      EXPECT_TRUE(frames.insert(info.physical).second);
      EXPECT_EQ(std::memcmp(rig.dram.page(info.physical - 5), &bytes[i * kPageBytes], 4096), 0);
    } else if (i < 32) {
      ASSERT_EQ(info.tier, Tier::kSwapped);
      EXPECT_EQ(pte & 1, 0u);
      EXPECT_EQ(pte >> 12, info.slot);
    } else {
      EXPECT_EQ(info.tier, Tier::kUntouched);
      EXPECT_EQ(pte, 0u);
    }
  }
  EXPECT_EQ(k.info(a, kBase + 64 * kPageBytes).tier, Tier::kUnmapped);
  EXPECT_EQ(k.info(a, 0x7f00'0000'0000).tier, Tier::kUntouched);
  EXPECT_EQ(rig.peek(a, kBase + 16 * kPageBytes, bytes.size()), bytes);
}

// req: I-F02-50d
TEST(Paging, AnAccessOutsideAnyMappingOrAgainstItsPermissionFails) {
  Rig rig;
  const Asid a = rig.kernel.create_address_space();
  rig.kernel.map(a, kBase, 2 * kPageBytes, Permission::kRead);
  rig.program([&] {
    std::uint64_t word = 7;
    EXPECT_TRUE(rig.kernel.read(a, kBase + 4092, &word, 8));
    EXPECT_EQ(word, 0u);
    EXPECT_FALSE(rig.kernel.write(a, kBase, &word, 8));
    EXPECT_FALSE(rig.kernel.read(a, kBase + 2 * kPageBytes - 4, &word, 8));
    EXPECT_FALSE(rig.kernel.access(a, kBase - 1, 1, false));
    EXPECT_FALSE(rig.kernel.access(99, kBase, 1, false));
  });
  rig.run();
}

// req: I-P0011, I-F02-10c, I-F02-54
TEST(Paging, ASwappedPageComesBackWithItsBytesInAnotherFrame) {
  Rig rig;
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 4 * kPageBytes);
  const auto bytes = Rig::pattern(kPageBytes);
  k.preload_resident(a, kBase, bytes.data(), bytes.size());
  const std::uint64_t old_frame = k.info(a, kBase).physical;
  rig.program([&] {
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kWriting);
    EXPECT_EQ(k.info(a, kBase).tier, Tier::kSwapped);
    EXPECT_EQ(rig.peek(a, kBase, kPageBytes), bytes);  // still in the frame
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(k.frames()[frame_of(old_frame)].state, FrameState::kFree);
    // Another page reuses the frame (the free list is a stack) and its bytes are other ones.
    const auto other = Rig::pattern(kPageBytes, 2);
    EXPECT_TRUE(k.write(a, kBase + kPageBytes, other.data(), other.size()));
    EXPECT_EQ(k.info(a, kBase + kPageBytes).physical, old_frame);
    std::vector<std::uint8_t> back(kPageBytes);
    EXPECT_TRUE(k.read(a, kBase, back.data(), back.size()));
    EXPECT_EQ(back, bytes);
    EXPECT_NE(k.info(a, kBase).physical, old_frame);
    EXPECT_EQ(rig.peek(a, kBase + kPageBytes, kPageBytes), other);
  });
  rig.run();
  EXPECT_EQ(k.stats().major_faults, 1u);
  EXPECT_EQ(k.page_stats().swap_out, 1u);
}

TEST(Paging, ACleanPageKeepsItsSlotAndIsNotWrittenAgainADirtyOneIs) {
  Rig rig;
  Kernel& k = rig.kernel;
  auto bytes = Rig::pattern(kPageBytes);
  const Asid a = swapped_space(k, bytes);
  rig.program([&] {
    EXPECT_TRUE(k.access(a, kBase, 8, false));
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kFreed);  // at once: the slot is good
    EXPECT_EQ(rig.peek(a, kBase, kPageBytes), bytes);
    const std::uint32_t word = 0x12345678;
    std::memcpy(&bytes[100], &word, 4);
    EXPECT_TRUE(k.write(a, kBase + 100, &word, 4));
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kWriting);
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(rig.peek(a, kBase, kPageBytes), bytes);
    std::vector<std::uint8_t> back(kPageBytes);
    EXPECT_TRUE(k.read(a, kBase, back.data(), back.size()));
    EXPECT_EQ(back, bytes);
  });
  rig.run();
  EXPECT_EQ(k.page_stats().swap_out, 1u);
  EXPECT_EQ(k.page_stats().dropped_clean, 1u);
}

TEST(Paging, APageAskedForWhileItIsWrittenStaysAndKeepsLaterStores) {
  Rig rig;
  Kernel& k = rig.kernel;
  auto bytes = Rig::pattern(kPageBytes);
  const Asid a = resident_space(k, bytes);
  const std::uint64_t frame = k.info(a, kBase).physical;
  rig.program([&] {
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kWriting);
    const std::uint32_t word = 0xabcdef01;
    std::memcpy(&bytes[8], &word, 4);
    EXPECT_TRUE(k.write(a, kBase + 8, &word, 4));
    EXPECT_EQ(k.info(a, kBase).physical, frame);
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kBusy);  // the device still reads the frame
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(k.info(a, kBase).tier, Tier::kResident);
    // The store came after the eviction began: the copy on the device is stale.
    EXPECT_EQ(k.try_evict(a, kBase), Evicted::kWriting);
    sim::wait(sim::Time::from_ms(5));
    EXPECT_EQ(rig.peek(a, kBase, kPageBytes), bytes);
  });
  rig.run();
  EXPECT_EQ(k.page_stats().rescued, 1u);
  EXPECT_EQ(k.page_stats().swap_out, 2u);
}

TEST(Paging, FaultsOfSeveralProgramsOnOnePageShareOneRead) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(kPageBytes);
  const Asid a = swapped_space(k, bytes);
  for (int i = 0; i < 5; ++i) {
    rig.program([&] {
      std::vector<std::uint8_t> back(kPageBytes);
      EXPECT_TRUE(k.read(a, kBase, back.data(), back.size()));
      EXPECT_EQ(back, bytes);
    });
  }
  rig.run();
  EXPECT_EQ(k.page_stats().swap_in, 1u);
  EXPECT_EQ(k.stats().major_faults, 1u);
  EXPECT_EQ(k.stats().coalesced_faults, 4u);
}

// Calibration K1: eight pages a read, so one major fault in eight.
TEST(Paging, ASequentialScanReadsClustersOfEight) {
  RigParams p;
  p.frames = 1024;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(512 * kPageBytes);
  const Asid a = swapped_space(k, bytes);
  rig.program([&] {
    for (int i = 0; i < 512; ++i) EXPECT_TRUE(k.access(a, kBase + i * kPageBytes, 8, false));
  });
  rig.run();
  EXPECT_EQ(k.page_stats().swap_in, 512u);
  EXPECT_LE(k.stats().major_faults, 512u / 8 + 4);  // the window has to find the run first
  EXPECT_GE(k.page_stats().read_ahead_hits, 512u * 7 / 8 - 4);
}

// req: I-F02-50, I-P0010, I-F02-52
TEST(Paging, AnAddressSpaceFourTimesTheMemoryKeepsEveryByte) {
  RigParams p;
  p.frames = 512;  // 2 MiB
  Rig rig(p);
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(8 * kMiB);
  const Asid a = mapped_space(k, bytes.size());
  rig.program([&] {
    EXPECT_TRUE(k.write(a, kBase, bytes.data(), bytes.size()));
    std::vector<std::uint8_t> back(bytes.size());
    EXPECT_TRUE(k.read(a, kBase, back.data(), back.size()));
    EXPECT_TRUE(back == bytes);
  });
  rig.run();
  EXPECT_EQ(rig.peek(a, kBase, bytes.size()), bytes);
  EXPECT_GE(k.page_stats().swap_out, 3 * 512u);
  EXPECT_EQ(k.page_stats().busy_pinned, 0u);
}

TEST(Paging, TheClockKeepsEveryByteToo) {
  RigParams p;
  p.frames = 256;
  p.kernel.reclaim = ReclaimKind::kClock;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(4 * kMiB);
  const Asid a = mapped_space(k, bytes.size());
  rig.program([&] {
    EXPECT_TRUE(k.write(a, kBase, bytes.data(), bytes.size()));
    std::vector<std::uint8_t> back(bytes.size());
    EXPECT_TRUE(k.read(a, kBase, back.data(), back.size()));
    EXPECT_TRUE(back == bytes);
  });
  rig.run();
}

// req: I-P0009
TEST(Paging, SwapInTimesFollowTheDeviceAndDwarfThoseOfDram) {
  RigParams p;
  p.disk = host::DiskKind::kSata;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(kPageBytes);
  const Asid a = swapped_space(k, bytes);
  rig.program([&] { EXPECT_TRUE(k.access(a, kBase, 8, false)); });
  rig.run();
  // 100 us of the device, 6.8 us on its 4.8 Gbit/s link, a few us of command and interrupt; an
  // access of DRAM is below 0.1 us.
  EXPECT_GE(k.page_stats().swap_in_ns.min(), 100'000u);
  EXPECT_LE(k.page_stats().swap_in_ns.max(), 120'000u);
}

TEST(Paging, AMinorFaultAndACopyCostWhatTheCpuParametersSay) {
  Rig rig;
  const Asid a = mapped_space(rig.kernel, kPageBytes);
  sim::Time took;
  rig.program([&] {
    const auto bytes = Rig::pattern(1000);
    EXPECT_TRUE(rig.kernel.write(a, kBase, bytes.data(), bytes.size()));
    took = sim::now();
  });
  rig.run();
  // 750 ns for the fault, 100 ns for the copy at 80 Gbit/s; two walks of up to 4 x 75 ns and
  // cycles.
  EXPECT_GE(took, sim::Time::from_ns(850));
  EXPECT_LE(took, sim::Time::from_ns(850 + 2 * 400));
  const auto& busy = rig.cpu.stats().busy;
  EXPECT_EQ(busy[static_cast<std::size_t>(host::Work::kKernel)], sim::Time::from_ns(750));
  EXPECT_GE(busy[static_cast<std::size_t>(host::Work::kCopy)], sim::Time::from_ns(100));
}

TEST(Paging, BackgroundReclaimKeepsFramesFreeAndItsTimesAddUp) {
  RigParams p;
  p.frames = 512;
  Rig rig(p);
  Kernel& k = rig.kernel;
  const Asid a = mapped_space(k, 4 * kMiB);
  rig.program([&] {
    for (std::uint64_t at = 0; at < 4 * kMiB; at += kPageBytes) {
      EXPECT_TRUE(k.access(a, kBase + at, 8, true));
      sim::wait(sim::Time::from_us(20));
    }
  });
  rig.run();
  EXPECT_GE(k.free_frames(), 12u);  // high watermark: 2.4 % of 512
  k.settle_stats();
  k.kswapd_stalls().check_sum(sim::now());
  EXPECT_GT(k.kswapd_stalls().spent(KswapdState::kScan), sim::Time::zero());
  EXPECT_EQ(k.stats().direct_reclaims, 0u);
}

// req: I-F02-10ab, I-P0031
TEST(Paging, NeighbouringPagesLieInScatteredFrames) {
  Rig rig;
  const auto bytes = Rig::pattern(64 * kPageBytes);
  const Asid a = resident_space(rig.kernel, bytes);
  unsigned adjacent = 0;
  for (std::uint64_t i = 1; i < 64; ++i) {
    const auto before = rig.kernel.info(a, kBase + (i - 1) * kPageBytes).physical;
    if (rig.kernel.info(a, kBase + i * kPageBytes).physical == before + kPageBytes) ++adjacent;
  }
  EXPECT_LT(adjacent, 8u);
}

TEST(Paging, DramTooSmallForThePageTablesIsSaidWithWhatIsNeeded) {
  RigParams p;
  p.frames = 64;
  Rig rig(p);
  const Asid a = rig.kernel.create_address_space();
  try {
    rig.kernel.map(a, kBase, std::uint64_t{1} << 30);
    FAIL() << "mapped 1 GiB with tables of 2 MiB in 256 KiB";
  } catch (const sim::Error& e) {
    EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
    // 512 leaf tables, 1 + 1 above them, 2 roots, frame 0, the low watermark's frame and one to
    // use.
    EXPECT_NE(std::string(e.what()).find("2076 KiB"), std::string::npos) << e.what();
  }
}

TEST(Paging, WithoutSwapExhaustedMemoryIsAUserErrorAndNoHang) {
  RigParams p;
  p.frames = 64;
  p.disk = host::DiskKind::kNone;
  Rig rig(p);
  const Asid a = mapped_space(rig.kernel, 128 * kPageBytes);
  rig.program([&] { rig.kernel.access(a, kBase, 128 * kPageBytes, true); });
  sc_core::sc_report_handler::set_handler(nullptr);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  EXPECT_ANY_THROW(sc_core::sc_start(1, sc_core::SC_SEC));
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kUser);
  EXPECT_NE(sim::last_failure().text.find("out of memory"), std::string::npos);
}

TEST(Paging, WithoutSwapWhatFitsStaysResident) {
  RigParams p;
  p.frames = 64;
  p.disk = host::DiskKind::kNone;
  Rig rig(p);
  const Asid a = mapped_space(rig.kernel, 56 * kPageBytes);
  rig.program([&] { EXPECT_TRUE(rig.kernel.access(a, kBase, 56 * kPageBytes, true)); });
  rig.run();
  for (std::uint64_t i = 0; i < 56; ++i) {
    EXPECT_EQ(rig.kernel.info(a, kBase + i * kPageBytes).tier, Tier::kResident);
  }
}

TEST(Paging, AnAddressSpaceThatGoesAwayGivesEverythingBack) {
  Rig rig;
  Kernel& k = rig.kernel;
  const std::size_t free = k.free_frames();
  const Asid a = mapped_space(k, 400 * kPageBytes);
  rig.program([&] {
    EXPECT_TRUE(
        k.access(a, kBase, 400 * kPageBytes, true));  // more than DRAM: some on their way out
    k.destroy_address_space(a);
    EXPECT_FALSE(k.access(a, kBase, 1, false));
    sim::wait(sim::Time::from_ms(20));
    EXPECT_EQ(k.free_frames(), free);
    EXPECT_EQ(k.page_stats().swap_used.value(), 0u);
  });
  rig.run();
}

TEST(Paging, APartlyUnmappedRangeKeepsItsRest) {
  Rig rig;
  Kernel& k = rig.kernel;
  const auto bytes = Rig::pattern(10 * kPageBytes);
  const Asid a = resident_space(k, bytes);
  k.unmap(a, kBase + 3 * kPageBytes, 4 * kPageBytes);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const Tier tier = i >= 3 && i < 7 ? Tier::kUnmapped : Tier::kResident;
    EXPECT_EQ(k.info(a, kBase + i * kPageBytes).tier, tier);
  }
  k.map(a, kBase + 3 * kPageBytes, 4 * kPageBytes);
  EXPECT_EQ(rig.peek(a, kBase + 3 * kPageBytes, 100), std::vector<std::uint8_t>(100, 0));
}

}  // namespace
}  // namespace vctoe::kernel::test
