#include "models/sim/stats.h"

#include <gtest/gtest.h>

namespace vctoe::sim {
enum class Doing : std::uint8_t { kIdle, kBusy, kBlocked };
template <>
struct EnumNames<Doing> {
  static constexpr std::string_view kNames[] = {"idle", "busy", "blocked"};
};

namespace {

TEST(Level, IntegratesValueOverTime) {
  Level level;
  level.set(10, Time::from_s(1));
  level.add(5, Time::from_s(3));
  level.sub(15, Time::from_s(4));
  level.settle(Time::from_s(10));
  EXPECT_DOUBLE_EQ(level.settled(), 10 * 2 + 15 * 1);
  EXPECT_EQ(level.peak(), 15u);
  EXPECT_EQ(level.value(), 0u);
}

TEST(Level, FallingBelowZeroIsAModelError) {
  Level level;
  level.set(1, Time::zero());
  EXPECT_THROW(level.sub(2, Time::zero()), Error);
}

TEST(Histogram, KeepsExactMomentsAndBucketQuantiles) {
  Histogram h;
  for (std::uint64_t v = 1; v <= 1000; ++v) h.record(v);
  EXPECT_EQ(h.count(), 1000u);
  EXPECT_EQ(h.min(), 1u);
  EXPECT_EQ(h.max(), 1000u);
  EXPECT_DOUBLE_EQ(h.mean(), 500.5);
  EXPECT_EQ(h.quantile(0.5), 511u);
  EXPECT_EQ(h.quantile(1.0), 1000u);
}

TEST(StallAccount, PartsAddUpToElapsedTime) {
  StallAccount<Doing> account;
  account.enter(Doing::kBusy, Time::from_ns(4));
  account.enter(Doing::kBlocked, Time::from_ns(10));
  account.enter(Doing::kIdle, Time::from_ns(11));
  account.settle(Time::from_ns(20));
  EXPECT_EQ(account.spent(Doing::kIdle), Time::from_ns(13));
  EXPECT_EQ(account.spent(Doing::kBusy), Time::from_ns(6));
  EXPECT_EQ(account.spent(Doing::kBlocked), Time::from_ns(1));
  EXPECT_NO_THROW(account.check_sum(Time::from_ns(20)));
  EXPECT_THROW(account.check_sum(Time::from_ns(21)), Error);
}

}  // namespace
}  // namespace vctoe::sim
