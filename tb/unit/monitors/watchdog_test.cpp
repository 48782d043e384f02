#include <systemc>

#include "models/sim/event_queue.h"
#include "tb/unit/monitors/rig.h"

namespace vctoe::scenario {
namespace {

using sim::Time;
using sim::TraceKind;

/// A rig whose events come at chosen times, and a block that may wait.
struct Timed : Rig {
  Timed() : Rig(Time::from_ms(100)), later([](std::function<void()>& action) { action(); }) {
    monitors.add_waiter({"driver", [this] { return pending; },
                         [] { return std::string("block 12 waits for frames of the kernel"); }});
    monitors.add_waiter(
        {"sink", [] { return false; }, [] { return std::string("not to be printed"); }});
  }
  void move_at(Time at, TraceKind kind = TraceKind::kRxData) {
    later.push(at, [this, kind] { ctx.trace.emit(Rig::event(kind, 0, 100)); });
  }
  void pending_at(Time at, bool is) {
    later.push(at, [this, is] { pending = is; });
  }
  /// Runs until nothing is left to do; the text of the failure, empty if there was none.
  static std::string run() {
    // The kernel turns the exception into a report, which is expected here.
    sc_core::sc_report_handler::set_handler(nullptr);
    try {
      sc_core::sc_start();
    } catch (...) {
      EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
    }
    return sim::last_failure().text;
  }

  bool pending = false;
  sim::EventQueue<std::function<void()>> later;
};

// req: I-X08
TEST(Watchdog, FiresWhenStuckAndPrintsWhoWaits) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(7));
  const std::string text = rig.run();
  EXPECT_TRUE(has(text, "monitor watchdog: at 0.107000000000 s nothing has moved for 0.1"));
  EXPECT_TRUE(has(text, "driver: block 12 waits for frames of the kernel"));
  EXPECT_TRUE(has(text, "rx_data at 0.007000000000 s"));
  EXPECT_EQ(text.find("sink"), std::string::npos);
}

TEST(Watchdog, DoesNotFireWhileSomethingMoves) {
  Timed rig;
  rig.pending = true;
  for (int i = 1; i <= 20; ++i) rig.move_at(Time::from_ms(99) * i);
  rig.pending_at(Time::from_ms(1990), false);
  EXPECT_EQ(rig.run(), "");
}

TEST(Watchdog, CountsFromTheLastProgressExactly) {
  Timed rig;
  rig.pending = true;
  for (const int ms : {10, 60, 115, 214}) rig.move_at(Time::from_ms(ms));
  EXPECT_TRUE(has(rig.run(), "at 0.314000000000 s nothing"));
}

TEST(Watchdog, TimersThatRunOutAndDroppedFramesAreNoProgress) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(10));
  for (int ms = 20; ms < 300; ms += 10) {
    rig.move_at(Time::from_ms(ms), TraceKind::kRtoExpired);
    rig.move_at(Time::from_ms(ms), TraceKind::kFrameDrop);
  }
  EXPECT_TRUE(has(rig.run(), "at 0.110000000000 s nothing"));
}

TEST(Watchdog, IdleSimulationEndsByItself) {
  Timed rig;
  rig.move_at(Time::from_ms(7));
  EXPECT_EQ(rig.run(), "");
  EXPECT_EQ(sim::now(), Time::from_ms(7)) << "nothing was pending: no alarm at all";
}

TEST(Watchdog, FinishedSimulationSeesOneLastLook) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(7));
  rig.move_at(Time::from_ms(20));
  rig.pending_at(Time::from_ms(21), false);
  EXPECT_EQ(rig.run(), "");
  EXPECT_LE(sim::now(), Time::from_ms(20 + 100));
}

TEST(Watchdog, StartsAgainAfterAQuietTime) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(1));
  rig.pending_at(Time::from_ms(2), false);
  rig.pending_at(Time::from_ms(1000), true);
  rig.move_at(Time::from_ms(1000), TraceKind::kPost);
  EXPECT_TRUE(has(rig.run(), "at 1.100000000000 s nothing"));
}

TEST(Watchdog, WorkThatHasJustComeUpIsNotBlamedForTheQuietBefore) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(10));
  rig.pending_at(Time::from_ms(11), false);
  rig.pending_at(Time::from_ms(109), true);
  rig.move_at(Time::from_ms(112));
  rig.pending_at(Time::from_ms(113), false);
  EXPECT_EQ(rig.run(), "");
}

TEST(Watchdog, LooksHalfAPeriodAfterTheLastProgressToo) {
  Timed rig;
  rig.pending = true;
  rig.move_at(Time::from_ms(10));
  rig.move_at(Time::from_ms(55));
  rig.pending_at(Time::from_ms(61), false);
  rig.pending_at(Time::from_ms(150), true);  // 5 ms before a full period is over
  rig.move_at(Time::from_ms(160));
  rig.pending_at(Time::from_ms(161), false);
  EXPECT_EQ(rig.run(), "");
}

TEST(Watchdog, StuckSimulationThatRunsDryIsSeenAtTheEnd) {
  Timed rig;
  rig.pending_at(Time::from_ms(3), true);
  EXPECT_EQ(rig.run(), "");
  const std::string text = Rig::failure_of([&] { rig.monitors.finish({0, 0}); });
  EXPECT_TRUE(has(text, "over with work pending"));
  EXPECT_TRUE(has(text, "driver: block 12"));
}

}  // namespace
}  // namespace vctoe::scenario
