#include "tb/validation/tcp_wire.h"

#include <utility>

#include "models/sim/error.h"

namespace vctoe::validation {

namespace {
constexpr std::uint32_t kIp[2] = {0x0a000001, 0x0a000002};
constexpr std::uint16_t kPort = 80;
constexpr std::uint64_t kRoom = std::uint64_t{1} << 50;  // the application takes everything
// Ethernet, IPv4 and TCP around a payload, with preamble, gap and FCS (docs/calibration.md 6.2).
constexpr std::uint64_t kHeaders = 38 + 20 + 20, kTimestamps = 12;
}  // namespace

void TcpWire::End::closed(toe::ConnectionId, toe::CloseReason) {
  throw sim::Error(sim::FailureKind::kCheck, "the connection of a validation run ended");
}

TcpWire::TcpWire(const toe::TcpParams& params, const WireParams& wire)
    : wire_(wire),
      stacks_{toe::Stack(params, kIp[0], 1, ends_[0]), toe::Stack(params, kIp[1], 2, ends_[1])} {}

void TcpWire::begin(std::uint64_t bytes) {
  stacks_[1].listen(kPort, 0, 1);
  stacks_[0].connect(0, 1000, kIp[1], kPort, now_);
  for (;;) {
    for (toe::Stack& s : stacks_) s.set_receive_space(0, kRoom, now_);
    pump(0);
    pump(1);
    if (ends_[0].up && ends_[1].up) break;
    step();
  }
  stacks_[0].post(0, bytes, now_);
  stacks_[0].set_available(0, bytes, true);
  pump(0);
}

void TcpWire::run_until_received(std::uint64_t bytes) {
  while (ends_[1].arrived < bytes) step();
}

void TcpWire::run_until_lost(std::uint64_t losses) {
  while (losses_ < losses) step();
}

void TcpWire::step() {
  // What arrives goes before timers of the same time.
  int side = -1;
  sim::Time next = sim::min(stacks_[0].next_timer(), stacks_[1].next_timer());
  for (const int i : {1, 0}) {
    if (flying_[i].empty() || flying_[i].front().arrives > next) continue;
    next = flying_[i].front().arrives;
    side = i;
  }
  sim::ensure(next != sim::Time::never(), "validation: nothing happens any more");
  now_ = sim::max(now_, next);
  if (side < 0) {
    for (toe::Stack& s : stacks_) s.on_timer(now_);
    watch_recovery();
    pump(0);
    pump(1);
    return;
  }
  const toe::Segment segment = flying_[side].front().segment;
  flying_[side].pop_front();
  stacks_[1 - side].input(segment, now_);
  if (side == 1) watch_recovery();
  pump(static_cast<unsigned>(1 - side));
}

/// Recovery ends when all is acknowledged that had been sent when it began (RFC 6675 section 5).
void TcpWire::watch_recovery() {
  const auto view = stacks_[0].view(0);
  if (!recovering_) {
    const double span = (now_ - since_).seconds();
    integral_ += span * static_cast<double>(cwnd_);
    open_time_ += span;
  }
  since_ = now_;
  cwnd_ = view->cwnd;
  if (recovering_ && view->snd_una >= recover_) recovering_ = false;
  const std::uint64_t recoveries = view->fast_retransmits + view->timeouts;
  if (recoveries != recoveries_) {
    recovering_ = true;
    unnoticed_ = false;
    recover_ = view->snd_nxt;
  }
  recoveries_ = recoveries;
}

/// Under a law without recovery: first transmissions whose acknowledgement finds the window
/// growing.
bool TcpWire::counts(const toe::Segment& segment) {
  const toe::Seq end = segment.seq + segment.length;
  const bool is_new = sent_ == 0 || end > sent_end_;
  if (is_new) sent_end_ = end;
  return !wire_.recovery_apart || (is_new && !unnoticed_);
}

void TcpWire::pump(unsigned side) {
  while (const auto plan = stacks_[side].next(now_)) {
    if (const auto segment = stacks_[side].emit(*plan, now_)) send(side, *segment);
  }
}

void TcpWire::send(unsigned side, toe::Segment segment) {
  sim::Time leaves = now_;
  if (side == 0 && segment.length > 0) {
    first_sent_ = sim::min(first_sent_, now_);
    if (wire_.gbps > 0) {
      const auto size = segment.length + kHeaders + (segment.has_timestamps ? kTimestamps : 0);
      line_free_ = sim::max(line_free_, now_) + sim::BitRate::gbps(wire_.gbps).time_for(size);
      leaves = line_free_;
    }
    if (counts(segment) && wire_.lost(++sent_)) {
      ++losses_;
      unnoticed_ = true;
      return;
    }
  }
  std::swap(segment.tuple.local_ip, segment.tuple.remote_ip);
  std::swap(segment.tuple.local_port, segment.tuple.remote_port);
  flying_[side].push_back({leaves + sim::Time::from_ps(wire_.round_trip.ps / 2), segment});
}

}  // namespace vctoe::validation
