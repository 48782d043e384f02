// A peer made by hand: builds and takes apart frames byte by byte through the frame codec, and
// drives a test bench through its C interface.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

#include "models/net/ethernet.h"
#include "models/net/frame_pool.h"
#include "models/net/headers.h"
#include "sw/toe_tb/include/toe_tb.h"

namespace vctoe::test {

using toe::Seq;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint32_t kToeIp = 0x0a000001;
constexpr std::uint32_t kPeerIp = 0x0a000002;
constexpr std::uint16_t kPeerPort = 4000;
constexpr std::uint64_t kUs = 1000;  ///< in ns
constexpr std::uint64_t kMs = 1'000'000;
constexpr std::uint64_t kS = 1'000'000'000;

/// TCP states as toe_tb_status() numbers them.
enum Status {
  kClosed,
  kListen,
  kSynSent,
  kSynReceived,
  kEstablished,
  kFinWait1,
  kFinWait2,
  kCloseWait,
  kClosing,
  kLastAck,
  kTimeWait
};

/// A segment that has left the MAC.
struct Out {
  toe::Segment s;  ///< as the peer sees it: local is the peer
  Bytes payload;
  std::uint64_t at = 0;  ///< ns
};

inline Bytes pattern(std::size_t n, unsigned seed = 1) {
  Bytes bytes(n);
  for (std::size_t i = 0; i < n; ++i) bytes[i] = static_cast<std::uint8_t>(i * 31 + i / 253 + seed);
  return bytes;
}

/// The bench, and the peer's side of one connection.
class Peer {
 public:
  /// The peer's Ethernet address is known: it answers no ARP.
  explicit Peer(const std::string& cfg = "") {
    char err[256] = "";
    tb = toe_tb_new(("gw_mac=02:00:0a:00:00:02," + cfg).c_str(), err, sizeof err);
    EXPECT_NE(tb, nullptr) << err;
  }
  ~Peer() { toe_tb_free(tb); }

  void run(std::uint64_t ns) { toe_tb_run_until(tb, toe_tb_now(tb) + ns, 0); }

  toe::Segment segment(std::uint8_t flags) const {
    toe::Segment s;
    s.tuple = {kPeerIp, kToeIp, port, toe_port};
    s.seq = nxt;
    s.ack = ack;
    s.flags = flags;
    s.window = window;
    return s;
  }
  void give(toe::Segment s, const Bytes& payload = {}) {
    s.length = static_cast<std::uint32_t>(payload.size());
    net::FramePtr f = pool_.get();
    if (!payload.empty()) {
      std::memcpy(f->bytes.data() + net::header_length(s), payload.data(), payload.size());
    }
    net::encode_tcp_frame(*f, {net::mac_address_of(kToeIp), net::mac_address_of(kPeerIp)}, s);
    ASSERT_EQ(toe_tb_wire_in(tb, f->bytes.data(), f->size - net::kFcsBytes), 0);
  }
  void give(std::uint8_t flags, const Bytes& payload = {}) { give(segment(flags), payload); }

  /// Everything that has left since the last call.
  std::vector<Out> taken() {
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
  /// Runs until a segment leaves, at most `most`; the first one.
  Out next(std::uint64_t most = 10 * kMs) {
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

  /// The bench listens on its port and this peer connects; the handle that accept() gave.
  int accepted(int listener) {
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
  /// The bench connects to this peer.
  int connected() {
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

  toe_tb* tb = nullptr;
  std::uint16_t port = kPeerPort;
  std::uint16_t toe_port = 80;
  Seq nxt{1000};
  Seq ack;
  std::uint16_t window = 65535;

 private:
  net::FramePool pool_;
  std::deque<Out> queue_;
};

inline long option(Peer& peer, int h, const char* key) {
  long value = -1;
  EXPECT_EQ(toe_tb_getopt(peer.tb, h, key, &value), 0) << key;
  return value;
}

}  // namespace vctoe::test
