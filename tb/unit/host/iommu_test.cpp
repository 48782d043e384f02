#include "models/host/iommu.h"

#include <gtest/gtest.h>

#include "models/host/root_complex.h"
#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

constexpr std::uint64_t kRoot = 0x10'0000;     // tables of a domain, built by Bench::map()
constexpr std::uint64_t kProcess = 0x20'0000;  // and those of a process

struct Bench {
  explicit Bench(IommuParams p = {}) : iommu(p, Time::from_ps(500), dram) {
    iommu.attach(0, 0, kRoot);
  }
  static DramParams dram_params() {
    DramParams p;
    p.size = sim::Bytes::mib(64);
    return p;
  }
  /// Maps one page; tables are the pages behind the root.
  void map(std::uint64_t root, std::uint64_t va, std::uint64_t pa, std::uint64_t flags,
           unsigned leaf = 1) {
    std::uint64_t table = root;
    for (unsigned level = kPageLevels; level > leaf; --level) {
      const std::uint64_t at = entry_address(table, va, level);
      if (!is_present(dram.read64(at))) {
        dram.write64(at, make_pte(next, kPteWritable));
        next += kPageSize;
      }
      table = pte_physical(dram.read64(at));
    }
    dram.write64(entry_address(table, va, leaf), make_pte(pa, flags));
  }
  std::uint64_t pte(std::uint64_t root, std::uint64_t va) {
    std::uint64_t table = root;
    for (unsigned level = kPageLevels; level > 1; --level) {
      table = pte_physical(dram.read64(entry_address(table, va, level)));
    }
    return dram.read64(entry_address(table, va, 1));
  }
  IoTranslation read(std::uint64_t va, Time start = Time::zero()) {
    return iommu.translate({0, 0, va, 64, false}, start);
  }
  IoTranslation write(std::uint64_t va) { return iommu.translate({0, 0, va, 64, true}, {}); }

  sim::Context ctx;
  Dram dram{"dram", ctx, dram_params()};
  Iommu iommu;
  std::uint64_t next = 0x30'0000;
};

