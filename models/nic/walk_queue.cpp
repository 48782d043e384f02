#include "models/nic/walk_queue.h"

#include <algorithm>
#include <iterator>

namespace vctoe::nic {

bool WalkQueue::start(const WalkRequest& request, const Walk& walk) {
  walks_[request.txn] = walk;
  if (!refused_.empty() || !walker_->walk(request)) {
    refused_.push_back(request);
    return false;
  }
  return true;
}

void WalkQueue::retry() {
  while (!refused_.empty()) {
    const WalkRequest& walk = refused_.front();
    const bool wanted = walks_.count(walk.txn) != 0;
    if (wanted && !walker_->walk(walk)) return;
    refused_.pop_front();
  }
}

Walk* WalkQueue::find(sim::TxnId txn) {
  const auto walk = walks_.find(txn);
  return walk == walks_.end() ? nullptr : &walk->second;
}

void WalkQueue::cancel(std::uint32_t connection) {
  walker_->cancel(connection);
  const auto gone = [&](const WalkRequest& w) { return w.connection == connection; };
  refused_.erase(std::remove_if(refused_.begin(), refused_.end(), gone), refused_.end());
  for (auto it = walks_.begin(); it != walks_.end();) {
    it = it->second.connection == connection ? walks_.erase(it) : std::next(it);
  }
}

}  // namespace vctoe::nic
