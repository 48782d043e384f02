// A peer of connection 0 that says what a test wants, and the ways into every state.
#pragma once

#include <gtest/gtest.h>

#include <set>

#include "tb/unit/toe/wire.h"

namespace vctoe::toe::test {

constexpr std::uint64_t kMss = 1460;

inline TcpParams without_timestamps(bool sack = true) {
  TcpParams p;
  p.timestamps = false;
  p.sack = sack;
  return p;
}

inline Segment addressed_to(const Net& net, const Host& to, std::uint8_t flags) {
  Segment s;
  const bool a = &to == &net.a;
  s.tuple =
      a ? FourTuple{Net::kIpA, Net::kIpB, 1000, 80} : FourTuple{Net::kIpB, Net::kIpA, 80, 1000};
  s.flags = flags;
  s.window = 2000;
  return s;
}

/// As the peer of `to` would send it now: with the next sequence number, all acknowledged.
inline Segment from_peer(const Net& net, const Host& to, std::uint8_t flags,
                         std::uint32_t length = 0) {
  Segment s = addressed_to(net, to, flags);
  s.length = length;
  s.seq = to.view(0).rcv_nxt;
  s.ack = to.view(0).snd_nxt;
  return s;
}

inline void lose_everything(Net& net) {
  net.drop = [](Host&, const Packet&) { return true; };
}

/// Loses the first transmissions of the segments of net.a with these numbers (0 = first with
/// payload).
inline std::function<bool(Host&, const Packet&)> lose(Net& net, const std::set<int>& numbers) {
  return [&net, numbers, count = 0](Host& from, const Packet& p) mutable {
    if (&from != &net.a || p.segment.length == 0 || p.retransmit) return false;
    return numbers.count(count++) != 0;
  };
}

/// Where the segments begin that net.a has sent again, in order.
inline std::vector<std::uint64_t> resent(const Net& net) {
  std::vector<std::uint64_t> offsets;
  for (const Packet& p : net.a.sent) {
    if (p.retransmit) offsets.push_back(p.offset);
  }
  return offsets;
}

/// Opens, and sends for a second what net.b does not read: no more than its window arrives.
inline void fill_window(Net& net, std::uint64_t window, std::uint64_t bytes) {
  net.b.defaults.window = window;
  net.open();
  net.b[0].window = 0;
  net.a.send(0, bytes);
  net.run_for(sim::Time::from_s(1));
}

/// The window of net.b is full and shut to the byte.
inline void shut_window(Net& net, std::uint64_t bytes) {
  fill_window(net, bytes, bytes);
  ASSERT_LT(net.b.view(0).rcv_wnd, 32u);  // a unit of the scale, which no segment can be offered
  Segment fill = from_peer(net, net.b, kAck, static_cast<std::uint32_t>(net.b.view(0).rcv_wnd));
  if (fill.length > 0) net.inject(net.b, fill, net.b[0].received);
  ASSERT_EQ(net.b.view(0).rcv_wnd, 0u);
}

/// Brings connection 0 of net.a into `state`; from there on the wire loses everything.
inline void reach(Net& net, State state) {
  using S = State;
  Host& a = net.a;
  if (state == S::kSynSent || state == S::kSynReceived) {
    lose_everything(net);
    net.connect(a, 0, 1000, 80);
    net.run_for(sim::Time::from_us(1));
    Segment syn = addressed_to(net, a, kSyn);  // both opened at once
    syn.seq = {5000};
    if (state == S::kSynReceived) net.inject(a, syn);
  } else {
    net.open();
    const bool peer_first = state == S::kCloseWait || state == S::kLastAck;
    if (peer_first) net.b.stack.close(0, net.now), net.run_for(sim::Time::from_ms(1));
    if (state == S::kFinWait2 || state == S::kTimeWait) {
      a.stack.close(0, net.now);
      net.run_for(sim::Time::from_ms(1));
    }
    if (state == S::kTimeWait) net.b.stack.close(0, net.now), net.run_for(sim::Time::from_ms(1));
    lose_everything(net);
    const bool closes = state == S::kFinWait1 || state == S::kClosing || state == S::kLastAck;
    if (closes) a.stack.close(0, net.now), net.run_for(sim::Time::from_us(1));
    if (state == S::kClosing) {
      Segment fin = from_peer(net, a, kFin | kAck);
      fin.ack = fin.ack - 1;  // has not seen ours
      net.inject(a, fin);
    }
  }
  ASSERT_EQ(a.state(0), state);
  a.sent.clear();
}

constexpr State kSynchronised[] = {State::kEstablished, State::kFinWait1, State::kFinWait2,
                                   State::kCloseWait,   State::kClosing,  State::kLastAck,
                                   State::kTimeWait};

}  // namespace vctoe::toe::test
