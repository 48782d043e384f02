#include "sw/socket/toe_socket.h"

#include <algorithm>

#include "models/nic/toe/stack_types.h"

namespace vctoe::socket {

using nic::CompletionKind;

namespace {
/// A reset says why in its value.
Status why(const nic::CompletionEntry& reset) {
  switch (static_cast<toe::CloseReason>(reset.value)) {
    case toe::CloseReason::kRefused:
      return Status::kRefused;
    case toe::CloseReason::kTimedOut:
      return Status::kTimedOut;
    case toe::CloseReason::kUnreachable:
      return Status::kUnreachable;
    default:
      return Status::kReset;
  }
}
}  // namespace

VirtualRange ToeSocket::readable() const {
  const std::uint64_t at = consumed() % buffer.length;
  return {buffer.address + at, std::min(received_ - consumed(), buffer.length - at)};
}

void ToeSocket::completed(const nic::CompletionEntry& entry) {
  switch (entry.kind) {
    case CompletionKind::kAccepted:
      object.remote_ip = entry.ip;
      object.remote_port = entry.port;
      state_ = State::kOpen;
      break;
    case CompletionKind::kEstablished:
      state_ = State::kOpen;
      break;
    case CompletionKind::kStreamAcked: {
      const auto list = lists_.find(entry.txn);
      if (list == lists_.end()) return;
      const auto post = pending_.find(list->second);
      if (--post->second == 0) pending_.erase(post);
      lists_.erase(list);
      break;
    }
    case CompletionKind::kReceived:
      received_ = std::max(received_, entry.value);
      break;
    case CompletionKind::kPeerClosed:
      peer_closed_ = true;
      break;
    case CompletionKind::kUrgent:
      urgent_ = std::max(urgent_, entry.value);
      break;
    case CompletionKind::kAdvice:
      advice_ = static_cast<toe::Advice>(entry.value);
      ++advices_;
      break;
    case CompletionKind::kClosed:
      state_ = State::kGone;
      break;
    case CompletionKind::kReset:
      state_ = State::kGone;
      end_ = why(entry);
      break;
    case CompletionKind::kFault:
      state_ = State::kGone;
      end_ = Status::kFault;
      break;
    default:
      return;
  }
  sim::notify(changed);
  if (on_change) on_change();
}

}  // namespace vctoe::socket
