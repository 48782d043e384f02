#include "sw/kernel/reclaimer.h"

#include <string>

namespace vctoe::kernel {

namespace {
/// How long the thread rests after a pass that found nothing; Linux rests 100 ms, but lets each
/// allocating task scan meanwhile.
constexpr sim::Time kRest = sim::Time::from_us(100);
/// Passes without success, nothing in transfer and nothing to be expected, until memory is
/// exhausted.
constexpr unsigned kGiveUp = 3;
}  // namespace

Reclaimer::Reclaimer(const sc_core::sc_module_name& name, const KernelParams& params, Pages& pages,
                     host::Cpu& cpu, bool swap, std::function<bool()> more_to_come)
    : sc_module(name),
      params_(params),
      pages_(pages),
      cpu_(cpu),
      swap_(swap),
      more_to_come_(std::move(more_to_come)) {
  pages_.pool.on_pressure([this] { wake(); });
  pages_.on_progress([this] { progress(); });
  SC_THREAD(run);
}

void Reclaimer::wake() {
  if (awake_) return;
  awake_ = true;
  sim::notify(wake_);
}

void Reclaimer::progress() {
  if (waits_for_progress_) sim::notify(progress_);
}

Reclaimer::Batch Reclaimer::run_batch(std::size_t pages) {
  Batch batch;
  const std::size_t limit = 2 * pages_.pool.table.size();
  std::size_t budget = limit;
  while (batch.freed + batch.writing < pages) {
    const FrameNumber f = pages_.candidate(budget);
    if (f == kNoFrame) break;
    const Evicted what = pages_.evict(f);
    if (what == Evicted::kFreed) ++batch.freed;
    if (what == Evicted::kWriting) ++batch.writing;
  }
  pages_.swap.flush();
  batch.cost =
      params_.scan_cost * (limit - budget) + params_.evict_cost * (batch.freed + batch.writing);
  if (batch.freed + batch.writing > 0) batch.cost += pages_.shoot_down_cost();
  return batch;
}

void Reclaimer::run() {
  for (;;) {
    if (!awake_) {
      stalls_.enter(KswapdState::kIdle, sim::now());
      sim::wait(wake_);
    }
    balance();
  }
}

void Reclaimer::balance() {
  const FramePool& pool = pages_.pool;
  if (pool.free_count() >= pool.marks.high && pool.waiting() == 0) {
    awake_ = false;
    futile_ = 0;
    return;
  }
  if (!short_of_frames() && pages_.swap.writing() >= pool.waiting() && pages_.swap.writing() > 0) {
    stalls_.enter(KswapdState::kDisk, sim::now());
    waits_for_progress_ = true;
    sim::wait(progress_);
    waits_for_progress_ = false;
    return;
  }
  stalls_.enter(KswapdState::kScan, sim::now());
  const Batch batch = run_batch();
  cpu_.run(batch.cost, host::Priority::kApp, host::Work::kKernel);
  if (batch.freed + batch.writing > 0) {
    futile_ = 0;
  } else {
    nothing_found();
  }
}

void Reclaimer::nothing_found() {
  ++futile_;
  const bool idle_device = pages_.swap.reading() + pages_.swap.writing() == 0;
  const bool hopeless = idle_device && pages_.pool.waiting() > 0 && !more_to_come_();
  if (hopeless && futile_ >= kGiveUp) {
    sim::user_error("kernel: out of memory: nothing of host.dram.size = " +
                    std::to_string(pages_.pool.table.size() * 4) + " KiB can be freed, " +
                    (swap_ ? "the swap device is full" : "and the host has no swap device") +
                    "; legal: more of it, a larger host.disk.capacity, or a smaller working set");
  }
  stalls_.enter(KswapdState::kNothing, sim::now());
  if (pages_.pool.waiting() == 0 && !swap_) {
    awake_ = false;
    return;
  }
  // A rest bounds the cost of scanning in vain; whatever frees a frame serves its waiter by itself.
  sim::wait(kRest);
  const FramePool& pool = pages_.pool;
  if (pool.waiting() == 0 && pool.free_count() > pool.marks.min) awake_ = false;
}

}  // namespace vctoe::kernel
