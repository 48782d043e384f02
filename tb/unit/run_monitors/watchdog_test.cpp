// The watchdog sees that nothing moves, says who waits, and lets an idle simulation end.
#include "sw/scenario/watchdog.h"

#include <gtest/gtest.h>

#include "models/sim/error.h"
#include "models/sim/event_queue.h"

namespace vctoe::monitors {
namespace {

using sim::Time;
using sim::TraceKind;

constexpr Time kPatience = Time::from_us(100);

void pass_on(const sc_core::sc_report& report, const sc_core::sc_actions& actions) {
  if ((actions & sc_core::SC_THROW) != 0) throw report;
}

struct Rig {
  Rig() : dog("dog", ctx, kPatience), moves("moves", [this](int&) { move(); }) {
    sim::clear_failure();
    dog.watch(
        "disk", [this] { return pending; }, [] { return "waits for the arm"; });
    dog.watch(
        "nic", [] { return false; }, [] { return "has no work"; });
  }
  void move() { ctx.trace.emit({{}, TraceKind::kPin, 0, 0, 0, 0, 0, 0, 0, 0}); }
  /// Text of the failure, empty if the simulation ends by itself.
  std::string run() {
    sc_core::sc_report_handler::set_handler(&pass_on);  // the failure is what is waited for
    try {
      sc_core::sc_start();
    } catch (const std::exception&) {
      EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
      return sim::last_failure().text;
    }
    return "";
  }
  sim::Context ctx;
  bool pending = true;
  Watchdog dog;
  sim::EventQueue<int> moves;
};

TEST(Watchdog, NamesWhoWaitsWhenNothingMoves) {
  Rig rig;
  rig.moves.push(Time::from_us(30), 0);
  const std::string text = rig.run();
  EXPECT_NE(text.find("disk [pending] waits for the arm"), std::string::npos) << text;
  EXPECT_NE(text.find("nic [idle]"), std::string::npos) << text;
  EXPECT_GE(sim::now(), Time::from_us(130));
  EXPECT_LE(sim::now(), Time::from_us(230)) << "at most twice its patience";
}

TEST(Watchdog, IsPatientWhileSomethingMoves) {
  Rig rig;
  for (unsigned i = 0; i < 50; ++i) rig.moves.push(Time::from_us(i * 90), 0);
  rig.moves.push(Time::from_us(49 * 90), 1);
  rig.pending = true;
  const std::string text = rig.run();
  EXPECT_NE(text, "") << "it does stand still at last";
  EXPECT_GE(sim::now(), Time::from_us(49 * 90 + 100));
}

TEST(Watchdog, LetsAnIdleSimulationEnd) {
  Rig rig;
  rig.pending = false;
  for (unsigned i = 0; i < 3; ++i) rig.moves.push(Time::from_us(i * 1000), 0);
  EXPECT_EQ(rig.run(), "");
  EXPECT_LE(sim::now(), Time::from_us(2000) + kPatience);
}

TEST(Watchdog, StopsAtOnce) {
  Rig rig;
  rig.moves.push(Time::from_us(10), 0);
  struct Stopper : sc_core::sc_module {
    Stopper(const sc_core::sc_module_name& n, Watchdog& d) : sc_module(n), dog(d) {
      SC_HAS_PROCESS(Stopper);
      SC_THREAD(run);
    }
    void run() {
      sim::wait(Time::from_us(50));
      dog.stop();
    }
    Watchdog& dog;
  } stopper("stopper", rig.dog);
  EXPECT_EQ(rig.run(), "");
  EXPECT_EQ(sim::now(), Time::from_us(50)) << "the end of the run is not moved";
}

}  // namespace
}  // namespace vctoe::monitors
