// What has to be true of whatever the core says and sends.
#include <cstdio>
#include <cstring>

#include "tb/fuzz/host.h"

namespace vctoe::fuzz {

namespace {
constexpr std::uint64_t kWatched = 1 << 22;  // bytes of a stream whose places are remembered

bool same(const toe::Segment& a, const toe::Segment& b) {
  if (a.sack_count != b.sack_count) return false;
  for (unsigned i = 0; i < a.sack_count; ++i) {
    if (!(a.sack[i].left == b.sack[i].left && a.sack[i].right == b.sack[i].right)) return false;
  }
  return a.seq == b.seq && a.ack == b.ack && a.flags == b.flags && a.window == b.window &&
         a.length == b.length && a.has_mss == b.has_mss && a.mss == b.mss &&
         a.has_window_scale == b.has_window_scale && a.window_scale == b.window_scale &&
         a.sack_permitted == b.sack_permitted && a.has_timestamps == b.has_timestamps &&
         a.ts_value == b.ts_value && a.ts_echo == b.ts_echo;
}
}  // namespace

bool Host::was_placed(const Record& r, std::uint64_t begin, std::uint64_t end) const {
  for (std::uint64_t at = begin; at < end && at < kWatched; ++at) {
    if (at >= r.placed.size() || !r.placed[at]) return false;
  }
  return true;
}

/// A segment survives its way through bytes, and says only what has happened.
void Host::check_sent(const toe::Segment& segment, toe::ConnectionId id) {
  net::FramePtr frame = pool_.get();
  const std::uint32_t offset = net::header_length(segment);
  demand(offset + segment.length + 4 <= net::Frame::kCapacity, "a segment longer than a frame");
  std::memset(frame->bytes.data() + offset, 0, segment.length);
  net::encode_tcp_frame(
      *frame,
      {net::mac_address_of(segment.tuple.remote_ip), net::mac_address_of(segment.tuple.local_ip)},
      segment);
  const net::ParseResult back = net::parse_tcp_frame(*frame);
  demand(back.ok() && !back.malformed_options, "what is sent cannot be read");
  demand(same(back.segment, segment), "what is sent reads as something else");
  if (id >= kConnections || !records_[id].established || segment.has(toe::kSyn)) return;
  const Record& r = records_[id];
  if (!segment.has(toe::kAck) || !r.open) return;
  const std::uint32_t acked = segment.ack.v - r.first - (r.peer_closed ? 1 : 0);
  if (acked != static_cast<std::uint32_t>(r.received))
    std::fprintf(stderr,
                 "id %u ack %u first %u received %lu closed %d flags %x state %d rcvnxt %u\n", id,
                 segment.ack.v, r.first, r.received, r.peer_closed, segment.flags,
                 (int)stack_.view(id)->state, stack_.view(id)->rcv_nxt.v);
  demand(acked == static_cast<std::uint32_t>(r.received), "acknowledges what has not arrived");
  for (unsigned i = 0; i < segment.sack_count; ++i) {
    const std::uint32_t left = segment.sack[i].left.v - r.first;
    const std::uint32_t right = segment.sack[i].right.v - r.first;
    demand(left < right, "a SACK block that is empty");
    demand(was_placed(r, left, right) || right == acked + 1, "SACK of what has not arrived");
  }
}

void Host::accepted(toe::ConnectionId id, const toe::FourTuple&) {
  demand(id >= 2 && id < kConnections && !records_[id].open, "an id that is not free");
  records_[id] = {};
  records_[id].open = true;
  stack_.set_receive_space(id, records_[id].space = params_.receive_buffer.n, now_);
}

void Host::established(toe::ConnectionId id, toe::Seq) {
  Record& r = records_[id];
  demand(r.open && !r.established, "established twice, or never opened");
  r.established = true;
  const auto view = stack_.view(id);
  demand(view.has_value(), "an established connection cannot be seen");
  r.first = view->rcv_nxt.v;
}

void Host::state_changed(toe::ConnectionId id, toe::State) {
  demand(id < kConnections && records_[id].open, "a state without a connection");
}

void Host::acknowledged(toe::ConnectionId id, std::uint64_t offset) {
  Record& r = records_[id];
  demand(offset >= r.acknowledged, "SND.UNA moves back");
  demand(offset <= r.posted, "acknowledged and never posted");
  r.acknowledged = offset;
}

void Host::place(toe::ConnectionId id, std::uint64_t offset, std::uint32_t skip,
                 std::uint32_t length) {
  Record& r = records_[id];
  demand(arriving_ != nullptr && r.open, "payload without a segment");
  demand(length > 0 && std::uint64_t{skip} + length <= arriving_->length,
         "payload that the segment does not have");
  const std::uint32_t first = arriving_->seq.v + skip + (arriving_->has(toe::kSyn) ? 1 : 0);
  demand(first - r.first == static_cast<std::uint32_t>(offset), "payload in another place");
  demand(offset + length <= r.space, "payload beyond the receive space");
  for (std::uint64_t at = offset; at < offset + length && at < kWatched; ++at) {
    if (at >= r.placed.size()) r.placed.resize(offset + length);
    demand(!r.placed[at], "a byte is placed twice");
    r.placed[at] = true;
  }
}

void Host::received(toe::ConnectionId id, std::uint64_t offset) {
  Record& r = records_[id];
  demand(offset >= r.received, "RCV.NXT moves back");
  demand(was_placed(r, r.received, offset), "received and never placed");
  r.received = offset;
}

void Host::peer_closed(toe::ConnectionId id) {
  demand(records_[id].open && !records_[id].peer_closed, "the peer closes twice");
  records_[id].peer_closed = true;
}

void Host::rto_expired(toe::ConnectionId id, toe::Seq) {
  demand(records_[id].open, "a timer without a connection");
}

void Host::closed(toe::ConnectionId id, toe::CloseReason) {
  demand(id < kConnections && records_[id].open, "closed twice");
  records_[id].open = false;
}

}  // namespace vctoe::fuzz
