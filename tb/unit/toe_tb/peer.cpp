#include "tb/unit/toe_tb/peer.h"

#include <cstring>

namespace vctoe::test {

Bytes pattern(std::size_t n, unsigned seed) {
  Bytes bytes(n);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 253 + seed);
  return bytes;
}

void Peer::give(toe::Segment s, const Bytes& payload) {
  s.length = static_cast<std::uint32_t>(payload.size());
  net::FramePtr f = pool_.get();
  if (!payload.empty()) {
    std::memcpy(f->bytes.data() + net::header_length(s), payload.data(), payload.size());
  }
  net::encode_tcp_frame(*f, {net::mac_address_of(kToeIp), net::mac_address_of(kPeerIp)}, s);
  ASSERT_EQ(toe_tb_wire_in(tb, f->bytes.data(), f->size - net::kFcsBytes), 0);
}

std::vector<Out> Peer::taken() {
  std::vector<Out> all;
  for (;;) {
    net::FramePtr f = pool_.get();
    Out out;
    const int n = toe_tb_wire_out(tb, f->bytes.data(), net::Frame::kCapacity, &out.at);
    EXPECT_GE(n, 0);
    if (n <= 0) return all;
    f->size = static_cast<std::uint32_t>(n) + net::kFcsBytes;
    net::set_fcs(*f);
    const net::ParseResult parsed = net::parse_tcp_frame(*f);
    EXPECT_TRUE(parsed.ok()) << static_cast<int>(parsed.error);
    out.s = parsed.segment;
    const auto* at = f->bytes.data() + parsed.payload_offset;
    out.payload.assign(at, at + parsed.segment.length);
    all.push_back(out);
  }
}

Out Peer::next(std::uint64_t most) {
  if (queue_.empty()) {
    toe_tb_run_until(tb, toe_tb_now(tb) + most, 1);
    for (Out& o : taken()) queue_.push_back(std::move(o));
  }
  if (queue_.empty()) {
    ADD_FAILURE() << "nothing left the MAC";
    return {};
  }
  Out out = std::move(queue_.front());
  queue_.pop_front();
  return out;
}

int Peer::accepted(int listener) {
  toe::Segment syn = segment(toe::kSyn);
  syn.has_mss = true;
  syn.mss = 1460;
  give(syn);
  const Out reply = next();
  EXPECT_EQ(reply.s.flags, toe::kSyn | toe::kAck);
  nxt = nxt + 1;
  ack = reply.s.seq + 1;
  give(toe::kAck);
  run(200 * kUs);
  std::uint32_t ip = 0;
  std::uint16_t from = 0;
  const int h = toe_tb_accept(tb, listener, &ip, &from);
  EXPECT_GE(h, 0);
  EXPECT_EQ(ip, kPeerIp);
  EXPECT_EQ(from, port);
  return h;
}

int Peer::connected() {
  const int h = toe_tb_connect(tb, kPeerIp, kPeerPort, 0);
  EXPECT_GE(h, 0);
  const Out syn = next();
  EXPECT_EQ(syn.s.flags & (toe::kSyn | toe::kAck), toe::kSyn);
  port = kPeerPort;
  toe_port = syn.s.tuple.remote_port;
  ack = syn.s.seq + 1;
  toe::Segment reply = segment(toe::kSyn | toe::kAck);
  reply.has_mss = true;
  reply.mss = 1460;
  give(reply);
  nxt = nxt + 1;
  const Out third = next();
  EXPECT_EQ(third.s.flags, toe::kAck);
  run(100 * kUs);
  return h;
}

long option(Peer& peer, int h, const char* key) {
  long value = -1;
  EXPECT_EQ(toe_tb_getopt(peer.tb, h, key, &value), 0) << key;
  return value;
}

}  // namespace vctoe::test
