#include "sw/kernel/pin_ledger.h"

#include <gtest/gtest.h>

#include "sw/kernel/frame_table.h"

namespace vctoe::kernel {
namespace {

constexpr auto us = &sim::Time::from_us;

// req: I-P0034b
TEST(PinLedger, IntegratesBytesOverTimeByOwnerAndCause) {
  PinLedger ledger;
  // Two pages for the agent from 10 to 30 us; one of them a second time, for a retransmission, from
  // 20 to 50 us; the frame stays pinned in between.
  ledger.pin(PinOwner::kAgent, sim::Why::kFirst, 2, 2, us(10));
  ledger.pin(PinOwner::kAgent, sim::Why::kRetransmit, 1, 0, us(20));
  ledger.unpin(PinOwner::kAgent, sim::Why::kFirst, 2, 1, us(30));
  ledger.unpin(PinOwner::kAgent, sim::Why::kRetransmit, 1, 1, us(50));
  ledger.pin(PinOwner::kNode, sim::Why::kNode, 1, 1, us(60));
  ledger.settle(us(100));

  const auto& s = ledger.stats();
  const double page_us = 4096e-6;
  const auto agent = static_cast<std::size_t>(PinOwner::kAgent);
  const auto node = static_cast<std::size_t>(PinOwner::kNode);
  const double tolerance = 1e-12;  // sums of a few doubles of 1e-3..1e-1 B.s
  EXPECT_NEAR(s.by_cause[agent][0].settled(), 2 * 20 * page_us, tolerance);
  EXPECT_NEAR(s.by_cause[agent][1].settled(), 30 * page_us, tolerance);
  EXPECT_NEAR(s.by_owner[agent].settled(), 70 * page_us, tolerance);
  EXPECT_NEAR(s.by_owner[node].settled(), 40 * page_us, tolerance);
  EXPECT_NEAR(s.by_cause[node][2].settled(), 40 * page_us, tolerance);
  // 2 pages for 20 us, 1 for 20 us, 1 node page for 40 us.
  EXPECT_NEAR(s.total.settled(), (40 + 20 + 40) * page_us, tolerance);
  EXPECT_EQ(s.by_owner[agent].peak(), 3 * kPageBytes);
  EXPECT_EQ(s.total.peak(), 2 * kPageBytes);
  EXPECT_EQ(ledger.bytes(), kPageBytes);
}

TEST(PinLedger, MoreUnpinsThanPinsIsAnErrorOfTheModel) {
  PinLedger ledger;
  ledger.pin(PinOwner::kAgent, sim::Why::kFirst, 1, 1, us(1));
  EXPECT_THROW(ledger.unpin(PinOwner::kAgent, sim::Why::kFirst, 2, 1, us(2)), sim::Error);
}

}  // namespace
}  // namespace vctoe::kernel
