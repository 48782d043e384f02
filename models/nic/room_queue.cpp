#include "models/nic/room_queue.h"

#include <algorithm>

namespace vctoe::nic {

using sim::Why;

bool RoomQueue::enter(Extent& e) {
  const bool may_take_room = waiting_.empty() || e.why == Why::kRetransmit;
  if (may_take_room && give_room(e)) return true;
  waiting_.push_back(&e);
  return false;
}

void RoomQueue::forget(const Extent& e) {
  const auto waits = std::find(waiting_.begin(), waiting_.end(), &e);
  if (waits != waiting_.end()) waiting_.erase(waits);
}

bool RoomQueue::give_room(Extent& e) {
  const auto length = static_cast<std::uint32_t>(e.length());
  const std::uint64_t reserve = e.why == Why::kFirst ? params_.retransmit_reserve.n : 0;
  if (buffer_.free_bytes() < length + reserve) return false;
  const auto where = buffer_.allocate(length, BufferUse::kPushed);
  if (!where) return false;
  e.buffer = *where;
  e.has_room = true;
  return true;
}

}  // namespace vctoe::nic
