// Whole runs with the IOMMU in the NIC's way.
#include <gtest/gtest.h>

#include "tb/system/transfer.h"

namespace vctoe::scenario {
namespace {

ScenarioParams guarded(const TransferCase& c) {
  ScenarioParams p = params_of(c);
  p.system.host.iommu.enabled = true;
  return p;
}

class IommuTransfer : public testing::TestWithParam<const char*> {};

// Frames are mapped only while they are pinned: an access of the NIC to any other would be refused
// and end the stream.
TEST_P(IommuTransfer, ArrivesIntactWhenOnlyPinnedFramesAreMapped) {
  const auto s = run(guarded({GetParam(), 4 << 20, 0.001, Memory::kPressed}), GetParam());
  expect_intact(s);
  for (const std::string side : {"sender", "receiver"}) {
    EXPECT_EQ(stat(s, side + ".iommu.faults"), 0) << side;
    EXPECT_GT(stat(s, side + ".iommu.lookups"), 0) << side;
    EXPECT_EQ(stat(s, side + ".root_complex.dma_errors"), 0) << side;
  }
}
INSTANTIATE_TEST_SUITE_P(Schemes, IommuTransfer,
                         testing::Values("fig3", "fig8+fig9", "fig8+fig10", "fig11+fig9",
                                         "fig11+fig10", "fig12+fig9", "fig12+fig10"),
                         scheme_name);

TEST(IommuStatic, ArrivesIntactAndInvalidatesNothing) {
  ScenarioParams p = guarded({"fig8+fig9", 4 << 20, 0.0, Memory::kCalm});
  p.kernel.dma_map = kernel::DmaMap::kStatic;
  const auto s = run(p, "fig8+fig9");
  expect_intact(s);
  EXPECT_EQ(stat(s, "sender.iommu.invalidations"), 0);
  // 64 MiB of DRAM are 32 pages of 2 MiB: fewer walks than the IOTLB has entries.
  EXPECT_LE(stat(s, "sender.iommu.walks"), 32);
}

using AtsCase = std::tuple<double, Memory>;
class AtsTransfer : public testing::TestWithParam<AtsCase> {};

// The third way of identifying data: the NIC reads by virtual address, and nobody pins the stream.
// The monitor of DMA reads asks the kernel's frame table about each of them.
// req: I-P0053b
TEST_P(AtsTransfer, ArrivesIntactAndPinsNothingOfTheStream) {
  const auto [loss, memory] = GetParam();
  const auto s = run(guarded({"ats", 4 << 20, loss, memory}), "ats");
  expect_intact(s);
  EXPECT_EQ(stat(s, "sender.kernel.pins.agent", "peak"), 0);
  EXPECT_EQ(s.pinned_peak_bytes, 0U);
  EXPECT_EQ(stat(s, "sender.nic.request.first_requests"), 0);
  EXPECT_GT(stat(s, "sender.nic.request.translated_blocks"), 0);
  EXPECT_GE(stat(s, "sender.root_complex.dma_bytes_read"), 4 << 20);
  // A page that is not there is a fault of the IOMMU, a page request, and a second access.
  const bool missing = memory == Memory::kPressed;
  EXPECT_EQ(stat(s, "sender.iommu.faults") > 0, missing);
  EXPECT_EQ(stat(s, "sender.nic.pages.page_requests") > 0, missing);
  EXPECT_EQ(stat(s, "sender.nic.pages.repeated") > 0, missing);
  EXPECT_EQ(stat(s, "sender.nic.pages.refused"), 0);
}
INSTANTIATE_TEST_SUITE_P(All, AtsTransfer,
                         testing::Combine(testing::Values(0.0, 0.001, 0.05),
                                          testing::Values(Memory::kCalm, Memory::kPressed)));

TEST(AtsLargePages, ArrivesIntactFromPagesThatReclaimSplits) {
  ScenarioParams p = guarded({"ats", 8 << 20, 0.001, Memory::kPressed});
  p.kernel.huge_pages = true;
  const auto s = run(p, "ats");
  expect_intact(s);
  EXPECT_GT(stat(s, "sender.kernel.pages.large_mapped"), 0);
}

TEST(AtsWithoutIommu, IsAUserError) {
  EXPECT_THROW(
      try {
        run(params_of({"ats", 4096, 0.0, Memory::kCalm}), "ats");
      } catch (const sim::Error& e) {
        EXPECT_EQ(e.kind(), sim::FailureKind::kUser);
        EXPECT_NE(std::string(e.what()).find("host.iommu.enabled"), std::string::npos);
        throw;
      },
      sim::Error);
}

}  // namespace
}  // namespace vctoe::scenario
