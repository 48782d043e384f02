// A peer of connection 0 that says what a test wants, and the ways into every state.
#pragma once

#include <gtest/gtest.h>

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
