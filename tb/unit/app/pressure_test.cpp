#include "sw/app/pressure.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tb/unit/kernel/rig.h"

namespace vctoe::app {
namespace {

using kernel::kPageBytes;
using kernel::test::Rig;
using kernel::test::RigParams;

TEST(ZipfRanks, DrawsEachRankAsOftenAsItsWeightSays) {
  sim::Rng rng(1, "zipf");
  const ZipfRanks ranks(100, 0.99);
  std::vector<int> seen(100);
  constexpr int kDraws = 200'000;
  for (int i = 0; i < kDraws; ++i) ++seen[ranks.draw(rng)];
  double sum = 0;
  for (int r = 1; r <= 100; ++r) sum += std::pow(r, -0.99);
  for (const int r : {0, 1, 9, 99}) {
    const double p = std::pow(r + 1, -0.99) / sum;
    // Five standard deviations of a binomial count.
    EXPECT_NEAR(seen[r], kDraws * p, 5 * std::sqrt(kDraws * p)) << r;
  }
}

TEST(AccessPattern, AScanTouchesEveryPageInTurn) {
  sim::Rng rng(1, "scan");
  PatternParams p;
  p.kind = PatternKind::kScan;
  const auto scan = make_pattern(p, 3, rng);
  for (const unsigned page : {0u, 1u, 2u, 0u}) EXPECT_EQ(scan->next(), page);
}

TEST(AccessPattern, ColdPagesGetTheirShareOfTheAccesses) {
  sim::Rng rng(1, "hotcold");
  PatternParams p;
  p.cold_fraction = 0.3;
  p.cold_accesses = 0.02;
  const auto pattern = make_pattern(p, 1000, rng);
  std::vector<int> seen(1000);
  constexpr int kDraws = 100'000;
  for (int i = 0; i < kDraws; ++i) ++seen[pattern->next()];
  int cold = 0;
  for (std::uint64_t rank = 700; rank < 1000; ++rank) cold += seen[pattern->by_heat(rank)];
  EXPECT_NEAR(cold, 2000, 5 * std::sqrt(2000));
  EXPECT_GT(seen[pattern->by_heat(0)], seen[pattern->by_heat(500)]);
}

struct Bench {
  Bench(const RigParams& host, const PressureParams& params)
      : rig(host), app("app", rig.ctx, params, rig.kernel, rig.cpu) {}
  void run(sim::Time span) {
    sc_core::sc_start(sim::to_sc(span));
    app.stop();
    sc_core::sc_start(100, sc_core::SC_MS);
    EXPECT_TRUE(app.stopped());
    app.settle_stats();
    app.stats().state.check_sum(sim::now());
  }
  sim::Time spent(PressureState state) const { return app.stats().state.spent(state); }
  Rig rig;
  Pressure app;
};

TEST(Pressure, AWorkingSetInMemoryIsNotSlowedDownAndWorksAtItsThinkTime) {
  RigParams host;
  host.frames = 4096;
  PressureParams p;
  p.working_set = sim::Bytes::mib(4);
  Bench b(host, p);
  b.app.populate(sim::Bytes::mib(4));
  b.run(sim::Time::from_ms(10));
  const auto& s = b.app.stats();
  EXPECT_EQ(s.faults, 0u);
  EXPECT_EQ(s.fault_stretch, 1.0);
  // 10 ms at 200 ns are 50000; translations cost up to a few ns each in the second-level TLB, and
  // the first touch of each page a walk.
  EXPECT_LE(s.operations, 50'000u + p.batch);
  EXPECT_GE(s.operations, 45'000u);
  EXPECT_NEAR(static_cast<double>(s.stores), 0.3 * static_cast<double>(s.operations), 600);
}

// req: I-P0009
TEST(Pressure, AWorkingSetLargerThanMemoryIsSlowedDownByTheTimeOfItsFaults) {
  RigParams host;
  host.frames = 1024;
  PressureParams p;
  p.working_set = sim::Bytes::mib(8);
  p.pattern.kind = PatternKind::kZipf;
  Bench b(host, p);
  b.app.populate(sim::Bytes::mib(3));
  b.run(sim::Time::from_ms(50));
  const auto& s = b.app.stats();
  EXPECT_GT(s.faults, 100u);
  const double fault = b.spent(PressureState::kFault).seconds();
  const double computing = b.spent(PressureState::kComputing).seconds();
  EXPECT_NEAR(s.fault_stretch, (fault + computing) / computing, 1e-9);
  EXPECT_GT(s.fault_stretch, 2);
  EXPECT_GT(b.rig.kernel.page_stats().swap_out, 0u);
  // Each fault that went to the drive took at least one read of its flash, 35.76 us +- 6.
  EXPECT_GT(s.fault_ns.max(), 30'000u);
}

/// 4 MiB, all in memory; undisturbed from 2 ms to `until`.
struct Compared : Bench {
  explicit Compared(sim::Time until = sim::Time::from_ms(5)) : Bench(roomy(), params()) {
    app.populate(params().working_set);
    app.compare(sim::Time::from_ms(2), until);
  }
  static RigParams roomy() {
    RigParams host;
    host.frames = 4096;
    return host;
  }
  static PressureParams params() {
    PressureParams p;
    p.working_set = sim::Bytes::mib(4);
    return p;
  }
};

TEST(Pressure, NobodyElseNoSlowdown) {
  Compared b;
  b.run(sim::Time::from_ms(10));
  EXPECT_NEAR(b.app.slowdown(), 1, 0.05);
}

TEST(Pressure, SlowdownIsTheTimeOfAnAccessOverThatBefore) {
  Compared b;
  sc_core::sc_start(5, sc_core::SC_MS);
  const auto before = b.app.stats();
  EXPECT_EQ(before.faults, 0u);
  for (int i = 0; i < 10; ++i) {
    b.rig.kernel.force_reclaim(512);
    sc_core::sc_start(1, sc_core::SC_MS);
  }
  b.run(sim::Time::from_us(1));
  const auto& s = b.app.stats();
  EXPECT_GT(s.faults, 50u);
  // From 5 ms to the stop it computed or waited for a page; one batch lies across the 5 ms.
  const double elapsed =
      (b.spent(PressureState::kComputing) + b.spent(PressureState::kFault)).seconds() - 5e-3;
  const double during = elapsed / static_cast<double>(s.operations - before.operations);
  EXPECT_NEAR(s.access_during / during, 1, 0.03);
  EXPECT_NEAR(s.access_before, 205e-9, 10e-9);
  EXPECT_NEAR(b.app.slowdown(), s.access_during / s.access_before, 1e-9);
  EXPECT_GT(b.app.slowdown(), 1.5);
}

TEST(Pressure, ASlowdownThatWasNotMeasuredIsNotANumber) {
  Compared b(sim::Time::from_ms(50));
  b.run(sim::Time::from_ms(10));
  EXPECT_TRUE(std::isnan(b.app.slowdown()));
}

TEST(Pressure, SeveralApplicationsAndPinsTogetherKeepEveryCounter) {
  RigParams host;
  host.frames = 512;
  PressureParams p;
  p.working_set = sim::Bytes::mib(2);
  p.write_fraction = 0.5;
  Bench b(host, p);
  PressureParams scan = p;
  scan.pattern.kind = PatternKind::kScan;
  Pressure other("other", b.rig.ctx, scan, b.rig.kernel, b.rig.cpu);
  const kernel::Asid a = b.rig.kernel.create_address_space();
  b.rig.kernel.map(a, kernel::test::kBase, 200 * kPageBytes);
  b.rig.program([&] {
    for (int i = 0; i < 100; ++i) {
      const auto r = b.rig.pin(a, kernel::test::kBase + i * kPageBytes, 64 * kPageBytes);
      EXPECT_EQ(r.status, kernel::PinStatus::kOk);
      sim::wait(sim::Time::from_us(100));
      b.rig.kernel.unpin(r.token);
    }
  });
  b.run(sim::Time::from_ms(50));
  EXPECT_TRUE(b.rig.programs[0]->finished());
  EXPECT_GT(b.app.stats().faults, 0u);
  EXPECT_GT(other.stats().operations, 0u);
}

TEST(Pressure, AFrameWrittenBehindItsBackIsFoundOut) {
  RigParams host;
  PressureParams p;
  p.working_set = {16 * kPageBytes};
  Bench b(host, p);
  b.app.populate(p.working_set);
  for (std::uint64_t i = 0; i < 16; ++i) {
    auto* frame =
        b.rig.dram.page(b.rig.kernel.info(b.app.asid(), Pressure::kBase + i * kPageBytes).physical);
    std::fill(frame, frame + kPageBytes, 0xee);
  }
  sc_core::sc_report_handler::set_handler(nullptr);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  EXPECT_ANY_THROW(sc_core::sc_start(10, sc_core::SC_MS));
  EXPECT_EQ(sim::last_failure().kind, sim::FailureKind::kCheck);
}

TEST(Pressure, ABatchOfHitsCostsOneActivation) {
  RigParams host;
  host.frames = 1024;
  PressureParams p;
  p.working_set = sim::Bytes::mib(1);
  Bench b(host, p);
  b.app.populate(p.working_set);
  const std::uint64_t before = sim::g_activations;
  b.run(sim::Time::from_ms(10));
  const double batches = static_cast<double>(b.app.stats().operations) / 256;
  // One each for the work, and now and then a slice of the scheduler.
  EXPECT_LE(static_cast<double>(sim::g_activations - before), 2.1 * batches + 10);
}

}  // namespace
}  // namespace vctoe::app
