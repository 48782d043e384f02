// Running ahead of the kernel's clock must not be seen by anybody.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <tuple>
#include <vector>

#include "models/sim/agenda.h"
#include "models/sim/error.h"
#include "models/sim/event_queue.h"
#include "models/sim/random.h"

namespace vctoe::sim {
namespace {

/// Who did something when, since the start of the play.
using Line = std::tuple<std::uint64_t, int>;

/// Alarms and threads that set each other off at random. Every actor draws from a stream of its
/// own, so a play is the same twice if each meets its turns in the same order. Times are drawn from
/// so wide a range that no two fall together.
class Play : public sc_core::sc_module {
 public:
  explicit Play(const sc_core::sc_module_name& name) : sc_module(name) {
    for (int i = 0; i < kAlarms; ++i) alarms_.emplace_back([this, i] { ring(i); });
    SC_THREAD(first);
    SC_THREAD(second);
  }
  SC_HAS_PROCESS(Play);

  std::vector<Line> perform(std::uint64_t seed, bool ahead) {
    log_.clear();
    for (int i = 0; i < kActors; ++i) random_[i] = std::make_unique<Rng>(seed, std::to_string(i));
    begin_ = now();
    playing_ = true;
    for (int i = 0; i < kAlarms; ++i) alarms_[i].set(now() + span(i));
    for (auto& e : start_) e.notify(sc_core::SC_ZERO_TIME);
    for (int slice = 0; slice < 10; ++slice) advance(Time::from_us(1), ahead);
    playing_ = false;
    for (Alarm& a : alarms_) a.set(Time::never());
    advance(Time::from_us(10), false);  // the threads go back to their places
    std::sort(log_.begin(), log_.end());
    return log_;
  }

 private:
  static constexpr int kAlarms = 3;
  static constexpr int kThreads = 2;
  static constexpr int kActors = kAlarms + kThreads;

  static void advance(Time time, bool ahead) {
    if (ahead) {
      run(time);
    } else {
      sc_core::sc_start(to_sc(time));
    }
  }
  Time span(int actor) { return Time{1 + random_[actor]->below(200'000)}; }
  void note(int actor) {
    if (playing_) log_.emplace_back((now() - begin_).ps, actor);
  }

  void ring(int i) {
    note(i);
    alarms_[i].set(now() + span(i));
    sc_core::sc_event& event = wake_[random_[i]->below(kThreads)];
    switch (random_[i]->below(6)) {
      case 0:
        return sim::notify(event);
      case 1:
        return sim::notify(event, span(i));
      case 2:
        return notify_immediately(event);
      default:
        return;
    }
  }

  void first() { act(0); }
  void second() { act(1); }
  void act(int thread) {
    const int actor = kAlarms + thread;
    for (;;) {
      wait(start_[thread]);
      while (playing_) {
        switch (random_[actor]->below(3)) {
          case 0:
            sim::wait(span(actor));
            break;
          case 1:
            sim::wait(span(actor) + span(actor), wake_[thread]);
            break;
          default:
            alarms_[random_[actor]->below(kAlarms)].set(now() + span(actor));
            sim::wait(span(actor));
        }
        note(actor);
      }
    }
  }

  std::deque<Alarm> alarms_;
  std::array<sc_core::sc_event, kThreads> start_, wake_;
  std::array<std::unique_ptr<Rng>, kActors> random_;
  std::vector<Line> log_;
  Time begin_;
  bool playing_ = false;
};

TEST(RunAhead, ChangesNothing) {
  Play play("play");
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
  const bool ok = rc::check([&] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const auto plain = play.perform(seed, false);
    RC_ASSERT(plain.size() > 50u);
    RC_ASSERT(play.perform(seed, true) == plain);
  });
  EXPECT_TRUE(ok);
}

TEST(RunAhead, GoesNoFurtherThanTheRunAndEndsWithIt) {
  std::vector<Time> kernel_times;
  Alarm* self = nullptr;
  Alarm alarm([&] {
    kernel_times.push_back(kernel_time());
    self->set(now() + Time::from_ns(4));
  });
  self = &alarm;
  alarm.set(Time::from_ns(4));
  run(Time::from_ns(10));
  EXPECT_EQ(kernel_times, (std::vector<Time>{Time::from_ns(4), Time::from_ns(4)}));
  EXPECT_EQ(now(), Time::from_ns(10));
  sc_core::sc_start(10, sc_core::SC_NS);
  ASSERT_EQ(kernel_times.size(), 4u);
  EXPECT_EQ(kernel_times[2], Time::from_ns(12));
  EXPECT_EQ(kernel_times[3], Time::from_ns(16));
}

TEST(RunAhead, AnEntryThatNotifiesBehindItsTimeIsFoundOut) {
  sc_core::sc_report_handler::set_handler(nullptr);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  sc_core::sc_event event;
  int rings = 0;
  Alarm* self = nullptr;
  Alarm alarm([&] {
    if (++rings == 2) event.notify(sc_core::SC_ZERO_TIME);
    self->set(now() + Time::from_ns(1));
  });
  self = &alarm;
  alarm.set(Time::from_ns(1));
  EXPECT_THROW(run(Time::from_ns(10)), std::exception);
  EXPECT_EQ(last_failure().kind, FailureKind::kInternal);
}

}  // namespace
}  // namespace vctoe::sim
