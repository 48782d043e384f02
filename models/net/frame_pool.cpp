#include "models/net/frame_pool.h"

namespace vctoe::net {

FramePool::~FramePool() {
  for (Frame* frame : all_) {
    if (frame->references_ == 0) {
      delete frame;
    } else {
      frame->pool_ = nullptr;
    }
  }
}

FramePtr FramePool::get() {
  if (free_.empty()) {
    // Not make_unique: it would zero 9 KiB.
    Frame* fresh = new Frame;
    fresh->pool_ = this;
    all_.push_back(fresh);
    free_.reserve(all_.capacity());
    free_.push_back(fresh);
  }
  Frame* frame = free_.back();
  free_.pop_back();
  frame->size = 0;
  frame->txn = 0;
  frame->again = false;
  frame->ready = sim::Time::zero();
  return FramePtr(frame);
}

void FramePtr::release() {
  if (--frame_->references_ != 0) return;
  if (frame_->pool_ == nullptr) {
    delete frame_;
  } else {
    frame_->pool_->free_.push_back(frame_);
  }
}

}  // namespace vctoe::net
