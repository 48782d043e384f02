#include "models/pcie/channel.h"

#include <algorithm>
#include <cmath>

namespace vctoe::pcie {
namespace {

using sim::Time;

/// Classes in the order of CreditType's pairs.
CreditType credit_type(TlpKind kind, Credits::Lack lack) {
  const auto base = static_cast<std::size_t>(kind) * 2;
  return static_cast<CreditType>(base + (lack == Credits::Lack::kData ? 1 : 0));
}

}  // namespace

Channel::Channel(const ChannelConfig& config, ChannelStats& stats)
    : config_(config),
      ps_per_byte_(static_cast<std::uint64_t>(std::llround(8e12 / config.rate.bps * kFixedOne))),
      stats_(stats),
      credits_{Credits(config.credits.ph, config.credits.pd),
               Credits(config.credits.nph, config.credits.npd),
               Credits(config.credits.cplh, config.credits.cpld)},
      alarm_([this] { wake(); }) {}

void Channel::push(Train& x) {
  const Time ready = x.segment[0].ready;
  sim::ensure(x.segments > 0 && ready >= sim::now(), "pcie: a train is empty or in the past");
  x.current = 0;
  x.sent = 0;
  x.order = 0;
  x.wire_left = 0;
  for (std::uint32_t i = 0; i < x.segments; ++i) x.wire_left += x.wire_bytes(x.segment[i]);
  pending_.insert_by_ready(x);
  if (waking_) return;
  const Time arrival = finish_of(x, max(cursor_, ready)) + config_.latency;
  if (arrival < alarm_.at()) alarm_.set(arrival);
}

void Channel::extend(Train& x, std::uint32_t tlps) {
  x.segment[0].cut.tlps += tlps;
  x.wire_left += std::uint64_t{tlps} * x.overhead;
}

void Channel::extend(Train& x, Time ready, const Cut& cut) {
  x.add(ready, cut);
  x.wire_left += x.wire_bytes(x.segment[x.segments - 1]);
  if (waking_) return;
  advance(sim::now());
  rearm();  // what it would have woken up for now ends later
}

void Channel::wake() {
  const Time now = sim::now();
  waking_ = true;
  advance(now);
  while (!in_flight_.empty() && in_flight_.front().at <= now) {
    const Arrival arrival = in_flight_.front();
    in_flight_.pop();
    sim::ensure(!arrival.awaited || arrival.at == now, "pcie: a channel woke up too late");
    arrival.train->sink->on_arrival(arrival);
  }
  waking_ = false;
  rearm();
}

void Channel::rearm() {
  Time at = next_awaited_arrival();
  if (at == Time::never()) {
    at = first_finish();
    if (at != Time::never()) at += config_.latency;
  }
  alarm_.set(at);
}

Time Channel::next_awaited_arrival() const {
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    if (awaited(in_flight_[i])) return in_flight_[i].at;
  }
  return Time::never();
}

// A lower bound of the time at which a train that is not in flight yet can finish: the wake-up may
// come early, never late. It is exact when nothing arrives in between, which keeps early ones rare.
Time Channel::first_finish() const {
  const Time now = max(cursor_, sim::now());
  Time best = first_pending_finish(now);
  if (waiting_count_ == 0) return best;
  if (const Train* head = list(TlpKind::kMemoryWrite).front(); head != nullptr) {
    const Time from = start_of(TlpKind::kMemoryWrite, now);
    best = min(best, finish_of(*head, from));
    for (const Train* x = head->next; loose_count_ > 0 && x != nullptr; x = x->next) {
      if (x->loose()) best = min(best, finish_of(*x, from));
    }
  }
  for (const Train* x = list(TlpKind::kMemoryRead).front(); x != nullptr; x = x->next) {
    if (!held_back(*x)) best = min(best, finish_of(*x, start_of(TlpKind::kMemoryRead, now)));
    if (loose_count_ == 0) break;
  }
  return min(best, first_completion_finish(start_of(TlpKind::kCompletion, now)));
}