TEST(Iommu, FirstAccessToAPageWaitsForAWalkTheNextDoesNot) {
  Bench b;
  b.map(kRoot, 0x5000, 0x80'0000, kPteWritable);
  const IoTranslation first = b.read(0x5040);
  EXPECT_EQ(first.fault, IommuFault::kNone);
  EXPECT_EQ(first.physical, 0x80'0040u);
  EXPECT_EQ(first.at, Time::from_ns(270));
  const IoTranslation second = b.read(0x5080, Time::from_us(1));
  EXPECT_EQ(second.physical, 0x80'0080u);
  EXPECT_EQ(second.at, Time::from_us(1));
  EXPECT_EQ(b.iommu.stats().walks, 1u);
  EXPECT_EQ(b.iommu.stats().hits, 1u);
}

TEST(Iommu, AccessToAPageThatIsBeingWalkedWaitsForThatWalk) {
  Bench b;
  b.map(kRoot, 0x5000, 0x80'0000, kPteWritable);
  b.read(0x5000);
  EXPECT_EQ(b.read(0x5040, Time::from_ns(100)).at, Time::from_ns(270));
  EXPECT_EQ(b.iommu.stats().walks, 1u);
  EXPECT_EQ(b.iommu.stats().waited[static_cast<std::size_t>(IommuWait::kOthers)],
            Time::from_ns(170));
}

TEST(Iommu, WalksRunInParallelAsFarAsThereAreWalkers) {
  IommuParams p;
  p.walkers = 2;
  Bench b(p);
  for (std::uint64_t i = 0; i < 4; ++i) b.map(kRoot, i << 12, 0x80'0000 + (i << 12), 0);
  EXPECT_EQ(b.read(0x0000).at, Time::from_ns(270));
  EXPECT_EQ(b.read(0x1000).at, Time::from_ns(270));
  EXPECT_EQ(b.read(0x2000).at, Time::from_ns(540));
  EXPECT_EQ(b.read(0x3000).at, Time::from_ns(540));
  EXPECT_EQ(b.iommu.stats().waited[static_cast<std::size_t>(IommuWait::kWalker)],
            Time::from_ns(540));
}

TEST(Iommu, OneEntryCoversALargePage) {
  Bench b;
  b.map(kRoot, 0x40'0000, 0x80'0000, kPteWritable | kPteLarge, 2);
  b.read(0x40'0000);
  const IoTranslation far = b.read(0x5f'f040, Time::from_us(1));
  EXPECT_EQ(far.physical, 0x9f'f040u);
  EXPECT_EQ(far.at, Time::from_us(1));
  EXPECT_EQ(b.iommu.stats().walks, 1u);
}

TEST(Iommu, RefusesWhatIsNotMappedOrNotWritableOrOfNoDomain) {
  Bench b;
  b.map(kRoot, 0x5000, 0x80'0000, 0);
  EXPECT_EQ(b.read(0x6000).fault, IommuFault::kNotPresent);
  EXPECT_EQ(b.read(std::uint64_t{1} << 60).fault, IommuFault::kNotPresent);
  EXPECT_EQ(b.write(0x5000).fault, IommuFault::kNoRight);
  EXPECT_EQ(b.iommu.translate({1, 0, 0x5000, 64, false}, {}).fault, IommuFault::kNoDomain);
  EXPECT_EQ(b.iommu.translate({0, 7, 0x5000, 64, false}, {}).fault, IommuFault::kNoDomain);
  EXPECT_EQ(b.iommu.stats().faults, 5u);
  EXPECT_EQ(b.read(0x5000).fault, IommuFault::kNone);
}

TEST(Iommu, KeepsDevicesOfDifferentDomainsApart) {
  Bench b;
  b.map(kRoot, 0x5000, 0x80'0000, 0);
  b.map(kProcess, 0x5000, 0x90'0000, 0);
  b.iommu.attach(1, 0, kProcess);
  EXPECT_EQ(b.read(0x5000).physical, 0x80'0000u);
  EXPECT_EQ(b.iommu.translate({1, 0, 0x5000, 64, false}, {}).physical, 0x90'0000u);
  b.iommu.detach(1, 0);
  EXPECT_EQ(b.iommu.translate({1, 0, 0x5000, 64, false}, {}).fault, IommuFault::kNoDomain);
}

TEST(Iommu, KnowsAPageUntilItIsInvalidated) {
  Bench b;
  b.map(kRoot, 0x5000, 0x80'0000, 0);
  b.read(0x5000);
  b.map(kRoot, 0x5000, 0x90'0000, 0);
  EXPECT_EQ(b.read(0x5000).physical, 0x80'0000u);
  b.iommu.invalidate(kRoot, 0x5000, kPageSize);
  EXPECT_EQ(b.read(0x5000).physical, 0x90'0000u);
  EXPECT_EQ(b.iommu.invalidation_time(), Time::from_ps(500) * 2130);
}

TEST(Iommu, EvictsTheEntryThatWasNotUsedForLongest) {
  IommuParams p;
  p.entries = 2;
  Bench b(p);
  for (std::uint64_t i = 0; i < 3; ++i) b.map(kRoot, i << 12, 0x80'0000 + (i << 12), 0);
  b.read(0x0000);
  b.read(0x1000);
  b.read(0x0000);
  b.read(0x2000);
  b.read(0x0000);
  EXPECT_EQ(b.iommu.stats().walks, 3u);
  b.read(0x1000);
  EXPECT_EQ(b.iommu.stats().walks, 4u);
}

// VT-d, first-level tables: reclaim sees what devices use.
TEST(Iommu, SetsAccessedAndDirtyInTheTablesOfAProcessOnly) {
  Bench b;
  b.iommu.attach(0, 9, kProcess);
  b.map(kRoot, 0x5000, 0x80'0000, kPteWritable);
  b.map(kProcess, 0x5000, 0x90'0000, kPteWritable);
  b.write(0x5000);
  EXPECT_EQ(b.pte(kRoot, 0x5000) & (kPteAccessed | kPteDirty), 0u);
  b.iommu.translate({0, 9, 0x5000, 64, false}, {});
  EXPECT_EQ(b.pte(kProcess, 0x5000) & (kPteAccessed | kPteDirty), kPteAccessed);
  b.iommu.translate({0, 9, 0x5000, 64, true}, {});
  EXPECT_EQ(b.pte(kProcess, 0x5000) & (kPteAccessed | kPteDirty), kPteAccessed | kPteDirty);
}

/// The IOMMU in its place.
struct Complex : Bench {
  Complex() {
    rc.to_dram.bind(dram.socket);
    link.socket.bind(rc.from_devices);
    rc.set_iommu(&iommu);
  }
  RootComplex rc{"rc", ctx, {Time::from_ns(200), Time::from_ns(100), {}}, Time::from_ns(120)};
  MemoryPort link{"link"};
};

TEST(IommuInRootComplex, DeviceReachesTheFrameThatItsAddressIsMappedTo) {
  Complex c;
  elaborate();
  c.map(kRoot, 0x5000, 0x80'0000, kPteWritable);
  const std::uint64_t sent = 0x1122'3344'5566'7788;
  // A walk of 270 ns, a closed bank and the path; then the last two alone.
  EXPECT_NEAR(c.link.write(0x5008, &sent, 8).ns(), 270 + 30 + 100, 0.01);
  EXPECT_EQ(c.dram.read64(0x80'0008), sent);
  std::uint64_t back = 0;
  EXPECT_NEAR(c.link.access(tlm::TLM_READ_COMMAND, 0x5008, &back, 8, Time::from_us(1)).ns(),
              16.667 + 200, 0.01);
  EXPECT_EQ(back, sent);
}

TEST(IommuInRootComplex, RefusesAnUnmappedAddressAsAnUnsupportedRequest) {
  Complex c;
  elaborate();
  std::uint64_t word = 0;
  c.link.read(0x5000, &word, 8);
  EXPECT_EQ(c.link.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  c.link.write(0x5000, &word, 8);
  EXPECT_EQ(c.link.status, tlm::TLM_ADDRESS_ERROR_RESPONSE);
  EXPECT_EQ(c.rc.stats().dma_errors, 2u);
  EXPECT_EQ(c.rc.stats().dma_reads + c.rc.stats().dma_writes, 0u);
  EXPECT_EQ(c.iommu.stats().faults, 2u);
}

TEST(IommuInRootComplex, InterruptMessagesPassItBy) {
  Complex c;
  unsigned taken = 99;
  c.rc.set_interrupt_handler([&](unsigned vector) { taken = vector; });
  elaborate();
  const std::uint32_t data = 0;
  c.link.write(kMsiBase + 4 * 3, &data, 4);
  EXPECT_EQ(c.link.status, tlm::TLM_OK_RESPONSE);
  sc_core::sc_start(1, sc_core::SC_US);
  EXPECT_EQ(taken, 3u);
  EXPECT_EQ(c.iommu.stats().lookups, 0u);
}

}  // namespace
}  // namespace vctoe::host
