#include "models/sim/event_queue.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

namespace vctoe::sim {
namespace {

struct Seen {
  Time at;
  int item;
};

TEST(EventQueue, DeliversInTimeOrderAndFirstInFirstOutWithinOneTime) {
  std::vector<Seen> seen;
  EventQueue<int> queue([&](int& item) { seen.push_back({now(), item}); });
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
  EventQueue<int> queue([&](int& item) { seen.push_back(item); });
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
  EventQueue<int> queue([&](int& item) {
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
  EventQueue<int> queue([&](int&) { ++handled; });
  for (int i = 0; i < 100; ++i) queue.push(Time::from_ns(7), i);
  const auto before = g_activations;
  sc_core::sc_start();
  EXPECT_EQ(handled, 100);
  EXPECT_EQ(g_activations - before, 1u);
}

TEST(EventQueue, RandomPushesComeOutSortedAndStable) {
  std::vector<std::pair<std::uint64_t, int>> seen;
  EventQueue<int> queue([&](int& item) { seen.emplace_back(now().ps, item); });
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
  Alarm alarm([&] { fired.push_back(now()); });
  alarm.set(Time::from_ns(5));
  alarm.set(Time::from_ns(8));
  sc_core::sc_start();
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0], Time::from_ns(8));
}

TEST(Alarm, TurnedOffDoesNotRun) {
  int fired = 0;
  Alarm alarm([&] { ++fired; });
  alarm.set(Time::from_ns(5));
  alarm.set(Time::never());
  sc_core::sc_start();
  EXPECT_EQ(fired, 0);
}

TEST(Alarm, MovedEarlierRunsEarlier) {
  std::vector<Time> fired;
  Alarm alarm([&] { fired.push_back(now()); });
  alarm.set(Time::from_ns(8));
  alarm.set(Time::from_ns(3));
  sc_core::sc_start();
  ASSERT_EQ(fired.size(), 1u);
  EXPECT_EQ(fired[0], Time::from_ns(3));
}

TEST(Alarm, MovedBackAndForthLeavesNothingBehind) {
  Alarm alarm([] {});
  for (int i = 0; i < 1000; ++i) alarm.set(Time::from_ns(i % 2 == 0 ? 500 : 900));
  alarm.set(Time::never());
  const auto before = g_activations;
  sc_core::sc_start(1, sc_core::SC_US);
  EXPECT_EQ(g_activations, before);
  EXPECT_FALSE(sc_core::sc_pending_activity());
}

TEST(Agenda, EntriesOfOneTimeRunInTheOrderInWhichTheyWereSet) {
  std::vector<int> ran;
  Alarm first([&] { ran.push_back(1); });
  Alarm second([&] { ran.push_back(2); });
  Alarm third([&] { ran.push_back(3); });
  third.set(Time::from_ns(5));
  first.set(Time::from_ns(7));
  second.set(Time::from_ns(5));
  first.set(Time::from_ns(5));
  sc_core::sc_start();
  EXPECT_EQ(ran, (std::vector<int>{3, 2, 1}));
}

TEST(Agenda, EntryMaySetItselfAndOthersForNow) {
  std::vector<int> ran;
  Alarm other([&] { ran.push_back(2); });
  Alarm* self = nullptr;
  Alarm one([&] {
    ran.push_back(1);
    if (ran.size() > 3) return;
    other.set(now());
    self->set(now());
  });
  self = &one;
  one.set(Time::from_ns(4));
  sc_core::sc_start();
  EXPECT_EQ(ran, (std::vector<int>{1, 2, 1, 2, 1}));
  EXPECT_EQ(now(), Time::from_ns(4));
}

TEST(Agenda, RandomSettingsRunEachAlarmOnceAtItsLastTime) {
  constexpr std::size_t kAlarms = 8;
  std::vector<std::pair<std::uint64_t, std::size_t>> ran;
  std::deque<Alarm> alarms;
  for (std::size_t i = 0; i < kAlarms; ++i) {
    alarms.emplace_back([&ran, i] { ran.emplace_back(now().ps, i); });
  }
  EXPECT_TRUE(rc::check("each alarm once, sorted by time", [&] {
    const auto index = rc::gen::inRange<std::size_t>(0, kAlarms);
    const auto moves = *rc::gen::container<std::vector<std::pair<std::size_t, unsigned>>>(
        rc::gen::pair(index, rc::gen::inRange(0u, 50u)));
    ran.clear();
    const Time base = now();
    std::map<std::size_t, std::pair<std::uint64_t, std::size_t>> last;  // time, order of setting
    for (std::size_t k = 0; k < moves.size(); ++k) {
      const auto& [i, delay] = moves[k];
      const Time at = base + Time::from_ps(delay);
      const bool off = delay % 7 == 0;
      alarms[i].set(off ? Time::never() : at);
      if (off) {
        last.erase(i);
      } else if (last.count(i) == 0 || last[i].first != at.ps) {
        last[i] = {at.ps, k};
      }
    }
    std::vector<std::tuple<std::uint64_t, std::size_t, std::size_t>> sorted;
    for (const auto& [i, when] : last) sorted.emplace_back(when.first, when.second, i);
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::pair<std::uint64_t, std::size_t>> want;
    for (const auto& [at, order, i] : sorted) want.emplace_back(at, i);
    sc_core::sc_start(100, sc_core::SC_PS);
    RC_ASSERT(ran == want);
  }));
}

}  // namespace
}  // namespace vctoe::sim