Time Channel::first_completion_finish(Time from) const {
  Time best = Time::never();
  std::uint64_t ahead = 0;
  for (const Train* x = list(TlpKind::kCompletion).front(); x != nullptr; x = x->next) {
    if (after(from, ahead) >= best) break;
    if (held_back(*x)) continue;
    best = min(best, finish_of(*x, from, ahead));
    ahead += least_turn(*x);  // all behind it wait for that
  }
  return best;
}

std::uint64_t Channel::least_turn(const Train& x) const {
  const bool sure = credits_[index(x.kind)].infinite();
  const Cut& cut = x.now_sending().cut;
  const std::uint32_t n = sure ? std::min(config_.interleave, cut.tlps - x.sent) : 1;
  return cut.end_of(x.sent + n) - cut.end_of(x.sent) + std::uint64_t{n} * x.overhead;
}

Time Channel::first_pending_finish(Time from) const {
  Time best = Time::never();
  bool write_before = !list(TlpKind::kMemoryWrite).empty();
  for (const Train* x = pending_.front(); x != nullptr; x = x->next) {
    const Time ready = x->now_sending().ready;
    if (ready >= best) break;
    const bool write = x->kind == TlpKind::kMemoryWrite;
    // What may not pass a write finishes after it.
    if (write || x->loose() || !write_before) best = min(best, finish_of(*x, max(from, ready)));
    write_before |= write;
  }
  return best;
}

// Of the next arrival that must be told in time, if `ahead` bytes of others go first.
Time Channel::finish_of(const Train& x, Time from, std::uint64_t ahead) const {
  if (x.kind == TlpKind::kMemoryRead) return from + duration(x.overhead);
  const Cut& cut = x.now_sending().cut;
  const std::uint64_t tlps = cut.tlps - x.sent;
  std::uint64_t bytes = cut.bytes - cut.end_of(x.sent) + tlps * x.overhead;
  std::uint64_t own = bytes;  // of the segment that ends it
  std::uint32_t i = x.current;
  while (!awaited(x, i)) {
    own = x.wire_bytes(x.segment[++i]);
    bytes += own;
  }
  const Time unhindered = after(from, ahead + bytes);
  if (x.segment[i].ready <= from) return unhindered;
  return max(unhindered, after(x.segment[i].ready, own));
}

Time Channel::start_of(TlpKind kind, Time from) const {
  const std::size_t i = index(kind);
  if (!blocked_[i].is) return from;
  const Time credit = credits_[i].next_return();
  return credit == Time::never() ? from : max(from, credit);
}

void Channel::watch_segments(bool on) {
  if (watch_segments_ == on) return;
  watch_segments_ = on;
  if (!on || waking_) return;
  advance(sim::now());
  rearm();
}

void Channel::set_waiting_for_tags(bool waiting) {
  if (waiting == waiting_for_tags_) return;
  settle(sim::now());
  waiting_for_tags_ = waiting;
}

ChannelState Channel::gap_reason() const {
  for (const Blocked& b : blocked_) {
    if (b.is) return ChannelState::kWaitCredits;
  }
  return waiting_for_tags_ ? ChannelState::kWaitTags : ChannelState::kIdle;
}

void Channel::settle(Time at) {
  advance(at);
  if (cursor_ < at) {
    stats_.time.enter(gap_reason(), cursor_);
    cursor_ = at;
    fraction_ = 0;
  }
  for (Blocked& b : blocked_) {
    if (b.is) settle_blocked(b, at);
  }
  stats_.time.settle(at);
}

void Channel::settle_blocked(Blocked& blocked, Time at) {
  if (at <= blocked.since) return;
  stats_.credit_stall[static_cast<std::size_t>(blocked.type)] += at - blocked.since;
  blocked.since = at;
}

