#include "sw/kernel/frame_pool.h"

#include <algorithm>

#include "models/host/pte.h"

namespace vctoe::kernel {

Watermarks watermarks(const KernelParams& params, std::size_t frames, bool swap) {
  if (!swap) return {0, 0, 0};
  const auto share = [frames](double part) {
    return static_cast<std::size_t>(part * static_cast<double>(frames));
  };
  Watermarks w;
  w.min = std::max<std::size_t>(share(params.watermark_min), 1);
  w.low = std::max(share(params.watermark_low), w.min + 1);
  w.high = std::max(share(params.watermark_high), w.low + 1);
  return w;
}

std::uint64_t frames_never_pinned(const KernelParams& params, const Watermarks& marks) {
  return std::max<std::uint64_t>(params.reserve_frames, marks.min + 2);
}

std::uint64_t pin_limit_pages(const KernelParams& params, std::uint64_t frames) {
  if (params.pin_limit_bytes.n != 0) return params.pin_limit_bytes.n / kPageBytes;
  return static_cast<std::uint64_t>(params.pin_limit * static_cast<double>(frames));
}

FramePool::FramePool(std::size_t frames, const KernelParams& params, bool swap, sim::Rng& rng)
    : table(frames, params.shuffle_frames, rng), marks(watermarks(params, frames, swap)) {
  // Physical address 0 stays out of use: a null pointer must never be somebody's data.
  table.withhold(0, 1);
  free_frames_.set(free_count(), sim::now());
}

FrameNumber FramePool::take(FrameState state) {
  const FrameNumber f = table.take(state);
  free_frames_.set(free_count(), sim::now());
  if (free_count() < marks.low) on_pressure_();
  return f;
}

FrameNumber FramePool::try_take(FrameState state, std::size_t keep) {
  if (!waiters_.empty() || free_count() <= keep) return kNoFrame;
  return take(state);
}

FrameNumber FramePool::take_large() {
  constexpr std::size_t kFrames = host::kLargePageSize / kPageBytes;
  if (!waiters_.empty() || free_count() < kFrames + marks.high) return kNoFrame;
  for (std::size_t first = 0; first + kFrames <= table.size(); first += kFrames) {
    std::size_t n = 0;
    while (n < kFrames && table[static_cast<FrameNumber>(first + n)].state == FrameState::kFree)
      ++n;
    if (n < kFrames) continue;
    withhold(static_cast<FrameNumber>(first), kFrames);
    for (std::size_t i = 0; i < kFrames; ++i) {
      Frame& f = table[static_cast<FrameNumber>(first + i)];
      const bool stale = f.stale;
      f = Frame{};
      f.stale = stale;
      f.state = FrameState::kReading;
    }
    return static_cast<FrameNumber>(first);
  }
  return kNoFrame;
}

FrameNumber FramePool::wait_take(FrameState state, Asid asid) {
  Waiter self{asid, state};
  waiters_.push_back(&self);
  serve();
  if (!self.done) on_pressure_();
  while (!self.done) sim::wait(self.event);
  return self.frame;
}

void FramePool::serve() {
  while (!waiters_.empty() && free_count() > marks.min) {
    Waiter& first = *waiters_.front();
    waiters_.pop_front();
    first.frame = take(first.state);
    first.done = true;
    sim::notify(first.event);
  }
}

void FramePool::release(FrameNumber f) {
  table.release(f);
  free_frames_.set(free_count(), sim::now());
  serve();
}

void FramePool::withhold(FrameNumber first, std::size_t count) {
  table.withhold(first, count);
  free_frames_.set(free_count(), sim::now());
}

void FramePool::cancel(Asid asid) {
  const auto leaves = [asid](Waiter* w) {
    if (w->asid != asid) return false;
    w->done = true;
    sim::notify(w->event);
    return true;
  };
  waiters_.erase(std::remove_if(waiters_.begin(), waiters_.end(), leaves), waiters_.end());
}

}  // namespace vctoe::kernel
