#include "tb/unit/toe/wire.h"

#include <gtest/gtest.h>

#include <utility>

#include "models/net/headers.h"
#include "models/sim/error.h"

namespace vctoe::toe::test {

// ---- host ---------------------------------------------------------------------------------------

void Host::accepted(ConnectionId id, const FourTuple& /*tuple*/) {
  records[id] = defaults;
  records[id].accepted = true;
  grant(id, records[id].window);
}
void Host::established(ConnectionId id, Seq first) {
  records[id].established = true;
  EXPECT_EQ(first, stack.sequence_of(id, 0));
}
void Host::state_changed(ConnectionId id, State state) {
  records[id].states.push_back(state);
}
void Host::acknowledged(ConnectionId id, std::uint64_t offset) {
  EXPECT_GE(offset, records[id].acknowledged);
  EXPECT_LE(offset, posted_[id]);
  records[id].acknowledged = offset;
}
void Host::place(ConnectionId id, std::uint64_t offset, std::uint32_t skip, std::uint32_t length) {
  Record& r = records[id];
  sim::ensure(arriving_ != nullptr, "placed outside input()");
  sim::ensure(skip + length <= arriving_->segment.length, "placed more than arrived");
  sim::ensure(arriving_->offset + skip == offset, "placed at the wrong offset");
  sim::ensure(offset + length <= r.space, "placed beyond the receive space");
  std::uint64_t fresh = 0;
  r.placed.add(offset, offset + length, [&](std::uint64_t b, std::uint64_t e) { fresh += e - b; });
  sim::ensure(fresh == length, "placed a byte twice");
  r.placed_bytes += length;
}
void Host::received(ConnectionId id, std::uint64_t offset) {
  Record& r = records[id];
  sim::ensure(offset > r.received, "received() must advance");
  sim::ensure(r.placed.contains(r.received, offset), "received() without place()");
  r.received = offset;
  grant(id, offset + r.window);
}
void Host::peer_closed(ConnectionId id) {
  records[id].peer_closed = true;
  if (records[id].closes_back) stack.close(id, net_.now);
}
void Host::rto_expired(ConnectionId id, Seq una) {
  records[id].rtos.push_back(una);
}
void Host::closed(ConnectionId id, CloseReason reason) {
  records[id].closed = reason;
  posted_.erase(id);
}

void Host::post(ConnectionId id, std::uint64_t bytes) {
  posted_[id] += bytes;
  stack.post(id, bytes, net_.now);
}

void Host::grant(ConnectionId id, std::uint64_t space) {
  Record& r = records[id];
  r.space = std::max(r.space, space);
  stack.set_receive_space(id, r.space, net_.now);
}

void Host::send(ConnectionId id, std::uint64_t bytes) {
  post(id, bytes);
  stack.set_available(id, posted_[id], true);
}

std::optional<State> Host::state(ConnectionId id) const {
  const auto v = stack.view(id);
  if (!v) return std::nullopt;
  return v->state;
}

void Host::pump() {
  while (stack.has_work(net_.now)) {
    const auto plan = stack.next(net_.now);
    sim::ensure(plan.has_value(), "has_work() promised a plan");
    if (plan->length == 0 || net_.wire.fetch == sim::Time::zero()) {
      leave(*plan);
      continue;
    }
    sim::Time when = net_.now + sim::Time::from_ps(rng_.below(net_.wire.fetch.ps + 1));
    if (!plan->retransmit) {
      when = sim::max(when, first_leaves_[plan->connection]);
      first_leaves_[plan->connection] = when;
    }
    net_.at(when, [this, plan = *plan] { leave(plan); });
  }
  sim::ensure(!stack.next(net_.now).has_value(), "next() without has_work()");
}

void Host::leave(const TxPlan& plan) {
  const auto segment = stack.emit(plan, net_.now);
  if (!segment) return;
  sim::ensure(segment->length == plan.length, "segment and plan differ in length");
  ++segments;
  payload_segments += plan.length > 0 ? 1 : 0;
  net_.transmit(*this, {*segment, plan.offset, plan.retransmit});
}

// ---- net ----------------------------------------------------------------------------------------

void Net::at(sim::Time time, std::function<void()> action) {
  events_.push({time, order_++, std::move(action)});
}

void Net::transmit(Host& from, Packet packet) {
  if (keep) from.sent.push_back(packet);
  if (drop && drop(from, packet)) return;
  Host& to = &from == &a ? b : a;
  sim::Time leaves = now;
  if (wire.gbps > 0) {
    const auto size = packet.segment.length + 78;
    from.wire_free_ = sim::max(from.wire_free_, now) + sim::BitRate::gbps(wire.gbps).time_for(size);
    leaves = from.wire_free_;
  }
  if (rng_.chance(wire.loss)) return;
  if (wire.corrupt > 0 && rng_.chance(wire.corrupt) && corrupted(packet)) return;
  if (wire.complaint > 0 && rng_.chance(wire.complaint)) complain_about(from, packet.segment);
  if (wire.mark > 0 && packet.segment.ecn != Ecn::kNotCapable && rng_.chance(wire.mark)) {
    packet.segment.ecn = Ecn::kExperienced;
  }
  std::swap(packet.segment.tuple.local_ip, packet.segment.tuple.remote_ip);
  std::swap(packet.segment.tuple.local_port, packet.segment.tuple.remote_port);
  const int copies = rng_.chance(wire.duplicate) ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    sim::Time arrives = leaves + wire.delay;
    if (rng_.chance(wire.reorder)) {
      arrives += sim::Time::from_ps(rng_.below(wire.reorder_delay.ps + 1));
    }
    at(arrives, [this, &to, packet] { deliver(to, packet); });
  }
}