// Commits every slice that starts before `until`.
void Channel::advance(Time until) {
  while (cursor_ < until) {
    admit(cursor_);
    if (paused_ != nullptr) end_turn();
    Train* x = waiting_count_ == 0 ? nullptr : pick(cursor_);
    if (x != nullptr) {
      send(*x, turn_of(*x, until));
      continue;
    }
    Time next = waiting_count_ == 0 ? Time::never() : credit_back_;
    if (!pending_.empty()) next = min(next, pending_.front()->now_sending().ready);
    if (next >= until) return;
    stats_.time.enter(gap_reason(), cursor_);
    cursor_ = next;
    fraction_ = 0;
  }
}

void Channel::admit(Time at) {
  while (!pending_.empty() && pending_.front()->now_sending().ready <= at) {
    Train& x = *pending_.front();
    pending_.erase(x);
    // A train that comes back for its next segment keeps its place in the ordering rules.
    if (x.order == 0) x.order = ++last_order_;
    x.turn = ++last_turn_;
    list(x.kind).push_back(x);
    ++waiting_count_;
    if (x.loose()) ++loose_count_;
  }
}

Train* Channel::pick(Time at) {
  Train* best = nullptr;
  credit_back_ = Time::never();
  for (std::size_t i = 0; i < kClasses; ++i) {
    Train* x = waiting_[i].empty() ? nullptr : candidate(static_cast<TlpKind>(i));
    if (x == nullptr || !has_credit(*x, at)) continue;
    if (best == nullptr || x->turn < best->turn) best = x;
  }
  return best;
}

Train* Channel::candidate(TlpKind kind) const {
  Train* x = list(kind).front();
  if (kind == TlpKind::kMemoryWrite) {
    if (x == nullptr || loose_count_ == 0) return x;
    Train* passing = loose_write();
    return passing != nullptr && passing->turn < x->turn ? passing : x;
  }
  // Read requests stay in the order of arrival, so if the first is held back, all are.
  const bool first_only = kind == TlpKind::kMemoryRead && loose_count_ == 0;
  while (x != nullptr && held_back(*x)) x = first_only ? nullptr : x->next;
  return x;
}

Train* Channel::loose_write() const {
  Train* best = nullptr;
  for (Train* x = list(TlpKind::kMemoryWrite).front()->next; x != nullptr; x = x->next) {
    if (x->loose() && (best == nullptr || x->turn < best->turn) && !held_back(*x)) best = x;
  }
  return best;
}

// Some earlier write may not be passed.
bool Channel::held_back(const Train& x) const {
  const Train* write = list(TlpKind::kMemoryWrite).front();
  if (!x.loose()) return write != nullptr && write->order < x.order;
  for (; write != nullptr && write->order < x.order; write = write->next) {
    if (!x.may_pass(*write)) return true;
  }
  return false;
}

bool Channel::has_credit(const Train& x, Time at) {
  const std::size_t i = index(x.kind);
  if (credits_[i].infinite()) return true;
  credits_[i].reclaim(at);
  const Credits::Lack lack = credits_[i].lack(x.now_sending().cut, x.sent);
  Blocked& blocked = blocked_[i];
  if (lack == Credits::Lack::kNothing) {
    if (blocked.is) settle_blocked(blocked, at);
    blocked.is = false;
    return true;
  }
  const CreditType type = credit_type(x.kind, lack);
  if (blocked.is) settle_blocked(blocked, at);
  if (!blocked.is || blocked.type != type) blocked = {true, type, at};
  credit_back_ = min(credit_back_, credits_[i].next_return());
  return false;
}

// How many TLPs the train may send before it is another's turn.
std::uint32_t Channel::turn_of(const Train& x, Time until) const {
  // Read requests are headers only: all that there is credit for go in one turn.
  if (x.kind == TlpKind::kMemoryRead) return x.now_sending().cut.tlps;
  if (waiting_count_ > 1) return config_.interleave;
  // All of it if nobody else wants to send before it has finished.
  const Time end = after(cursor_, x.wire_left);
  const bool alone =
      end <= until && (pending_.empty() || pending_.front()->now_sending().ready >= end);
  return alone ? ~0u : config_.interleave;
}

