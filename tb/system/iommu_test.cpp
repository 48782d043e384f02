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

}  // namespace
}  // namespace vctoe::scenario
