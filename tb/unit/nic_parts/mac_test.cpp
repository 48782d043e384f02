#include "models/nic/mac.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "models/net/ethernet.h"
#include "models/net/link.h"
#include "models/sim/error.h"
#include "tb/unit/net/frames.h"

namespace vctoe::nic {
namespace {

using net::testing::data_segment;
using net::testing::make_frame;
using net::testing::Sink;
using sim::Time;

struct Recorder : MacClient {
  struct Sent {
    std::uint64_t cookie;
    Time at;
  };
  std::vector<Sent> sent;
  std::vector<net::FramePtr> received;
  std::function<void()> on_sent = [] {};

  void mac_sent(std::uint64_t cookie) override {
    sent.push_back({cookie, sim::now()});
    on_sent();
  }
  void mac_received(net::FramePtr frame) override { received.push_back(std::move(frame)); }
};

struct Bench {
  explicit Bench(const MacParams& params = {}) : mac("mac", context, 0, params) {
    mac.set_client(client);
    mac.connect(line);
  }
  net::FramePtr frame(std::uint32_t number, std::uint32_t payload, bool timestamps = true) {
    toe::Segment s = data_segment(number, payload);
    s.has_timestamps = timestamps;
    return make_frame(pool, s);
  }
  /// Keeps the queue full until `frames` have been sent.
  void saturate(std::uint32_t frames, std::uint32_t payload, bool timestamps) {
    client.on_sent = [this, frames, payload, timestamps] {
      while (next < frames && mac.can_send()) {
        mac.send(frame(next, payload, timestamps), next);
        ++next;
      }
    };
    client.on_sent();
  }

