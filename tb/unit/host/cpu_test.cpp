#include "models/host/cpu.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "models/sim/random.h"
#include "tb/unit/host/fixtures.h"

namespace vctoe::host {
namespace {

using sim::Time;

struct Job {
  Time start;
  Time cost;
  Priority priority;
  Work work = Work::kApp;
  Time end = Time::never();
};

/// Runs each job as a thread of its own on a CPU of `cores`.
class Bench {
 public:
  Bench(std::uint64_t cores, std::vector<Job> list) : jobs(std::move(list)) {
    CpuParams params;
    params.cores = cores;
    cpu = std::make_unique<Cpu>("cpu", ctx, params);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      threads_.push_back(
          std::make_unique<Software>(("thread" + std::to_string(i)).c_str(), [this, i] {
            Job& job = jobs[i];
            if (job.start != Time::zero()) sim::wait(job.start);
            cpu->run(job.cost, job.priority, job.work);
            job.end = sim::now();
          }));
    }
  }
  Time busy(Work w) const { return cpu->stats().busy[static_cast<std::size_t>(w)]; }

  sim::Context ctx;
  std::unique_ptr<Cpu> cpu;
  std::vector<Job> jobs;

 private:
  std::vector<std::unique_ptr<Software>> threads_;
};

constexpr Time us(std::uint64_t n) {
  return Time::from_us(n);
}

// req: I-F05-104, I-F13-502
TEST(Cpu, UndisturbedRunTakesItsCostAndOneActivation) {
  Bench b(1, {{us(0), us(10'000), Priority::kApp}});
  elaborate();
  const auto before = sim::g_activations;
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[0].end, us(10'000));
  EXPECT_EQ(sim::g_activations - before, 1u);
  EXPECT_EQ(b.busy(Work::kApp), us(10'000));
}

// req: I-F05-104, I-P0017a
TEST(Cpu, AsManyRunAtOnceAsThereAreCores) {
  Bench b(2, {{us(0), us(10), Priority::kKernel},
              {us(0), us(10), Priority::kKernel},
              {us(0), us(10), Priority::kKernel},
              {us(0), us(10), Priority::kKernel}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[0].end, us(10));
  EXPECT_EQ(b.jobs[1].end, us(10));
  EXPECT_EQ(b.jobs[2].end, us(20));
  EXPECT_EQ(b.jobs[3].end, us(20));
  EXPECT_EQ(b.cpu->stats().cores_busy.peak(), 2u);
  EXPECT_EQ(b.cpu->stats().waits, 2u);
  EXPECT_EQ(b.cpu->stats().waited, us(20));
}

TEST(Cpu, WaitingWorkIsServedByPriorityThenByArrival) {
  Bench b(1, {{us(0), us(10), Priority::kIrq},
              {us(1), us(10), Priority::kApp},
              {us(2), us(10), Priority::kKernel},
              {us(3), us(10), Priority::kKernel},
              {us(4), us(10), Priority::kIrq}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[0].end, us(10));
  EXPECT_EQ(b.jobs[4].end, us(20));
  EXPECT_EQ(b.jobs[2].end, us(30));
  EXPECT_EQ(b.jobs[3].end, us(40));
  EXPECT_EQ(b.jobs[1].end, us(50));
}

TEST(Cpu, KernelWorkTakesTheCoreFromAnApplicationAtTheSlice) {
  Bench b(1, {{us(0), us(10'000), Priority::kApp, Work::kApp},
              {us(60), us(5), Priority::kKernel, Work::kDriver}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[1].end, us(105));  // second slice of 50 us ends at 100
  EXPECT_EQ(b.jobs[0].end, us(10'005));
  EXPECT_EQ(b.busy(Work::kApp), us(10'000));
  EXPECT_EQ(b.busy(Work::kDriver), us(5));
  EXPECT_EQ(b.cpu->stats().preemptions, 1u);
}

TEST(Cpu, InterruptTakesTheCoreWithinItsOwnSlice) {
  Bench b(1, {{us(0), us(10'000), Priority::kKernel},
              {Time::from_ns(60'300), us(2), Priority::kIrq, Work::kIrq}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[1].end, us(63));
  EXPECT_EQ(b.jobs[0].end, us(10'002));
}

TEST(Cpu, ApplicationsShareACoreInTurns) {
  Bench b(1, {{us(0), us(200), Priority::kApp}, {us(0), us(100), Priority::kApp}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[1].end, us(200));  // 50 + 50 us in turns with the other
  EXPECT_EQ(b.jobs[0].end, us(300));
}

TEST(Cpu, KernelWorkIsNotTakenOffByItsEquals) {
  Bench b(1, {{us(0), us(1000), Priority::kKernel}, {us(1), us(10), Priority::kKernel}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[0].end, us(1000));
  EXPECT_EQ(b.jobs[1].end, us(1010));
  EXPECT_EQ(b.cpu->stats().preemptions, 0u);
}

TEST(Cpu, PreemptedKernelWorkContinuesBeforeItsEquals) {
  Bench b(1, {{us(0), us(100), Priority::kKernel},
              {us(1), us(100), Priority::kKernel},
              {us(10), us(5), Priority::kIrq}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[2].end, us(16));
  EXPECT_EQ(b.jobs[0].end, us(105));
  EXPECT_EQ(b.jobs[1].end, us(205));
}

TEST(Cpu, WorkOfNoTimeWaitsForNobody) {
  Bench b(1, {{us(0), us(10), Priority::kKernel}, {us(1), Time::zero(), Priority::kApp}});
  sc_core::sc_start();
  EXPECT_EQ(b.jobs[1].end, us(1));
}

// req: I-F05-104
TEST(Cpu, BusyTimesAddUpToTheWorkDone) {
  // Threads are made before the simulation starts, so one random load a process.
  sim::Rng rng(42, "cpu_test");
  std::vector<Job> jobs;
  Time total;
  for (int i = 0; i < 60; ++i) {
    const Time cost = Time::from_ns(1 + rng.below(300'000));
    jobs.push_back({Time::from_ns(rng.below(2'000'000)), cost, static_cast<Priority>(rng.below(3)),
                    static_cast<Work>(rng.below(8))});
    total += cost;
  }
  Bench b(3, jobs);
  sc_core::sc_start();
  Time busy;
  for (const Time t : b.cpu->stats().busy) busy += t;
  EXPECT_EQ(busy, total);
  Time last;
  for (const Job& job : b.jobs) {
    ASSERT_NE(job.end, Time::never());
    EXPECT_GE(job.end, job.start + job.cost);
    last = sim::max(last, job.end);
  }
  EXPECT_GE(last * 3, total);
  b.cpu->settle();
  EXPECT_NEAR(b.cpu->stats().cores_busy.settled(), total.seconds(), 1e-12);
  EXPECT_EQ(b.cpu->stats().cores_busy.peak(), 3u);
  EXPECT_GT(b.cpu->stats().preemptions, 0u);
  EXPECT_EQ(b.cpu->waiting(), 0u);
}

}  // namespace
}  // namespace vctoe::host
