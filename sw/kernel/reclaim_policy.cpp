#include "sw/kernel/reclaim_policy.h"

#include "models/sim/error.h"

namespace vctoe::kernel {

std::unique_ptr<ReclaimPolicy> make_reclaim_policy(ReclaimKind kind, std::size_t frames) {
  if (kind == ReclaimKind::kClock) return std::make_unique<ClockPolicy>(frames);
  return std::make_unique<TwoListPolicy>(frames);
}

void ClockPolicy::add(FrameNumber f) {
  sim::ensure(!known_[f], "kernel: a frame enters reclaim twice");
  known_[f] = true;
  ++count_;
}

void ClockPolicy::remove(FrameNumber f) {
  sim::ensure(known_[f], "kernel: a frame leaves reclaim that is not in it");
  known_[f] = false;
  --count_;
}

FrameNumber ClockPolicy::next(AccessedBits& accessed, std::size_t& budget) {
  while (count_ > 0 && budget > 0) {
    const FrameNumber f = hand_;
    hand_ = f + 1 == known_.size() ? 0 : f + 1;
    if (!known_[f]) continue;
    --budget;
    if (!accessed.test_and_clear(f)) return f;
  }
  return kNoFrame;
}

TwoListPolicy::TwoListPolicy(std::size_t frames) : links_(frames + 2) {
  for (auto head = static_cast<FrameNumber>(frames); head < links_.size(); ++head) {
    links_[head].newer = links_[head].older = head;
  }
}

void TwoListPolicy::push(FrameNumber f, List list) {
  const auto head = static_cast<FrameNumber>(links_.size() - 2 + static_cast<std::size_t>(list));
  const FrameNumber youngest = links_[head].older;
  links_[f] = {head, youngest, list};
  links_[youngest].newer = f;
  links_[head].older = f;
  ++count_[static_cast<std::size_t>(list)];
}

void TwoListPolicy::unlink(FrameNumber f) {
  Link& link = links_[f];
  links_[link.newer].older = link.older;
  links_[link.older].newer = link.newer;
  --count_[static_cast<std::size_t>(link.list)];
  link.list = List::kNone;
}

FrameNumber TwoListPolicy::oldest(List list) const {
  return links_[links_.size() - 2 + static_cast<std::size_t>(list)].newer;
}

void TwoListPolicy::add(FrameNumber f) {
  sim::ensure(!knows(f), "kernel: a frame enters reclaim twice");
  push(f, List::kInactive);
}

void TwoListPolicy::remove(FrameNumber f) {
  sim::ensure(knows(f), "kernel: a frame leaves reclaim that is not in it");
  unlink(f);
}

FrameNumber TwoListPolicy::next(AccessedBits& accessed, std::size_t& budget) {
  while (budget > 0 && active() + inactive() > 0) {
    --budget;
    if (active() > inactive()) {
      // Its use in the past is forgotten here: it has to show another one while inactive.
      const FrameNumber f = oldest(List::kActive);
      accessed.test_and_clear(f);
      unlink(f);
      push(f, List::kInactive);
      continue;
    }
    const FrameNumber f = oldest(List::kInactive);
    unlink(f);
    const bool used = accessed.test_and_clear(f);
    // A candidate that cannot be had (pinned) moves up too: it must not fill the inactive list and
    // so keep the pages of the active list from ever being looked at.
    push(f, List::kActive);
    if (!used) return f;
  }
  return kNoFrame;
}

}  // namespace vctoe::kernel
