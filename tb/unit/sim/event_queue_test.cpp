#include "models/sim/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <vector>

namespace vctoe::sim {
namespace {

struct Seen {
  Time at;
  int item;
};

TEST(EventQueue, DeliversInTimeOrderAndFirstInFirstOutWithinOneTime) {
  std::vector<Seen> seen;
  EventQueue<int> queue("queue", [&](int& item) { seen.push_back({now(), item}); });
  queue.push(Time::from_ns(5), 1);
  queue.push(Time::from_ns(2), 2);
  queue.push(Time::from_ns(5), 3);
  queue.push(Time::from_ns(2), 4);
  sc_core::sc_start();
  ASSERT_EQ(seen.size(), 4u);
  EXPECT_EQ(seen[0].item, 2);
  EXPECT_EQ(seen[1].item, 4);
  EXPECT_EQ(seen[2].item, 1);
  EXPECT_EQ(seen[3].item, 3);
  EXPECT_EQ(seen[3].at, Time::from_ns(5));
}

TEST(EventQueue, AnEarlierItemPushedLaterStillComesFirst) {
  std::vector<int> seen;
  EventQueue<int> queue("queue", [&](int& item) { seen.push_back(item); });
  queue.push(Time::from_ns(9), 9);
  queue.push(Time::from_ns(3), 3);
  sc_core::sc_start(1, sc_core::SC_NS);
  queue.push(Time::from_ns(2), 2);
  sc_core::sc_start();
  EXPECT_EQ(seen, (std::vector<int>{2, 3, 9}));
}

TEST(EventQueue, HandlerMayPushForTheSameTime) {
  std::vector<int> seen;
  EventQueue<int>* self = nullptr;
  EventQueue<int> queue("queue", [&](int& item) {
    seen.push_back(item);
    if (item < 3) self->push(now(), item + 1);
  });
  self = &queue;
  queue.push(Time::from_ns(1), 1);
  sc_core::sc_start();
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(now(), Time::from_ns(1));
}

TEST(EventQueue, OneActivationServesAllItemsOfOneTime) {
  int handled = 0;
  EventQueue<int> queue("queue", [&](int&) { ++handled; });
  for (int i = 0; i < 100; ++i) queue.push(Time::from_ns(7), i);
  const auto before = g_activations;
  sc_core::sc_start();
  EXPECT_EQ(handled, 100);
  EXPECT_EQ(g_activations - before, 1u);
}

TEST(EventQueue, RandomPushesComeOutSortedAndStable) {
  std::vector<std::pair<std::uint64_t, int>> seen;
  EventQueue<int> queue("queue", [&](int& item) { seen.emplace_back(now().ps, item); });
  EXPECT_TRUE(rc::check("sorted by time, stable", [&] {
    const auto delays = *rc::gen::container<std::vector<unsigned>>(rc::gen::inRange(0u, 50u));
    seen.clear();
    const Time base = now();
    std::vector<std::pair<std::uint64_t, int>> want;
    for (std::size_t i = 0; i < delays.size(); ++i) {
      want.emplace_back(base.ps + delays[i], static_cast<int>(i));
      queue.push(Time::from_ps(base.ps + delays[i]), static_cast<int>(i));
    }
    std::stable_sort(want.begin(), want.end(), [](auto& a, auto& b) { return a.first < b.first; });
    sc_core::sc_start(100, sc_core::SC_PS);
    RC_ASSERT(seen == want);
  }));
}

TEST(Alarm, MovedLaterRunsOnceAtTheLaterTime) {
  std::vector<Time> fired;
  Alarm alarm("alarm", [&] { fired.push_back(now()); });
  alarm.set(Time::from_ns(5));
  alarm.set(Time::from_ns(8));
  sc_core::sc_start();
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0], Time::from_ns(8));
}

TEST(Alarm, TurnedOffDoesNotRun) {
  int fired = 0;
  Alarm alarm("alarm", [&] { ++fired; });
  alarm.set(Time::from_ns(5));
  alarm.set(Time::never());
  sc_core::sc_start();
  EXPECT_EQ(fired, 0);
}

TEST(Alarm, MovedEarlierRunsEarlier) {
  std::vector<Time> fired;
  Alarm alarm("alarm", [&] { fired.push_back(now()); });
  alarm.set(Time::from_ns(8));
  alarm.set(Time::from_ns(3));
  sc_core::sc_start();
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0], Time::from_ns(3));
}

}  // namespace
}  // namespace vctoe::sim