/// The packet as a real frame, one byte of which was changed behind the Ethernet layer's back.
bool Net::corrupted(const Packet& packet) {
  const net::FramePtr frame = frames_.get();
  const std::uint32_t at = net::header_length(packet.segment);
  for (std::uint32_t i = 0; i < packet.segment.length; ++i) {
    frame->bytes[at + i] = static_cast<std::uint8_t>((packet.offset + i) * 7);
  }
  net::encode_tcp_frame(*frame, {}, packet.segment);
  const std::uint32_t first = net::kEthernetHeaderBytes;
  const auto place = first + rng_.below(at + packet.segment.length - first);
  frame->bytes[place] ^= static_cast<std::uint8_t>(1 + rng_.below(255));
  net::set_fcs(*frame);
  sim::ensure(!net::parse_tcp_frame(*frame).ok(), "a damaged frame got through");
  return true;
}

void Net::complain_about(Host& from, const Segment& segment) {
  static constexpr std::array<std::array<std::uint8_t, 2>, 9> kKinds{
      {{3, 0}, {3, 1}, {3, 5}, {4, 0}, {11, 0}, {12, 0}, {3, 4}, {3, 2}, {3, 3}}};
  // Hard errors end what is not open yet: only soft ones about a SYN.
  const auto kind = kKinds[rng_.below(segment.has(kSyn) ? 6 : kKinds.size())];
  const auto mtu = static_cast<std::uint16_t>(300 + rng_.below(9000));
  const IcmpError error{segment.tuple, segment.seq, kind[0], kind[1], mtu};
  at(now + wire.delay, [this, &from, error] { from.stack.icmp_error(error, now); });
}

void Net::deliver(Host& to, const Packet& packet) {
  to.arriving_ = &packet;
  to.stack.input(packet.segment, now);
  to.arriving_ = nullptr;
}

void Net::inject(Host& to, const Segment& segment, std::uint64_t offset) {
  deliver(to, {segment, offset, false});
  a.pump();
  b.pump();
}

void Net::complain(Host& to, std::uint8_t type, std::uint8_t code, Seq seq, std::uint16_t mtu) {
  const FourTuple tuple =
      &to == &a ? FourTuple{kIpA, kIpB, 1000, 80} : FourTuple{kIpB, kIpA, 80, 1000};
  to.stack.icmp_error({tuple, seq, type, code, mtu}, now);
  a.pump();
  b.pump();
}

bool Net::step(sim::Time limit) {
  const sim::Time timers = sim::min(a.stack.next_timer(), b.stack.next_timer());
  const sim::Time event = events_.empty() ? sim::Time::never() : events_.top().time;
  const sim::Time next = sim::min(timers, event);
  if (next == sim::Time::never() || next > limit) return false;
  now = sim::max(now, next);
  if (event <= timers) {
    const auto action = events_.top().action;
    events_.pop();
    action();
  } else {
    a.stack.on_timer(now);
    b.stack.on_timer(now);
    sim::ensure(sim::min(a.stack.next_timer(), b.stack.next_timer()) > now, "a timer stands still");
  }
  a.pump();
  b.pump();
  return true;
}

bool Net::run(const std::function<bool()>& done, sim::Time limit) {
  a.pump();
  b.pump();
  while (!done()) {
    if (!step(limit)) return done();
  }
  return true;
}

void Net::run_for(sim::Time span) {
  const sim::Time end = now + span;
  run([] { return false; }, end);
  now = end;
}

void Net::connect(Host& from, ConnectionId id, std::uint16_t local, std::uint16_t remote) {
  Host& to = &from == &a ? b : a;
  EXPECT_TRUE(from.stack.connect(id, local, &to == &a ? kIpA : kIpB, remote, now));
  from.grant(id, from[id].window);
}

void Net::open(ConnectionId id, std::uint16_t port) {
  b.stack.listen(80, 0);
  connect(a, id, port, 80);
  ASSERT_TRUE(run([&] { return b.state(id) == State::kEstablished; }));
  ASSERT_EQ(a.state(id), State::kEstablished);
}

}  // namespace vctoe::toe::test
