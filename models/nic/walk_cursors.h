// Places in the lists of a connection from which a walk can start, so that it need not start at the
// head.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "models/nic/walker.h"
#include "models/nic/walker_params.h"

namespace vctoe::nic {

/// One record of a list, as the walk through the records before it knows it.
struct ListPlace {
  std::uint64_t address = 0;  ///< virtual
  std::uint64_t index = 0;    ///< records before it
  std::uint64_t covered = 0;  ///< bytes before it
};

/// Per connection: the newest place of the first transmission, that of retransmission, and a ring
/// of anchors which the first transmission leaves behind every `anchor_stride` records and at the
/// end of each list. A retransmission goes back, but seldom far.
class WalkCursors {
 public:
  explicit WalkCursors(const WalkerParams& params) : params_(params) {}

  /// The place nearest before the bytes that are asked for; the head when none is known.
  ListPlace best(const WalkRequest& request) const;
  /// A walk has reached this record.
  void note(const WalkRequest& request, const ListPlace& place);
  void forget(std::uint32_t connection) { connections_.erase(connection); }
  std::size_t connections() const { return connections_.size(); }

 private:
  struct Cursor {
    bool valid = false;
    std::uint16_t asid = 0;
    std::uint32_t first_sequence = 0;
    std::uint64_t list_head = 0;
    ListPlace place;
    bool of_list(const WalkRequest& r) const {
      return valid && list_head == r.list_head && first_sequence == r.first_sequence &&
             asid == r.asid;
    }
  };
  struct Cursors {
    std::array<Cursor, 2> newest;  ///< first transmission, retransmission
    std::vector<Cursor> anchors;
    std::size_t next_anchor = 0;
    std::uint64_t anchored = 0;  ///< index of the newest anchor in the newest list
  };

  static void drop_others(Cursors& cursors, const WalkRequest& request);
  void leave_anchor(Cursors& cursors, const Cursor& cursor) const;

  WalkerParams params_;
  std::unordered_map<std::uint32_t, Cursors> connections_;  ///< looked up only, never iterated
};

}  // namespace vctoe::nic
