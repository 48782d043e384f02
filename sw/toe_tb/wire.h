// The outside of the test bench: what the MAC puts on the line is kept until somebody fetches it,
// and what somebody gives arrives at the MAC.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>

#include "models/net/frame_pool.h"
#include "models/nic/mac.h"
#include "models/sim/event_queue.h"

namespace vctoe::toe_tb {

class Wire : public net::FrameSink {
 public:
  explicit Wire(nic::Mac& mac);

  /// A frame of `n` bytes without FCS arrives when the simulation goes on. -EMSGSIZE, -EINVAL.
  int in(const void* frame, std::size_t n);
  /// The oldest frame that has left, without FCS. 0: none; -EMSGSIZE: `cap` is too small, and the
  /// frame stays. `t_ns` may be null.
  int out(void* buffer, std::size_t cap, std::uint64_t* t_ns);
  /// Frames whose last bit has left the MAC since the start.
  std::uint64_t sent() const { return sent_; }
  /// Frames wait while this is true: the host has commands that were given before them.
  void hold_while(std::function<bool()> held) { held_ = std::move(held); }
  /// What hold_while() was about may have changed.
  void release();

 private:
  struct Out {
    net::FramePtr frame;
    sim::Time at;
  };
  void receive(net::FramePtr frame) override;

  nic::Mac& mac_;
  net::FramePool pool_;
  sim::EventQueue<net::FramePtr> arriving_;
  std::deque<net::FramePtr> waiting_;
  std::function<bool()> held_;
  std::deque<Out> out_;
  std::uint64_t sent_ = 0;
};

}  // namespace vctoe::toe_tb
