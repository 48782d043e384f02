// The host's processor cores: a resource that modelled software holds while it works.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <systemc>
#include <vector>

#include "models/host/cpu_params.h"
#include "models/sim/kernel.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::host {

/// Order in which waiting work gets a core; later values first.
enum class Priority : std::uint8_t { kApp, kKernel, kIrq };

/// What a core's time is spent on; statistics are kept by it.
enum class Work : std::uint8_t {
  kApp,
  kKernel,
  kDriver,
  kIrq,
  kCopy,
  kSocket,
  kPoll,
  kPin,
  kTransport,  ///< TCP and virtual contexts, when they are in the driver
  kCount
};

class Cpu : public sc_core::sc_module {
 public:
  struct Stats {
    std::array<sim::Time, static_cast<std::size_t>(Work::kCount)> busy{};
    std::uint64_t runs = 0;
    std::uint64_t waits = 0;
    std::uint64_t preemptions = 0;
    sim::Time waited;
    sim::Level cores_busy;
    void declare(sim::StatList& list) const;
  };

  Cpu(const sc_core::sc_module_name& name, sim::Context& ctx, const CpuParams& params);

  /// Holds a core for `cost`; returns when the work is done. Only from an SC_THREAD. Waiting work
  /// is served by priority and first come, first served within one. A run gives its core up to
  /// higher work (and app to app) at a multiple of `slice` since it got the core, to an interrupt
  /// at a multiple of `irq_slice`; it comes back in front of its own priority, after app in the
  /// back. A run that nobody disturbs costs one activation; a run of no time costs none.
  void run(sim::Time cost, Priority priority, Work who);

  /// Time of `n` cycles, and of one.
  sim::Time cycles(std::uint64_t n) const;
  sim::Time cycle() const { return cycles(1); }
  /// Time of a core that copies `bytes`.
  sim::Time copy_time(std::uint64_t bytes) const { return params_.copy_rate.time_for(bytes); }

  const CpuParams& params() const { return params_; }
  /// Busy times include runs in progress only up to their last change of core; the level of busy
  /// cores is exact.
  const Stats& stats() const { return stats_; }
  /// Brings the levels up to the present; before statistics are printed.
  void settle() { stats_.cores_busy.settle(sim::now()); }
  std::size_t waiting() const;

 private:
  static constexpr std::size_t kPriorities = 3;

  /// One call of run(); from a free list, so that events are made once.
  struct Task {
    sc_core::sc_event granted;
    sc_core::sc_event preempt;
    Priority priority{};
    sim::Time left;
    sim::Time started;
    bool preempt_asked = false;
  };

  Task& take();
  void acquire(Task& task);
  bool hold(Task& task, Work who);
  void start(Task& task);
  void hand_over();
  void ask_preemption(Priority newcomer);
  sim::Time next_boundary(const Task& task, Priority newcomer) const;
  static bool yields_to(Priority running, Priority newcomer) {
    return running < newcomer || (running == Priority::kApp && newcomer == Priority::kApp);
  }
  const Task* best_waiting() const;

  CpuParams params_;
  Stats stats_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::vector<Task*> free_;
  std::vector<Task*> running_;
  std::array<std::deque<Task*>, kPriorities> waiting_;
};

}  // namespace vctoe::host

template <>
struct vctoe::sim::EnumNames<vctoe::host::Work> {
  static constexpr std::string_view kNames[] = {"app",    "kernel", "driver", "irq",      "copy",
                                                "socket", "poll",   "pin",    "transport"};
};
