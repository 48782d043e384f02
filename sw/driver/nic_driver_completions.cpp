// What the NIC says about posts, requests and connections. It is not believed.
#include <algorithm>
#include <utility>

#include "sw/driver/nic_driver.h"

namespace vctoe::driver {

using nic::CompletionKind;

/// The connection has an owner and is not over.
bool NicDriver::known(const nic::CompletionEntry& entry) const {
  if (entry.connection >= connections_.size()) return false;
  const ConnectionState state = connections_.state(entry.connection);
  return (state == ConnectionState::kReserved || state == ConnectionState::kOpen) &&
         connections_.at(entry.connection).client != nullptr;
}

void NicDriver::complete(const nic::CompletionEntry& entry) {
  switch (entry.kind) {
    case CompletionKind::kBlockRetrieved:
    case CompletionKind::kBlockSent:
    case CompletionKind::kBlockAcked:
    case CompletionKind::kNodeReleased:
      // Also of connections that are gone; there may be nothing to release (pushed blocks).
      if (!host_.released(entry.txn)) ++stats_.strays;
      return;
    case CompletionKind::kPinned:
      if (params_.scheme.pin_by != kernel::PinActor::kDevice) {
        ++stats_.strays;  // the host would give its own pins up for nothing
        return;
      }
      if (host_.pinned_by_nic(entry.txn)) return;
      break;
    default:
      break;
  }
  if (!known(entry)) {
    ++stats_.strays;
    return;
  }
  DriverConnection& c = connections_[entry.connection];
  if (!plausible(c, entry)) {
    ++stats_.strays;
    return;
  }
  switch (entry.kind) {
    case CompletionKind::kEstablished:
    case CompletionKind::kAccepted:
      opened(c, entry);
      break;
    case CompletionKind::kPinned:
      posts_.pinned_by_nic(c, entry.txn);
      return;
    case CompletionKind::kStreamRetrieved:
      posts_.stream_retrieved(c, entry.txn);
      break;
    case CompletionKind::kStreamSent:
      posts_.stream_sent(c, entry.txn);
      break;
    case CompletionKind::kStreamAcked:
      posts_.stream_acked(c, entry.txn);
      break;
    case CompletionKind::kClosed:
    case CompletionKind::kReset:
    case CompletionKind::kFault:
      gone(c);
      break;
    default:
      break;
  }
  c.client->completed(entry);
}

/// A NIC that is out of its mind must not make an application believe what is not: that it may use
/// its memory again, or that it has received what is not in its buffer.
bool NicDriver::plausible(const DriverConnection& c, const nic::CompletionEntry& entry) {
  const bool open = c.state == ConnectionState::kOpen;
  switch (entry.kind) {
    case CompletionKind::kEstablished:
    case CompletionKind::kAccepted:
      return !open;
    case CompletionKind::kPinned:
    case CompletionKind::kStreamRetrieved:
    case CompletionKind::kStreamSent:
      return std::any_of(c.posts.begin(), c.posts.end(),
                         [&](const PostRecord& p) { return p.txn == entry.txn; });
    case CompletionKind::kStreamAcked:
      return !c.posts.empty() && c.posts.front().txn == entry.txn;
    case CompletionKind::kReceived:
      return open && entry.value >= c.consumed && entry.value - c.consumed <= c.receive_bytes;
    case CompletionKind::kPeerClosed:
    case CompletionKind::kUrgent:
      return open;
    case CompletionKind::kClosed:
    case CompletionKind::kReset:
    case CompletionKind::kFault:
    case CompletionKind::kAdvice:
      return true;
    default:
      return false;
  }
}

void NicDriver::opened(DriverConnection& c, const nic::CompletionEntry& entry) {
  c.state = ConnectionState::kOpen;
  c.closing = false;
  c.consumed = 0;
  c.next_sequence = static_cast<std::uint32_t>(entry.value);
  posts_.lists().release(c.receive_list);  // read before the connection could open
}

void NicDriver::gone(DriverConnection& c) {
  host_.ended(c);
  posts_.lists().release(c.receive_list);
  posts_.abandon(c);
  if (c.receive_pin != 0) memory_.unpin(std::exchange(c.receive_pin, 0));
  posts_.book_receive(-static_cast<std::int64_t>(std::exchange(c.receive_bytes, 0)));
}

}  // namespace vctoe::driver
