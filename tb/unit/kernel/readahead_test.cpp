#include "sw/kernel/readahead.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace vctoe::kernel {
namespace {

// Calibration K1, K2.
TEST(Readahead, ASequentialRunWhosePagesAreUsedReadsFullClustersForward) {
  Readahead ra;
  std::uint64_t vpn = 1000;
  ra.on_fault(vpn, 0, 1u << 20, 8);
  for (int i = 0; i < 4; ++i) {
    for (int hit = 0; hit < 7; ++hit) ra.on_hit(++vpn);
    ++vpn;
    const PageWindow w = ra.on_fault(vpn, 0, 1u << 20, 8);
    EXPECT_EQ(w.first, vpn);
    EXPECT_EQ(w.last, vpn + 8);
  }
}

TEST(Readahead, FaultsWithoutHitsShrinkTheWindowByHalves) {
  Readahead ra;
  std::uint64_t sizes[5];
  std::uint64_t vpn = 1000;
  for (auto& size : sizes) {
    vpn += 5000;
    const PageWindow w = ra.on_fault(vpn, 0, 1u << 20, 8);
    size = w.last - w.first;
  }
  EXPECT_EQ(sizes[0], 8u);
  EXPECT_EQ(sizes[1], 4u);
  EXPECT_EQ(sizes[2], 2u);
  EXPECT_EQ(sizes[3], 1u);
  EXPECT_EQ(sizes[4], 1u);
}

TEST(Readahead, ABackwardRunReadsBackward) {
  Readahead ra;
  ra.on_fault(5000, 0, 1u << 20, 8);
  ra.on_hit(5000);
  const PageWindow w = ra.on_fault(4999, 0, 1u << 20, 8);
  EXPECT_EQ(w.last, 5000u);
  EXPECT_EQ(w.first, 4996u);
}

TEST(Readahead, TheWindowHoldsTheFaultAndStaysInsideTheMapping) {
  EXPECT_TRUE(rc::check("bounds", [] {
    Readahead ra;
    const auto low = *rc::gen::inRange<std::uint64_t>(0, 50);
    const auto high = low + *rc::gen::inRange<std::uint64_t>(1, 50);
    const auto max_pages = *rc::gen::element<std::uint64_t>(1, 2, 4, 8, 16);
    for (int i = 0; i < 50; ++i) {
      const auto vpn = *rc::gen::inRange(low, high);
      const PageWindow w = ra.on_fault(vpn, low, high, max_pages);
      RC_ASSERT(w.first <= vpn && vpn < w.last);
      RC_ASSERT(w.first >= low && w.last <= high && w.last - w.first <= max_pages);
      if (*rc::gen::arbitrary<bool>()) ra.on_hit(*rc::gen::inRange(low, high));
    }
  }));
}

}  // namespace
}  // namespace vctoe::kernel
