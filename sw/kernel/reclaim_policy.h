// Which page goes next when memory is short: one small interface, two policies.
#pragma once

#include <memory>
#include <vector>

#include "sw/kernel/frame_table.h"
#include "sw/kernel/kernel_params.h"

namespace vctoe::kernel {

/// The hardware's view of a page: has it been used since the last look?
class AccessedBits {
 public:
  virtual ~AccessedBits() = default;
  virtual bool test_and_clear(FrameNumber f) = 0;
};

/// Knows the frames that hold pages, pinned ones too: that a pin is in the way is found out when
/// the frame is tried, as in a real kernel.
class ReclaimPolicy {
 public:
  virtual ~ReclaimPolicy() = default;
  /// The frame has been filled. Must not be known yet.
  virtual void add(FrameNumber f) = 0;
  /// The frame is no longer to be considered. Must be known.
  virtual void remove(FrameNumber f) = 0;
  virtual bool knows(FrameNumber f) const = 0;
  /// A candidate, or kNoFrame after at most `budget` looks; each look takes one off the budget. The
  /// candidate stays known, but comes last again.
  virtual FrameNumber next(AccessedBits& accessed, std::size_t& budget) = 0;
};

std::unique_ptr<ReclaimPolicy> make_reclaim_policy(ReclaimKind kind, std::size_t frames);

/// One hand over all frames; a page that was used gets a second chance.
class ClockPolicy final : public ReclaimPolicy {
 public:
  explicit ClockPolicy(std::size_t frames) : known_(frames, false) {}
  void add(FrameNumber f) override;
  void remove(FrameNumber f) override;
  bool knows(FrameNumber f) const override { return known_[f]; }
  FrameNumber next(AccessedBits& accessed, std::size_t& budget) override;

 private:
  std::vector<bool> known_;
  std::size_t count_ = 0;
  FrameNumber hand_ = 0;
};

/// Active and inactive list, as Linux before its generations: pages start inactive, a use found at
/// the tail of the inactive list moves them up, and the active list is kept no longer than the
/// inactive.
class TwoListPolicy final : public ReclaimPolicy {
 public:
  explicit TwoListPolicy(std::size_t frames);
  void add(FrameNumber f) override;
  void remove(FrameNumber f) override;
  bool knows(FrameNumber f) const override { return links_[f].list != List::kNone; }
  FrameNumber next(AccessedBits& accessed, std::size_t& budget) override;
  std::size_t active() const { return count_[static_cast<std::size_t>(List::kActive)]; }
  std::size_t inactive() const { return count_[static_cast<std::size_t>(List::kInactive)]; }

 private:
  enum class List : std::uint8_t { kInactive, kActive, kNone };
  struct Link {
    FrameNumber newer = 0;
    FrameNumber older = 0;
    List list = List::kNone;
  };
  void push(FrameNumber f, List list);
  void unlink(FrameNumber f);
  FrameNumber oldest(List list) const;

  std::vector<Link> links_;  ///< behind the frames: the two list heads
  std::size_t count_[2] = {0, 0};
};

}  // namespace vctoe::kernel
