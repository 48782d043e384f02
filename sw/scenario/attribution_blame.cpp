// From the stages of the connections to the part that is to blame.
#include <algorithm>

#include "models/sim/error.h"
#include "sw/scenario/attribution.h"

namespace vctoe::scenario {

using outputs::TimePart;

/// Of all connections; kCount when there is none.
Stage Attribution::nearest() const {
  const auto first = std::find_if(count_.begin(), count_.end(), [](auto n) { return n != 0; });
  return static_cast<Stage>(first - count_.begin());
}

/// Books the time since the last event, in which nothing has changed.
void Attribution::settle(sim::Time now) {
  const Stage stage = nearest();
  if (stage == Stage::kOnLine && flowing_ && !setup_.sender_copies) {  // mostly
    spent_[static_cast<std::size_t>(TimePart::kWire)] += now - now_;
    now_ = now;
    return;
  }
  const bool held = stage == Stage::kHeld || stage == Stage::kHeldByPeer;
  const bool reading = stage == Stage::kReading && !setup_.sender_copies;
  // What goes on for a known time and then no more.
  const sim::Time until = reading ? link_free_ : held ? unit_free_ : now_;
  if (until > now_) {
    const sim::Time end = sim::min(until, now);
    blame(reading ? TimePart::kPcie : TimePart::kWalker, now_, end);
    now_ = end;
  }
  if (now > now_) blame(part_of(stage), now_, now);
  now_ = now;
}

void Attribution::blame(TimePart part, sim::Time from, sim::Time to) {
  const bool under_way = setup_.sender_copies && nearest() == Stage::kOnLine;
  under_way_ = under_way ? under_way_ + (to - from) : sim::Time::zero();
  if (flowing_) {
    spent_[static_cast<std::size_t>(part)] += to - from;
    return;
  }
  if (!before_.empty() && before_.back().part == part) {
    before_.back().to = to;
  } else {
    before_.push_back({from, to, part});
  }
}

void Attribution::line_took(sim::Time now, sim::Time span) {
  if (now != now_) settle(now);
  // Several lines may work at once: no time is the wire's twice.
  const sim::Time share = sim::min(sim::min(span, under_way_), host_just_now());
  under_way_ -= share;
  if (!flowing_) {
    if (share == sim::Time::zero()) return;
    before_.back().to -= share;
    before_.push_back({now - share, now, TimePart::kWire});
    return;
  }
  spent_[static_cast<std::size_t>(TimePart::kHost)] -= share;
  spent_[static_cast<std::size_t>(TimePart::kWire)] += share;
}

/// What can be taken from the host's time.
sim::Time Attribution::host_just_now() const {
  if (flowing_) return spent_[static_cast<std::size_t>(TimePart::kHost)];
  if (before_.empty() || before_.back().part != TimePart::kHost) return sim::Time::zero();
  return before_.back().to - before_.back().from;
}

TimePart Attribution::part_of(Stage stage) const {
  switch (stage) {
    case Stage::kOnLine:
      return setup_.sender_copies ? TimePart::kHost : TimePart::kWire;
    case Stage::kReady:
      return TimePart::kWire;
    case Stage::kAgainOnLine:
    case Stage::kHeldByLoss:
      return TimePart::kLossRecovery;
    case Stage::kReading:
      return reading_part();
    case Stage::kPageRequest:
    case Stage::kServed:
      return reading_.empty() ? TimePart::kHost : TimePart::kSwapIn;
    case Stage::kNoBuffer:
    case Stage::kNoRoom:
      return TimePart::kPacketBuffer;
    case Stage::kHeldByPeer:
      return peer_part();
    case Stage::kSwapIn:
      return TimePart::kSwapIn;
    case Stage::kPinning:
      return TimePart::kPinning;
    case Stage::kAsked:
    case Stage::kUntaken:
      return TimePart::kHost;
    case Stage::kWalking:
      return walk_part();
    case Stage::kLimited:
      return walks_ > 0 ? TimePart::kWalker : TimePart::kWindow;
    case Stage::kHeld:
    case Stage::kCopyRing:
      return TimePart::kWindow;
    case Stage::kFlightLoss:
      return tail_part(TimePart::kLossRecovery, TimePart::kWire);
    case Stage::kFlight:
      return tail_part(TimePart::kWire, TimePart::kWire);
    case Stage::kQuiet:
      return tail_part(TimePart::kApplication, TimePart::kApplication);
    default:
      return nobody_part();
  }
}

/// The link idles while the bytes are read: what keeps the reads behind them off it?
TimePart Attribution::reading_part() const {
  if (setup_.sender_copies) return TimePart::kHost;
  if (limits_ > 0) return TimePart::kDmaTags;
  return buffer_waits_ > 0 ? TimePart::kPacketBuffer : TimePart::kPcie;
}

/// A walk goes on, unless it waits for a page of records.
TimePart Attribution::walk_part() const {
  if (nodes_asked_ == 0) return TimePart::kWalker;
  for (const auto& [txn, work] : nodes_) {
    const Stage stage = work.stage();
    if (stage == Stage::kSwapIn || stage == Stage::kPinning) return part_of(stage);
  }
  return TimePart::kHost;
}

/// The receive window is closed: because it is too small for the round trip, or because at least
/// half of it is full of bytes that nobody reads.
TimePart Attribution::peer_part() const {
  if (2 * (received_ - std::min(received_, consumed_)) < windows_) return TimePart::kWindow;
  return read_ > consumed_ ? TimePart::kApplication : TimePart::kHost;
}

/// How far the last byte has got on its way to the receiving application.
TimePart Attribution::tail_part(TimePart on_the_way, TimePart delivered) const {
  if (received_ < sent_) return on_the_way;
  if (read_ > consumed_) return TimePart::kApplication;
  if (written_ < received_) return setup_.receiver_copies ? TimePart::kHost : TimePart::kPcie;
  return read_ < received_ ? TimePart::kHost : delivered;
}

/// No connection: not yet posted, or closed before everything was read.
TimePart Attribution::nobody_part() const {
  if (sent_ != 0) return tail_part(TimePart::kWire, TimePart::kApplication);
  return opening_.empty() ? TimePart::kHost : TimePart::kWire;
}

PartTimes Attribution::divide(sim::Time first, sim::Time last) const {
  sim::ensure(settled_at_ == last, "attribution: the last byte was delivered at another time");
  PartTimes parts = settled_;
  for (const Span& span : before_) {
    const sim::Time from = sim::max(span.from, first);
    if (from < span.to) parts[static_cast<std::size_t>(span.part)] += span.to - from;
  }
  sim::Time sum;
  for (const sim::Time t : parts) sum += t;
  sim::ensure(sum == last - first, "attribution: the parts do not add up to the elapsed time");
  return parts;
}

}  // namespace vctoe::scenario
