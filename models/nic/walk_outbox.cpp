#include "models/nic/walk_outbox.h"

#include "models/nic/walker_params.h"

namespace vctoe::nic {

void WalkOutbox::purge(std::uint32_t connection) {
  for (std::size_t i = head_; i < queue_.size(); ++i) {
    Output& output = queue_[i];
    const auto* block = std::get_if<BlockRequest>(&output);
    const auto* fault = std::get_if<WalkFault>(&output);
    const auto* done = std::get_if<Done>(&output);
    if ((block != nullptr && block->connection == connection) ||
        (fault != nullptr && fault->connection == connection) ||
        (done != nullptr && done->connection == connection)) {
      output = std::monostate{};
    }
  }
}

void WalkOutbox::flush() {
  if (flushing_ || queue_.empty()) return;
  flushing_ = true;
  while (head_ < queue_.size()) {
    const Output output = queue_[head_++];  // a copy: the queue may grow meanwhile
    std::visit([this](const auto& o) { deliver(o); }, output);
  }
  queue_.clear();
  head_ = 0;
  flushing_ = false;
}

void WalkOutbox::deliver(const NodeRequest& request) {
  sim::TraceEvent event;
  event.kind = sim::TraceKind::kNodeRequest;
  event.node = node_;
  event.asid = request.asid;
  event.connection = request.connection;
  event.address = request.page;
  event.length = kNodePage;
  context_.trace.emit(event);
  sink_.node_needed(request);
}

void WalkOutbox::deliver(const WalkFault& fault) {
  sim::TraceEvent event;
  event.kind = sim::TraceKind::kWalkFault;
  event.node = node_;
  event.connection = fault.connection;
  event.txn = fault.txn;
  event.address = fault.address;
  event.detail = static_cast<std::uint32_t>(fault.code);
  context_.trace.emit(event);
  sink_.fault(fault);
}

}  // namespace vctoe::nic
