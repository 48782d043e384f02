// Ethernet frames: pooled, counted, never copied between MAC, wire and MAC.
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "models/sim/units.h"

namespace vctoe::net {

class FramePool;

/// A frame from destination address to FCS (the FCS is the last four bytes of `size`). Preamble and
/// gap exist as time on the wire only.
struct Frame {
  static constexpr std::size_t kCapacity = 9216 + 64;

  std::uint32_t size = 0;
  sim::TxnId txn = 0;  ///< transaction of its payload, for traces; 0 when it has none
  bool again = false;  ///< its payload was sent before, for traces
  sim::Time ready;     ///< a cipher engine is through with it then: not on the line before
  std::array<std::uint8_t, kCapacity> bytes;

 private:
  friend class FramePool;
  friend class FramePtr;
  std::uint32_t references_ = 0;
  FramePool* pool_ = nullptr;  ///< null: its pool is gone, the last reference deletes it
};

/// Counted reference. The frame returns to its pool with the last one.
class FramePtr {
 public:
  FramePtr() = default;
  FramePtr(const FramePtr& o) : frame_(o.frame_) { acquire(); }
  FramePtr(FramePtr&& o) noexcept : frame_(std::exchange(o.frame_, nullptr)) {}
  FramePtr& operator=(FramePtr o) noexcept {
    std::swap(frame_, o.frame_);
    return *this;
  }
  ~FramePtr() {
    if (frame_ != nullptr) release();
  }

  Frame* operator->() const { return frame_; }
  Frame& operator*() const { return *frame_; }
  explicit operator bool() const { return frame_ != nullptr; }

 private:
  friend class FramePool;
  explicit FramePtr(Frame* frame) : frame_(frame) { acquire(); }
  void acquire() {
    if (frame_ != nullptr) ++frame_->references_;
  }
  void release();  ///< frame_ is not null; models/net/frame_pool.cpp
  Frame* frame_ = nullptr;
};

/// Who takes a frame; called when its last bit has arrived.
class FrameSink {
 public:
  virtual ~FrameSink() = default;
  virtual void receive(FramePtr frame) = 0;
};

}  // namespace vctoe::net
