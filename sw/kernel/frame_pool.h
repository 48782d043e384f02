// Free frames with watermarks, and the queue of those who wait for one.
#pragma once

#include <deque>
#include <functional>

#include "models/sim/kernel.h"
#include "models/sim/stats.h"
#include "sw/kernel/frame_table.h"
#include "sw/kernel/kernel_params.h"

namespace vctoe::kernel {

/// Numbers of free frames at which something happens; min <= low <= high.
struct Watermarks {
  std::size_t min = 0;   ///< ordinary requests leave so many alone
  std::size_t low = 0;   ///< background reclaim starts below
  std::size_t high = 0;  ///< and stops here
};
/// From the shares of `frames` in the parameters; a host without swap has no use for any.
Watermarks watermarks(const KernelParams& params, std::size_t frames, bool swap);

/// Frames that pins on demand leave alone, besides page tables and the driver's.
std::uint64_t frames_never_pinned(const KernelParams& params, const Watermarks& marks);
/// The configured limit of pages pinned on demand, of `frames` of DRAM.
std::uint64_t pin_limit_pages(const KernelParams& params, std::uint64_t frames);

/// Serves waiting threads in order: a frame that comes free goes to the first, and nobody
/// overtakes.
class FramePool {
 public:
  FramePool(std::size_t frames, const KernelParams& params, bool swap, sim::Rng& rng);

  FrameTable table;
  const Watermarks marks;

  /// Called whenever free frames fall below `low` or a thread starts to wait.
  void on_pressure(std::function<void()> call) { on_pressure_ = std::move(call); }

  /// A frame at once, leaving `keep` free; kNoFrame if that cannot be or others wait.
  FrameNumber try_take(FrameState state, std::size_t keep);
  /// The same with the `min` watermark.
  FrameNumber try_take(FrameState state) { return try_take(state, marks.min); }
  /// The first of 512 neighbouring frames that start at a multiple of 2 MiB, kReading; kNoFrame if
  /// there are none, fewer than `high` would be left, or others wait.
  FrameNumber take_large();
  /// Blocks until it is this thread's turn and a frame above `min` is free. kNoFrame when the
  /// address space goes away meanwhile (cancel()).
  FrameNumber wait_take(FrameState state, Asid asid);
  void release(FrameNumber f);
  /// Takes certain free frames, neighbours, out of circulation.
  void withhold(FrameNumber first, std::size_t count);
  /// Sends the waiting threads of an address space away.
  void cancel(Asid asid);

  std::size_t free_count() const { return table.free_count(); }
  std::size_t waiting() const { return waiters_.size(); }
  const sim::Level& free_frames() const { return free_frames_; }
  void settle(sim::Time at) { free_frames_.settle(at); }

 private:
  struct Waiter {
    Asid asid;
    FrameState state;
    FrameNumber frame = kNoFrame;
    bool done = false;
    sc_core::sc_event event{};
  };
  FrameNumber take(FrameState state);
  void serve();

  std::deque<Waiter*> waiters_;
  std::function<void()> on_pressure_ = [] {};
  sim::Level free_frames_;
};

}  // namespace vctoe::kernel
