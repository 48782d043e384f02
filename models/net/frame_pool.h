// Where frames come from.
#pragma once

#include <cstddef>
#include <vector>

#include "models/net/frame.h"

namespace vctoe::net {

/// Grows to the greatest number of frames in flight and then allocates no more. A frame may outlive
/// its pool (one still on the wire when the system is taken apart): the last reference deletes it.
class FramePool {
 public:
  FramePool() = default;
  ~FramePool();
  FramePool(const FramePool&) = delete;
  FramePool& operator=(const FramePool&) = delete;

  /// A frame of size 0 without a transaction. `bytes` hold whatever the user before left there.
  FramePtr get();
  /// Frames handed out and not yet returned.
  std::size_t in_use() const { return all_.size() - free_.size(); }

 private:
  friend class FramePtr;

  std::vector<Frame*> all_;
  std::vector<Frame*> free_;
};

}  // namespace vctoe::net
