// Who watches the frames of a station without being part of it.
#pragma once

#include "models/net/frame.h"

namespace vctoe::net {

enum class Heading : std::uint8_t { kReceived, kSent };

/// Called when the last bit of a frame has left or arrived.
class FrameTap {
 public:
  virtual ~FrameTap() = default;
  virtual void frame_seen(const Frame& frame, sim::Time at, Heading heading) = 0;
};

}  // namespace vctoe::net
