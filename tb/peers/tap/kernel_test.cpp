// The modelled NIC and the Linux kernel send each other streams: SACK, timestamps and window
// scaling on, both open, both send at the same time. Long ones: kernel_long_test.cpp.
#include "tb/peers/tap/kernel_checks.h"

namespace vctoe::peers {
namespace {

constexpr std::uint64_t kMb = 1'000'000;

TEST(Kernel, OpensAndBothSendTwoMegabytes) {
  Exchange e;
  e.kernel_opens = 1;
  e.to_kernel = e.to_toe = 2 * kMb;
  expect_exchange(e);
}

TEST(Kernel, IsOpenedToAndBothSendTwoMegabytes) {
  Exchange e;
  e.toe_opens = 1;
  e.to_kernel = e.to_toe = 2 * kMb;
  expect_exchange(e);
}

TEST(Kernel, GetsAStreamWhileItSendsNothing) {
  Exchange e;
  e.kernel_opens = 1;
  e.to_kernel = 2 * kMb;
  expect_exchange(e);
}

TEST(Kernel, SendsAStreamWhileItGetsNothing) {
  Exchange e;
  e.toe_opens = 1;
  e.to_toe = 2 * kMb;
  expect_exchange(e);
}

TEST(Kernel, OnePercentLossAndReorderingChangeNoByte) {
  Exchange e;
  e.toe_opens = e.kernel_opens = 1;
  e.to_kernel = e.to_toe = kMb;
  e.wire = lossy(0.01);
  e.time_limit_s = 60;
  expect_exchange(e);
}

TEST(Kernel, FivePercentLossAndReorderingChangeNoByte) {
  Exchange e;
  e.toe_opens = e.kernel_opens = 1;
  e.to_kernel = e.to_toe = kMb;
  e.wire = lossy(0.05);
  e.time_limit_s = 60;
  expect_exchange(e);
}

TEST(Kernel, EightConnectionsOfEachSideAtOnce) {
  Exchange e;
  e.toe_opens = e.kernel_opens = 8;
  e.to_kernel = e.to_toe = 100'000;
  expect_exchange(e);
}

}  // namespace
}  // namespace vctoe::peers