// One turn of one train.
void Channel::send(Train& x, std::uint32_t turn) {
  stats_.time.enter(ChannelState::kSending, cursor_);
  while (turn > 0 && x.now_sending().ready <= cursor_) {
    const std::uint32_t n = send_run(x, turn);
    turn -= n;
    if (n == 0) break;
    if (x.sent < x.now_sending().cut.tlps) continue;
    if (x.current + 1 == x.segments) {
      list(x.kind).erase(x);
      --waiting_count_;
      if (x.loose()) --loose_count_;
      return;
    }
    ++x.current;
    x.sent = 0;
  }
  requeue(x);
}

// TLPs of the segment being sent, at most `limit` and what there is credit for.
std::uint32_t Channel::send_run(Train& x, std::uint32_t limit) {
  const Cut& cut = x.now_sending().cut;
  Credits& credits = credits_[index(x.kind)];
  std::uint32_t n = std::min(limit, cut.tlps - x.sent);
  if (!credits.infinite()) {
    // Credits for data come back by turns, whoever has the next one.
    if (x.kind != TlpKind::kMemoryRead) n = std::min(n, config_.interleave);
    n = credits.take(cut, x.sent, n);
  }
  if (n == 0) return 0;
  const std::uint32_t payload = cut.end_of(x.sent + n) - cut.end_of(x.sent);
  const std::uint64_t wire = payload + std::uint64_t{n} * x.overhead;
  const Time start = cursor_;
  const std::uint64_t exact = fraction_ + wire * ps_per_byte_;
  cursor_ += Time{exact / kFixedOne};
  fraction_ = exact % kFixedOne;
  x.wire_left -= wire;
  credits.give_back(cursor_ + config_.latency + drain_[index(x.kind)] + config_.credit_latency);
  count(x, n, payload, wire);
  show(x, n, payload, start);
  const std::uint32_t first = x.sent;
  x.sent += n;
  const bool done = x.sent == cut.tlps;
  if (x.kind == TlpKind::kMemoryRead) {
    const Time spacing = duration(x.overhead);
    in_flight_.push({start + spacing + config_.latency, &x, first, n, spacing, done, true});
  } else if (done) {
    const bool last = x.current + 1 == x.segments;
    const bool in_time = last || x.now_sending().awaited;
    in_flight_.push({cursor_ + config_.latency, &x, x.current, 0, Time::zero(), last, in_time});
  }
  return n;
}

void Channel::count(const Train& x, std::uint32_t tlps, std::uint32_t payload, std::uint64_t wire) {
  TrafficStats& kind = stats_.by_kind[index(x.kind)];
  TrafficStats& purpose = stats_.by_purpose[static_cast<std::size_t>(x.purpose)];
  kind.tlps += tlps;
  kind.bytes += payload;
  purpose.tlps += tlps;
  purpose.bytes += payload;
  stats_.wire_bytes += wire;
}

// After a turn that did not finish the train.
void Channel::requeue(Train& x) {
  if (x.now_sending().ready > cursor_) {
    list(x.kind).erase(x);
    --waiting_count_;
    if (x.loose()) --loose_count_;
    pending_.insert_by_ready(x);
    return;
  }
  if (x.kind == TlpKind::kMemoryRead) return;
  paused_ = &x;
  if (x.kind == TlpKind::kCompletion) move_to_back(x);
}

// Once those are in the row that have come during the turn.
void Channel::end_turn() {
  paused_->turn = ++last_turn_;
  if (paused_->kind == TlpKind::kCompletion) move_to_back(*paused_);
  paused_ = nullptr;
}

void Channel::move_to_back(Train& x) {
  list(x.kind).erase(x);
  list(x.kind).push_back(x);
}

}  // namespace vctoe::pcie
