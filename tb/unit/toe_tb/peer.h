// A peer made by hand: builds and takes apart frames byte by byte through the frame codec, and
// drives a test bench through its C interface.
#pragma once

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
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

Bytes pattern(std::size_t n, unsigned seed = 1);

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
  void give(toe::Segment s, const Bytes& payload = {});
  void give(std::uint8_t flags, const Bytes& payload = {}) { give(segment(flags), payload); }

  /// Everything that has left since the last call.
  std::vector<Out> taken();
  /// Runs until a segment leaves, at most `most`; the first one.
  Out next(std::uint64_t most = 10 * kMs);

  /// The bench listens on its port and this peer connects; the handle that accept() gave.
  int accepted(int listener);
  /// The bench connects to this peer.
  int connected();

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

/// The value of an option of a connection, by toe_tb_getopt().
long option(Peer& peer, int h, const char* key);

}  // namespace vctoe::test
