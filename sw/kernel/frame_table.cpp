#include "sw/kernel/frame_table.h"

#include <algorithm>

#include "models/sim/error.h"

namespace vctoe::kernel {

FrameTable::FrameTable(std::size_t frames, bool shuffle, sim::Rng& rng) : frames_(frames) {
  free_.resize(frames);
  // A stack: the lowest number on top.
  for (std::size_t i = 0; i < frames; ++i) free_[i] = static_cast<FrameNumber>(frames - 1 - i);
  if (!shuffle) return;
  for (std::size_t i = frames; i > 1; --i) std::swap(free_[i - 1], free_[rng.below(i)]);
}

FrameNumber FrameTable::take(FrameState state) {
  if (free_.empty()) return kNoFrame;
  const FrameNumber f = free_.back();
  free_.pop_back();
  const bool stale = frames_[f].stale;
  frames_[f] = Frame{};
  frames_[f].state = state;
  frames_[f].stale = stale;
  return f;
}

void FrameTable::withhold(FrameNumber first, std::size_t count) {
  const auto wanted = [=](FrameNumber f) { return f >= first && f - first < count; };
  // From the top, where they are unless the stack is shuffled.
  auto lowest = free_.end();
  std::size_t found = 0;
  while (found < count && lowest != free_.begin()) found += wanted(*--lowest) ? 1 : 0;
  sim::ensure(found == count, "kernel: a frame to withhold is not free");
  const auto kept = std::remove_if(lowest, free_.end(), wanted);
  free_.erase(kept, free_.end());
  for (std::size_t i = 0; i < count; ++i) frames_[first + i].state = FrameState::kTable;
}

void FrameTable::release(FrameNumber f) {
  Frame& frame = frames_[f];
  sim::ensure(frame.state != FrameState::kFree, "kernel: a free frame is freed again");
  sim::ensure(frame.pins == 0, "kernel: a pinned frame is freed");
  sim::ensure(frame.holds == 0 && !frame.writing, "kernel: a frame in use is freed");
  frame.state = FrameState::kFree;
  frame.stale = true;
  free_.push_back(f);
}

}  // namespace vctoe::kernel