  sim::Context context;
  net::FramePool pool;
  Sink line;
  Recorder client;
  Mac mac;
  std::uint32_t next = 0;
};

// 1460 B of payload in 1518 B of frame, 1538 B with preamble and gap: 94.9285 %. At 10 Gb/s a byte
// is 0.8 ns, so everything is exact in picoseconds. req: I-F05-116, I-F06-150
TEST(Mac, FullFramesBackToBackReachTheBoundOfEthernet) {
  Bench b;
  b.saturate(1000, 1460, false);
  sc_core::sc_start();
  ASSERT_EQ(b.line.arrivals.size(), 1000u);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::uint64_t bytes = 1538ull * i + 8 + 1518;
    ASSERT_EQ(b.line.arrivals[i].at, Time::from_ps(bytes * 800)) << i;
  }
  const Mac::Stats& s = b.mac.stats();
  EXPECT_EQ(s.tx_busy, Time::from_ps(1000ull * 1538 * 800));
  EXPECT_EQ(s.tx_payload_busy, Time::from_ps(1000ull * 1460 * 800));
  EXPECT_NEAR(s.tx_payload_busy.seconds() / s.tx_busy.seconds(), 0.949285, 5e-7)
      << "the reference has six digits";
  EXPECT_EQ(s.tx_payload_bytes, 1'460'000u);
  b.mac.settle_stats();
  EXPECT_EQ(b.mac.stats().tx_utilisation, 1.0);
}

TEST(Mac, TheSmallestFrameTakesEightyFourBytesOfTime) {
  Bench b;
  b.saturate(3, 0, false);
  sc_core::sc_start();
  ASSERT_EQ(b.line.arrivals.size(), 3u);
  EXPECT_EQ(b.line.arrivals[0].frame->size, net::kMinFrameBytes);
  EXPECT_EQ(b.line.arrivals[0].at, Time::from_ps(72ull * 800));
  EXPECT_EQ(b.line.arrivals[2].at, Time::from_ps((2 * 84 + 72) * 800ull));
  EXPECT_EQ(b.mac.stats().tx_bytes, 3u * 64);
}

TEST(Mac, OneActivationAFrameOnASaturatedLine) {
  Bench b;
  const auto before = sim::g_activations;
  b.saturate(500, 1460, false);
  sc_core::sc_start();
  EXPECT_EQ(sim::g_activations - before, 500u);
}

TEST(Mac, TheGapIsKeptAndAnIdleLineStartsAtOnce) {
  Bench b;
  sim::EventQueue<int> sender([&](int& i) { b.mac.send(b.frame(0, 0, false), i); });
  sender.push(Time::from_ns(100), 0);
  // The first has left at 100 + 57.6 ns; the line is free 9.6 ns later.
  sender.push(Time::from_ns(160), 1);
  sender.push(Time::from_ns(1000), 2);
  sc_core::sc_start();
  ASSERT_EQ(b.client.sent.size(), 3u);
  EXPECT_EQ(b.client.sent[0].at, Time::from_ps(157'600));
  EXPECT_EQ(b.client.sent[1].at, Time::from_ps(167'200 + 57'600));
  EXPECT_EQ(b.client.sent[2].at, Time::from_ps(1'057'600));
  b.mac.settle_stats();
  EXPECT_NEAR(b.mac.stats().tx_utilisation, 3 * 67.2 / 1057.6, 1e-12);
}

TEST(Mac, TheQueueIsBoundedAndEachSentFrameMakesRoom) {
  MacParams p;
  p.tx_queue = 2;
  Bench b(p);
  std::vector<bool> room;
  b.client.on_sent = [&] { room.push_back(b.mac.can_send()); };
  b.mac.send(b.frame(1, 100), 71);
  EXPECT_TRUE(b.mac.can_send());
  b.mac.send(b.frame(2, 100), 72);
  EXPECT_FALSE(b.mac.can_send());
  EXPECT_THROW(b.mac.send(b.frame(3, 100), 73), sim::Error);
  sc_core::sc_start();
  EXPECT_EQ(room, (std::vector<bool>{true, true}));
  EXPECT_EQ(b.client.sent[0].cookie, 71u);
  EXPECT_EQ(b.client.sent[1].cookie, 72u);
  EXPECT_EQ(b.mac.stats().tx_queue_peak, 2u);
}

TEST(Mac, ARuntBreaksAnInvariant) {
  Bench b;
  net::FramePtr runt = b.pool.get();
  runt->size = 63;
  EXPECT_THROW(b.mac.send(std::move(runt), 0), sim::Error);
}

struct Tap : net::FrameTap {
  std::vector<std::pair<net::Heading, Time>> seen;
  void frame_seen(const net::Frame&, Time at, net::Heading heading) override {
    seen.emplace_back(heading, at);
  }
};

// req: I-F05-116, I-F05-118
TEST(Mac, TwoStationsTalkOverALinkAndTapsSeeBothEnds) {
  sim::Context context;
  net::FramePool pool;
  Recorder client0, client1;
  Tap tap0, tap1;
  Mac mac0("mac0", context, 0, {});
  Mac mac1("mac1", context, 1, {});
  net::Link link("link", context, {});
  mac0.set_client(client0);
  mac1.set_client(client1);
  mac0.connect(link.input(0));
  mac1.connect(link.input(1));
  link.attach(0, mac0);
  link.attach(1, mac1);
  mac0.add_tap(tap0);
  mac1.add_tap(tap1);
  mac0.send(make_frame(pool, data_segment(5, 1448)), 1);
  sc_core::sc_start();
  const Time left = Time::from_ps((8 + 1518) * 800ull);
  const Time arrived = left + Time::from_us(50);
  ASSERT_EQ(client1.received.size(), 1u);
  EXPECT_TRUE(net::parse_tcp_frame(*client1.received[0]).ok());
  EXPECT_EQ(tap0.seen, (std::vector<std::pair<net::Heading, Time>>{{net::Heading::kSent, left}}));
  EXPECT_EQ(tap1.seen,
            (std::vector<std::pair<net::Heading, Time>>{{net::Heading::kReceived, arrived}}));
  EXPECT_EQ(mac1.stats().rx_frames, 1u);
  EXPECT_EQ(mac1.stats().rx_payload_bytes, 1448u);
  EXPECT_EQ(mac1.stats().rx_busy, Time::from_ps(1538ull * 800));
}

// req: I-F05-116, I-F06-152
TEST(Mac, RefusedFramesAreCountedByReasonAndTraced) {
  Bench b;
  std::vector<sim::TraceEvent> drops;
  b.context.trace.subscribe(sim::mask_of(sim::TraceKind::kFrameDrop),
                            [&](const sim::TraceEvent& e) { drops.push_back(e); });
  net::FramePtr bad = b.frame(77, 100);
  bad->bytes[80] ^= 1;
  b.mac.receive(bad);
  const net::ParseResult parsed = net::parse_tcp_frame(*b.client.received.at(0));
  ASSERT_FALSE(parsed.ok());
  b.mac.refuse(*bad, parsed.error);
  EXPECT_EQ(b.mac.stats().rx_refused[static_cast<std::size_t>(net::DropReason::kBadFcs)], 1u);
  ASSERT_EQ(drops.size(), 1u);
  EXPECT_EQ(drops[0].seq, 77u);
  EXPECT_EQ(drops[0].detail, static_cast<std::uint32_t>(net::DropReason::kBadFcs));
  sim::StatList list;
  list.group("mac", b.mac.stats());
  bool named = false;
  for (const auto& field : list.fields()) named |= field.path == "mac.rx_refused.bad_fcs";
  EXPECT_TRUE(named);
}

}  // namespace
}  // namespace vctoe::nic
