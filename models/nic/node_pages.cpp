#include "models/nic/node_pages.h"

namespace vctoe::nic {

namespace {
constexpr std::uint32_t kPageBytes = 4096;
}

void NodePages::ask(const NodeRequest& request) {
  RequestEntry entry;
  entry.why = static_cast<std::uint8_t>(sim::Why::kNode);
  entry.asid = request.asid;
  entry.connection = request.connection;
  entry.length = kPageBytes;
  entry.virtual_address = request.page;
  entry.txn = context_.next_txn();
  asked_[entry.txn] = {request.asid, request.page};
  requests_.push(entry);
}

void NodePages::release(std::uint16_t asid, std::uint64_t page) {
  const auto held = held_.find({asid, page});
  if (held == held_.end()) return;
  CompletionEntry entry;
  entry.kind = CompletionKind::kNodeReleased;
  entry.txn = held->second;
  completions_.push(entry);
  held_.erase(held);
}

bool NodePages::reply(const ReplyEntry& entry, const std::vector<SgElement>& sg) {
  const auto found = asked_.find(entry.txn);
  if (found == asked_.end()) return false;
  const auto [asid, page] = found->second;
  asked_.erase(found);
  const bool pinned = entry.kind == ReplyKind::kPhysical;
  const bool one_page =
      sg.size() == 1 && sg[0].length == kPageBytes && sg[0].address % kPageBytes == 0;
  if (pinned && one_page) {
    held_[{asid, page}] = entry.txn;
    walker_->fill(asid, page, sg[0].address);
  } else {
    // What the host has pinned and the walker cannot use goes back at once.
    if (pinned) completions_.push(completion(CompletionKind::kNodeReleased, 0, entry.txn, 0));
    walker_->fill_failed(asid, page);
  }
  return true;
}

}  // namespace vctoe::nic
