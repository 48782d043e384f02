// An application that needs memory: puts the host under pressure, and suffers from it itself.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <systemc>
#include <vector>

#include "sw/app/access_pattern.h"
#include "sw/kernel/kernel.h"

namespace vctoe::app {

/// What the application does with its time.
enum class PressureState : std::uint8_t { kStopped, kComputing, kFault };

}  // namespace vctoe::app

template <>
struct vctoe::sim::EnumNames<vctoe::app::PressureState> {
  static constexpr std::string_view kNames[] = {"stopped", "computing", "fault"};
};

namespace vctoe::app {

struct PressureParams {
  PatternParams pattern;
  sim::Bytes working_set = sim::Bytes::mib(32);
  sim::Time think = sim::Time::from_ns(200);
  double write_fraction = 0.3;
  std::uint64_t batch = 256;
  sim::Time start;
  void declare(sim::ParamList& list);
};

/// Loads and stores of eight bytes in an address space of its own. Each page holds a counter that
/// the application remembers: a load that finds another value ends the run as a failed check, so a
/// frame given away too early is found out here too.
class Pressure : public sc_core::sc_module {
 public:
  struct Stats {
    std::uint64_t operations = 0;
    std::uint64_t stores = 0;
    std::uint64_t faults = 0;
    sim::Time work;
    sim::Histogram fault_ns;
    sim::StallAccount<PressureState> state;
    double fault_stretch = 1;
    double access_before = kNotMeasured;
    double access_during = kNotMeasured;
    void declare(sim::StatList& list) const;
  };

  static constexpr double kNotMeasured = std::numeric_limits<double>::quiet_NaN();
  /// Where the working set is mapped.
  static constexpr std::uint64_t kBase = 0x20'0000'0000;

  Pressure(const sc_core::sc_module_name& name, sim::Context& ctx, const PressureParams& params,
           kernel::Kernel& kernel, host::Cpu& cpu);

  /// Untimed, before the start: the hottest pages into DRAM, up to `resident` bytes, the others
  /// onto the swap device. Without it, pages are zeros that come into being when touched.
  void populate(sim::Bytes resident);
  /// Before the start: the time of an access is measured from `warm` to `disturbed`, and again from
  /// then to the stop. `warm` has to leave the caches and the page lists time to settle.
  void compare(sim::Time warm, sim::Time disturbed);
  /// How many times as long as before an access has taken since `disturbed`; kNotMeasured if one of
  /// the two intervals has not seen a whole batch, or compare() was not called.
  double slowdown() const { return stats_.access_during / stats_.access_before; }
  /// Ends after the batch in progress. It is not started again.
  void stop() { stopping_ = true; }
  bool stopped() const { return stopped_; }

  kernel::Asid asid() const { return asid_; }
  const Stats& stats() const { return stats_; }
  /// Brings times up to the present; before statistics are printed.
  void settle_stats();

 private:
  SC_HAS_PROCESS(Pressure);
  void run();
  void batch();
  void look();
  void operation(sim::Time& cost);
  void take_fault(std::uint64_t va, bool is_write, sim::Time& cost);
  void work(sim::Time& cost);

  PressureParams params_;
  kernel::Kernel& kernel_;
  host::Cpu& cpu_;
  sim::Rng rng_;
  kernel::Asid asid_;
  std::unique_ptr<AccessPattern> pattern_;
  std::vector<std::uint32_t> expected_;  // counter of each page
  /// How many accesses had been done when.
  struct Sample {
    sim::Time at;
    std::uint64_t operations = 0;
  };
  static double access_time(const Sample& from, const Sample& to);
  sim::Time warm_at_ = sim::Time::never();
  sim::Time disturbed_at_ = sim::Time::never();
  std::optional<Sample> warm_, disturbed_;  // the ends of the first batches that reached these
  Sample latest_;                           // the end of the last batch
  bool stopping_ = false;
  bool stopped_ = false;
  Stats stats_;
};

}  // namespace vctoe::app
