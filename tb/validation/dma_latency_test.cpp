// The latency of a DMA read as the NIC sees it: DMA engine, link, root complex and DRAM together.
// Published: calibration P7 and P11 (pcie-bench, NFP6000 on Xeon E5, warm: 546-560 ns for 64 B,
// 1133 ns for 2048 B, 0.295 ns/B between them).
#include <gtest/gtest.h>

#include "tb/validation/dma_path.h"

namespace vctoe {
namespace {

struct Path : validation::DmaPath {
  /// Reads `length` bytes of a row that nobody has open, alone; how long it took.
  double latency_ns(std::uint32_t length) {
    // Away from refreshes and earlier rows: one read in every 50 us, another row each time.
    sc_core::sc_start(46, sc_core::SC_US);
    row += 1 << 20;
    return read_ns(row, length);
  }
  std::uint64_t row = 0;
};

TEST(DmaLatency, ReadOf64BytesTakes550Nanoseconds) {
  Path path;
  // 2 %: the spread over the E5 hosts is 546 to 600 ns.
  EXPECT_NEAR(path.latency_ns(64), 550, 11);
}

TEST(DmaLatency, SlopeOverTheSizeIsThatOfPublishedMeasurements) {
  Path path;
  const double slope = (path.latency_ns(2048) - path.latency_ns(64)) / (2048 - 64);
  EXPECT_NEAR(slope, 0.295, 0.05 * 0.295);
}

// 10 %: the hosts differ by 8 % among themselves (HSW 2637v3 against SNB).
TEST(DmaLatency, PublishedSizesInBetweenAreWithinTenPercent) {
  Path path;
  EXPECT_NEAR(path.latency_ns(512), 706, 70);
  EXPECT_NEAR(path.latency_ns(1024), 853, 85);
  EXPECT_NEAR(path.latency_ns(2048), 1133, 113);
}

}  // namespace
}  // namespace vctoe
