// Background reclaim: the thread that keeps frames free.
#pragma once

#include <functional>
#include <systemc>

#include "models/host/cpu.h"
#include "models/sim/stats.h"
#include "sw/kernel/pages.h"

namespace vctoe::kernel {

/// What the background thread does with its time.
enum class KswapdState : std::uint8_t {
  kIdle,    ///< enough frames are free
  kScan,    ///< looks for victims, or waits for a core to do so
  kDisk,    ///< enough writes are on their way, waits for them
  kNothing  ///< found nothing to evict, tries again later
};

}  // namespace vctoe::kernel

namespace vctoe::sim {
template <>
struct EnumNames<kernel::KswapdState> {
  static constexpr std::string_view kNames[] = {"idle", "scan", "disk", "nothing"};
};
}  // namespace vctoe::sim

namespace vctoe::kernel {

class Reclaimer : public sc_core::sc_module {
 public:
  /// `more_to_come`: pins or the like will end without reclaim's doing, so waiting makes sense.
  Reclaimer(const sc_core::sc_module_name& name, const KernelParams& params, Pages& pages,
            host::Cpu& cpu, bool swap, std::function<bool()> more_to_come);

  /// One batch of evictions; their writes have been handed to the device. Does not wait: the caller
  /// charges `cost` to a core.
  struct Batch {
    std::size_t freed = 0;
    std::size_t writing = 0;
    sim::Time cost;
  };
  Batch run_batch(std::size_t pages);
  Batch run_batch() { return run_batch(params_.reclaim_batch); }

  /// Frees are not yet, and will not soon be, at the high watermark.
  bool short_of_frames() const {
    return pages_.pool.free_count() + pages_.swap.writing() < pages_.pool.marks.high;
  }

  const sim::StallAccount<KswapdState>& stalls() const { return stalls_; }
  void settle_stats(sim::Time at) { stalls_.settle(at); }

 private:
  SC_HAS_PROCESS(Reclaimer);
  void run();
  void balance();
  void nothing_found();
  void wake();
  void progress();

  const KernelParams& params_;
  Pages& pages_;
  host::Cpu& cpu_;
  bool swap_;
  std::function<bool()> more_to_come_;
  sc_core::sc_event wake_{"wake"};
  sc_core::sc_event progress_{"progress"};
  bool awake_ = false;
  bool waits_for_progress_ = false;
  unsigned futile_ = 0;  // passes in a row that found nothing
  sim::StallAccount<KswapdState> stalls_;
};

}  // namespace vctoe::kernel
