#include "sw/socket/toe_socket.h"

#include <algorithm>

namespace vctoe::socket {

using nic::CompletionKind;

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
    case CompletionKind::kClosed:
      state_ = State::kGone;
      break;
    case CompletionKind::kReset:
      state_ = State::kGone;
      end_ = Status::kReset;
      break;
    case CompletionKind::kFault:
      state_ = State::kGone;
      end_ = Status::kFault;
      break;
    default:
      return;
  }
  sim::notify(changed);
}

}  // namespace vctoe::socket
