#include "models/host/bookings.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace vctoe::host {
namespace {

using sim::Time;

TEST(Bookings, FillsTheGapThatALaterBookingLeft) {
  Bookings b;
  EXPECT_EQ(b.book(Time::from_ns(100), Time::from_ns(10)), Time::from_ns(100));
  EXPECT_EQ(b.book(Time::from_ns(20), Time::from_ns(30)), Time::from_ns(20));
  EXPECT_EQ(b.book(Time::from_ns(20), Time::from_ns(30)), Time::from_ns(50));
  EXPECT_EQ(b.book(Time::from_ns(20), Time::from_ns(30)), Time::from_ns(110));
  EXPECT_EQ(b.tail(), Time::from_ns(140));
}

TEST(Bookings, NeverOverlapAndNeverStartEarly) {
  EXPECT_TRUE(rc::check("disjoint", [] {
    Bookings b;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> spans;
    const auto count = *rc::gen::inRange(1, 300);
    std::uint64_t base = 0;
    for (int i = 0; i < count; ++i) {
      base += *rc::gen::inRange<std::uint64_t>(0, 20);
      const std::uint64_t earliest = base + *rc::gen::inRange<std::uint64_t>(0, 200);
      const std::uint64_t span = *rc::gen::inRange<std::uint64_t>(1, 30);
      const std::uint64_t start = b.book(Time::from_ps(earliest), Time::from_ps(span)).ps;
      RC_ASSERT(start >= earliest);
      spans.emplace_back(start, start + span);
    }
    std::sort(spans.begin(), spans.end());
    for (std::size_t i = 1; i < spans.size(); ++i) {
      RC_ASSERT(spans[i - 1].second <= spans[i].first);
    }
  }));
}

}  // namespace
}  // namespace vctoe::host
