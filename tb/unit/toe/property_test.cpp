// Properties: reassembly against a naive model, and two cores over wires that do anything.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <set>

#include "models/nic/toe/receiver.h"
#include "tb/unit/toe/wire.h"

namespace vctoe::toe::test {
namespace {

using sim::Time;

std::uint64_t range(std::uint64_t low, std::uint64_t high) {
  return *rc::gen::inRange<std::uint64_t>(low, high + 1);
}

TEST(IntervalSet, AgreesWithASetOfNumbers) {
  EXPECT_TRUE(rc::check("interval set", [] {
    IntervalSet set;
    std::set<std::uint64_t> naive;
    const std::uint64_t steps = range(1, 60);
    for (std::uint64_t i = 0; i < steps; ++i) {
      const std::uint64_t begin = range(0, 80);
      if (range(0, 5) == 0) {
        set.remove_below(begin);
        naive.erase(naive.begin(), naive.lower_bound(begin));
      } else {
        const std::uint64_t end = begin + range(1, 12);
        set.add(begin, end, [&](std::uint64_t b, std::uint64_t e) {
          for (; b < e; ++b) {
            RC_ASSERT(naive.insert(b).second);
          }
        });
        for (std::uint64_t n = begin; n < end; ++n) {
          RC_ASSERT(naive.count(n) == 1);
        }
      }
      RC_ASSERT(set.bytes() == naive.size());
      for (std::size_t k = 0; k < set.size(); ++k) {
        RC_ASSERT(set[k].begin < set[k].end);
        const bool apart = k == 0 || set[k - 1].end < set[k].begin;  // disjoint, not adjacent
        RC_ASSERT(apart);
      }
      for (std::uint64_t n = 0; n < 100; ++n) {
        RC_ASSERT(set.contains(n, n + 1) == (naive.count(n) == 1));
      }
    }
  }));
}

TEST(Receiver, PlacesEachByteOnceWhateverTheOrder) {
  EXPECT_TRUE(rc::check("reassembly", [] {
    TcpParams params;
    params.reassembly_intervals = range(1, 4);
    Receiver receiver(params);
    receiver.begin({static_cast<std::uint32_t>(0) - 60});  // wraps on the way
    receiver.establish(true, 0, 1460);
    receiver.grow_space(kFirstByte + 200);
    receiver.advertise(true);
    receiver.ack_sent(true);
    std::set<Pos> placed;
    const std::uint64_t steps = range(1, 80);
    for (std::uint64_t i = 0; i < steps; ++i) {
      const Pos begin = range(1, 230);
      const auto length = static_cast<std::uint32_t>(range(1, 25));
      for (const Interval& part : receiver.take(static_cast<std::int64_t>(begin), length, {})) {
        RC_ASSERT(part.begin >= begin && part.end <= begin + length && part.end <= 201);
        for (Pos p = part.begin; p < part.end; ++p) {
          RC_ASSERT(placed.insert(p).second);
        }
      }
      Pos next = kFirstByte;
      while (placed.count(next) != 0) ++next;
      RC_ASSERT(receiver.nxt() == next);
      Segment s;
      receiver.fill_sack(s, 4);
      for (int k = 0; k < s.sack_count; ++k) {
        const auto left = static_cast<Pos>(receiver.position(s.sack[k].left));
        const auto right = static_cast<Pos>(receiver.position(s.sack[k].right));
        for (Pos p = left; p < right; ++p) {
          RC_ASSERT(placed.count(p) == 1);
        }
      }
      receiver.ack_sent(true);
    }
    for (Pos p = 1; p <= 200; p += 10) {
      receiver.take(static_cast<std::int64_t>(p), 10, {});
    }
    RC_ASSERT(receiver.nxt() == 201);
  }));
}

WireParams any_wire() {
  WireParams w;
  w.delay = Time::from_us(range(1, 2000));
  w.gbps = range(0, 1) == 0 ? 0 : static_cast<double>(range(1, 100));
  w.loss = static_cast<double>(range(0, 15)) / 100;
  w.duplicate = static_cast<double>(range(0, 10)) / 100;
  w.reorder = static_cast<double>(range(0, 30)) / 100;
  w.reorder_delay = Time::from_us(range(1, 3000));
  w.corrupt = range(0, 1) == 0 ? 0 : static_cast<double>(range(0, 5)) / 100;
  w.mark = range(0, 1) == 0 ? 0 : static_cast<double>(range(0, 20)) / 100;
  w.complaint = range(0, 1) == 0 ? 0 : static_cast<double>(range(0, 10)) / 100;
  w.fetch = range(0, 2) == 0 ? Time::from_us(range(1, 12000)) : Time::zero();
  return w;
}

TcpParams any_params() {
  TcpParams p;
  p.mss = range(100, 9000);
  p.timestamps = range(0, 1) != 0;
  p.sack = range(0, 1) != 0;
  p.window_scaling = range(0, 3) != 0;
  p.limited_transmit = range(0, 1) != 0;
  p.nagle = range(0, 1) != 0;
  p.initial_window = range(1, 20);
  p.send_buffer = sim::Bytes::kib(range(1, 1024));
  p.congestion = range(0, 1) != 0 ? CongestionKind::kCubic : CongestionKind::kReno;
  p.rto_min = Time::from_us(range(50, 200000));
  p.data_retries = 255;
  p.syn_retries = 255;
  p.rto_max = Time::from_s(2);
  p.delayed_ack_count = range(1, 4);
  p.reassembly_intervals = range(1, 64);
  p.ecn = range(0, 1) != 0;
  p.keepalive = range(0, 1) != 0;
  p.keepalive_idle = Time::from_us(range(100, 100000));  // as often as it can disturb
  p.keepalive_interval = Time::from_us(range(10000, 1000000));
  p.keepalive_probes = 255;
  p.isn_fixed = true;
  p.isn = 0u - static_cast<std::uint32_t>(range(0, 200000));
  return p;
}

/// While data is on its way the lists of a connection are bounded by what is in flight.
void expect_bounded(const Host& host) {
  const auto view = host.stack.view(0);
  if (!view) return;
  const std::uint64_t runs = 2 * 64;          // of reassembly, here and at the peer
  const std::uint64_t segments = 400000 / 8;  // more do not fit into the streams of this test
  RC_ASSERT(view->remembered <= runs + segments);
  const bool idle = view->snd_una == view->snd_nxt;
  if (idle) RC_ASSERT(view->remembered <= runs + 8);
}

/// What the host's side does to its stream: posts and availability in odd steps.
void supply(Host& host, ConnectionId id, std::uint64_t& posted, std::uint64_t& available,
            std::uint64_t total) {
  if (posted < total) {
    const std::uint64_t bytes = std::min(total - posted, range(1, 60000));
    host.post(id, bytes);
    posted += bytes;
  }
  if (available < posted) {
    available += std::min(posted - available, range(1, 30000));
    host.stack.set_available(id, available, range(0, 1) != 0 || available == posted);
  }
}

// req: I-P0005b, I-P0007b
TEST(Property, TwoCoresDeliverEveryByteOnceOverAnyWire) {
  EXPECT_TRUE(rc::check("two stacks", [] {
    Net net(any_params(), any_params(), any_wire(), range(1, 1000000));
    net.keep = false;
    net.b.defaults.window = range(64, 300000);
    net.b.stack.listen(80, 0);
    net.connect(net.a, 0, 1000, 80);
    RC_ASSERT(net.run([&] { return net.b.state(0) == State::kEstablished; }));
    const std::uint64_t forth = range(0, 400000);
    const std::uint64_t back = range(0, 100000);
    std::uint64_t posted_a = 0, posted_b = 0, available_a = 0, available_b = 0;
    bool fed = false;
    net.b.defaults.closes_back = false;
    const Time limit = net.now + Time::from_s(20000);
    while (!fed) {
      if (available_a < forth) supply(net.a, 0, posted_a, available_a, forth);
      if (available_b < back) supply(net.b, 0, posted_b, available_b, back);
      fed = available_a == forth && available_b == back;
      net.run_for(Time::from_us(range(0, 5000)));
      expect_bounded(net.a);
      expect_bounded(net.b);
    }
    const auto delivered = [&] {
      return net.a[0].acknowledged == forth && net.b[0].acknowledged == back;
    };
    if (range(0, 2) == 0) {
      RC_ASSERT(net.run(delivered, limit));
      net.run_for(Time::from_ms(20));  // the last fetches for sending again come to nothing
      RC_ASSERT(net.a.view(0).remembered == 0 && net.b.view(0).remembered == 0);
    }
    net.a.stack.close(0, net.now);
    if (range(0, 1) != 0) {
      RC_ASSERT(net.run([&] { return net.b[0].peer_closed; }, limit));
    }
    net.b.stack.close(0, net.now);
    // A lost last acknowledgement leaves the passive side to its resends; TIME-WAIT answers them.
    RC_ASSERT(net.run([&] { return net.a[0].closed && net.b[0].closed; }, limit));
    RC_ASSERT(net.a[0].received == back && net.a[0].placed_bytes == back);
    RC_ASSERT(net.b[0].received == forth && net.b[0].placed_bytes == forth);
    RC_ASSERT(*net.a[0].closed == CloseReason::kOrderly);
    RC_ASSERT(*net.b[0].closed == CloseReason::kOrderly);
    RC_ASSERT(net.a.stack.next_timer() == Time::never());
    RC_ASSERT(net.b.stack.next_timer() == Time::never());
  }));
}

/// The same run twice gives the same segments at the same times.
TEST(Property, SameSeedSameWire) {
  const auto run = [] {
    WireParams w;
    w.loss = 0.05;
    w.reorder = 0.1;
    w.gbps = 10;
    Net net(TcpParams{}, w, 7);
    std::uint64_t hash = 1;
    net.drop = [&](Host& from, const Packet& p) {
      for (const std::uint64_t x :
           {net.now.ps, std::uint64_t{p.segment.seq.v}, std::uint64_t{p.segment.ack.v},
            std::uint64_t{p.segment.length}, std::uint64_t{&from == &net.a}}) {
        hash = (hash ^ x) * 0x100000001b3;
      }
      return false;
    };
    net.open();
    net.a.send(0, 2000000);
    EXPECT_TRUE(net.run([&] { return net.a[0].acknowledged == 2000000; }));
    return hash;
  };
  EXPECT_EQ(run(), run());
}

TEST(Wrap, StreamOfMoreThanFourGibibytesPassesTheEdgeTwice) {
  TcpParams p;
  p.mss = 65495;
  p.isn_fixed = true;
  p.isn = 0xfffffff0;
  p.initial_window = 100;
  p.receive_buffer = sim::Bytes::mib(64);
  WireParams w;
  w.loss = 0.0005;
  Net net(p, w);
  net.keep = false;
  net.b.defaults.window = 64 << 20;
  net.open();
  const std::uint64_t total = (std::uint64_t{1} << 32) + (std::uint64_t{1} << 28);
  net.a.send(0, total);
  ASSERT_TRUE(net.run([&] { return net.a[0].acknowledged == total; }));
  EXPECT_EQ(net.b[0].placed_bytes, total);
  EXPECT_GT(net.a.view(0).retransmits, 0u);
}

TEST(Many, ThousandConnectionsUnderLossAllFinish) {
  WireParams w;
  w.loss = 0.02;
  w.reorder = 0.05;
  Net net(TcpParams{}, w);
  net.keep = false;
  net.b.stack.listen(80, 0);
  net.b.defaults.closes_back = true;
  for (ConnectionId id = 0; id < 1000; ++id) {
    net.connect(net.a, id, static_cast<std::uint16_t>(1000 + id), 80);
    net.a.send(id, 20000 + id);
    net.a.records[id].closes_back = false;
  }
  net.run([&] {
    for (ConnectionId id = 0; id < 1000; ++id) {
      if (!net.a[id].established) return false;
    }
    return true;
  });
  for (ConnectionId id = 0; id < 1000; ++id) net.a.stack.close(id, net.now);
  EXPECT_TRUE(net.run([&] {
    return net.a.records.size() == 1000 && net.a.stack.next_timer() == Time::never() &&
           net.b.stack.next_timer() == Time::never();
  }));
  std::uint64_t bytes = 0;
  for (const auto& [id, r] : net.b.records) {
    EXPECT_EQ(r.closed, CloseReason::kOrderly);
    bytes += r.received;
  }
  EXPECT_EQ(bytes, 1000ull * 20000 + 999 * 1000 / 2);
}

}  // namespace
}  // namespace vctoe::toe::test
