#include "models/nic/walk_cursors.h"

namespace vctoe::nic {

ListPlace WalkCursors::best(const WalkRequest& request) const {
  ListPlace best{request.list_head, 0, 0};
  const auto found = connections_.find(request.connection);
  if (found == connections_.end()) return best;
  // Modulo 2^32: a list describes at most that many bytes.
  const std::uint32_t target = request.sequence - request.first_sequence;
  const auto consider = [&](const Cursor& c) {
    if (c.of_list(request) && c.place.covered <= target && c.place.covered > best.covered) {
      best = c.place;
    }
  };
  for (const Cursor& c : found->second.newest) consider(c);
  for (const Cursor& c : found->second.anchors) consider(c);
  return best;
}

void WalkCursors::note(const WalkRequest& request, const ListPlace& place) {
  Cursors& cursors = connections_[request.connection];
  const bool again = request.why == sim::Why::kRetransmit;
  Cursor& newest = cursors.newest[again ? 1 : 0];
  if (!again && newest.valid && !newest.of_list(request)) {
    leave_anchor(cursors, newest);
    cursors.anchored = 0;
  }
  if (!again && place.index == 0) drop_others(cursors, request);
  newest = {true, request.asid, request.first_sequence, request.list_head, place};
  if (!again && place.index >= cursors.anchored + params_.anchor_stride) {
    leave_anchor(cursors, newest);
    cursors.anchored = place.index;
  }
}

/// A list is entered at its head. What is known of one by the same name, 2^32 bytes ago, is void:
/// the host has used its memory again.
void WalkCursors::drop_others(Cursors& cursors, const WalkRequest& request) {
  if (cursors.newest[1].of_list(request)) cursors.newest[1].valid = false;
  for (Cursor& c : cursors.anchors) {
    if (c.of_list(request)) c.valid = false;
  }
}

void WalkCursors::leave_anchor(Cursors& cursors, const Cursor& cursor) const {
  if (params_.anchors == 0) return;
  if (cursors.anchors.size() < params_.anchors) {
    cursors.anchors.push_back(cursor);
    return;
  }
  cursors.anchors[cursors.next_anchor] = cursor;
  cursors.next_anchor = (cursors.next_anchor + 1) % params_.anchors;
}

}  // namespace vctoe::nic
