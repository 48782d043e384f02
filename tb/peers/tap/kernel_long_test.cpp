// The kernel as peer for a long time: 100 MB each way, and many connections at once.
#include "tb/peers/tap/kernel_checks.h"

namespace vctoe::peers {
namespace {

constexpr std::uint64_t kMb = 1'000'000;

Exchange both_ways(unsigned toe_opens, std::uint64_t bytes) {
  Exchange e;
  (toe_opens != 0 ? e.toe_opens : e.kernel_opens) = 1;
  e.to_kernel = e.to_toe = bytes;
  e.time_limit_s = 300;
  return e;
}

TEST(KernelLong, OpensAndBothSendAHundredMegabytes) {
  expect_exchange(both_ways(0, 100 * kMb));
}

TEST(KernelLong, IsOpenedToAndBothSendAHundredMegabytes) {
  expect_exchange(both_ways(1, 100 * kMb));
}

TEST(KernelLong, AHundredMegabytesEachWayAtOnePercentLossWithReordering) {
  Exchange e = both_ways(0, 100 * kMb);
  e.wire = lossy(0.01);
  expect_exchange(e, 2);
}

TEST(KernelLong, TenMegabytesEachWayAtFivePercentLossWithReordering) {
  Exchange e = both_ways(1, 10 * kMb);
  e.wire = lossy(0.05);
  expect_exchange(e, 2);
}

TEST(KernelLong, SixtyFourConnectionsAtOnce) {
  Exchange e;
  e.toe_opens = e.kernel_opens = 32;
  e.to_kernel = e.to_toe = kMb;
  e.time_limit_s = 120;
  expect_exchange(e);
}

TEST(KernelLong, SixtyFourConnectionsAtOnceAtOnePercentLossWithReordering) {
  Exchange e;
  e.toe_opens = e.kernel_opens = 32;
  e.to_kernel = e.to_toe = kMb;
  e.wire = lossy(0.01);
  e.time_limit_s = 120;
  expect_exchange(e);
}

}  // namespace
}  // namespace vctoe::peers
