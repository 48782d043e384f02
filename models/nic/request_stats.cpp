#include "models/nic/request_engine.h"

namespace vctoe::nic {

void RequestEngine::Stats::declare(sim::StatList& list) const {
  list.add("first_requests", first_requests, "1", "blocks asked for to be sent");
  list.add("retransmit_requests", retransmit_requests, "1", "blocks asked for to be resent");
  list.add("node_requests", node_requests, "1", "pages of context records asked for");
  list.add("first_bytes", first_bytes, "B", "bytes asked for to be sent");
  list.add("retransmit_bytes", retransmit_bytes, "B", "bytes asked for to be resent");
  list.add("translated_blocks", translated_blocks, "1",
           "blocks that nobody was asked for: the IOMMU translates their addresses");
  list.add("late_replies", late_replies, "1", "replies to requests of connections that were gone");
  list.add("foreign_replies", foreign_replies, "1", "replies to no request; ignored");
  list.add("reply_time", reply_time, "ps", "from a block's request to the host's answer");
}

}  // namespace vctoe::nic
