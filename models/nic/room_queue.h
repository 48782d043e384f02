// Packet buffer for blocks that the host will push: a block without room waits here.
#pragma once

#include <deque>

#include "models/nic/connection.h"
#include "models/nic/packet_buffer.h"

namespace vctoe::nic {

class RoomQueue {
 public:
  RoomQueue(const CoreParams& params, PacketBuffer& buffer) : params_(params), buffer_(buffer) {}

  /// Gives the block room (Extent::buffer); false when it has to wait for serve(). First
  /// transmissions do not overtake what waits.
  bool enter(Extent& extent);
  /// Packet buffer was freed: calls `ready(extent)` for each block that has room now.
  template <class Ready>
  void serve(Ready ready) {
    // Retransmissions first: nothing behind them can move the window while they wait.
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      Extent& e = **it;
      if (e.why != sim::Why::kRetransmit || !give_room(e)) {
        ++it;
        continue;
      }
      it = waiting_.erase(it);
      ready(e);
    }
    while (!waiting_.empty() && give_room(*waiting_.front())) {
      Extent& e = *waiting_.front();
      waiting_.pop_front();
      ready(e);
    }
  }
  /// The block is not wanted any more.
  void forget(const Extent& extent);

 private:
  bool give_room(Extent& extent);

  const CoreParams& params_;
  PacketBuffer& buffer_;
  std::deque<Extent*> waiting_;
};

}  // namespace vctoe::nic
