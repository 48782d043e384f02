#include "models/nic/toe/receiver.h"

#include <algorithm>

namespace vctoe::toe {

namespace {
constexpr std::uint32_t kMostRepeats = 64;  // more duplicates tell the peer nothing
}  // namespace

void Receiver::begin(Seq irs) {
  irs_ = irs;
  nxt_ = kFirstByte;
}

void Receiver::establish(bool sack, std::uint8_t shift, std::uint32_t mss) {
  sack_ = sack;
  shift_ = shift;
  mss_ = std::min<std::uint32_t>(mss, mss_);
}

bool Receiver::acceptable(std::int64_t begin, std::uint32_t length) const {
  const auto left = static_cast<std::int64_t>(nxt_);
  const auto right = static_cast<std::int64_t>(nxt_ + window());
  if (length == 0) return left <= begin && begin <= right;
  return begin < right && begin + length > left;
}

const std::vector<Interval>& Receiver::take(std::int64_t from, std::uint32_t length,
                                            sim::Time now) {
  fresh_.clear();
  // Positions before the SYN are negative: an old connection's.
  const Pos begin = static_cast<Pos>(std::max<std::int64_t>(from, kFirstByte));
  const Pos whole_end = static_cast<Pos>(std::max<std::int64_t>(from + length, kFirstByte));
  const Pos left = std::max(begin, nxt_);
  const Pos end = std::min(whole_end, adv_);
  if (begin < nxt_) report_duplicate(begin, std::min(whole_end, nxt_));
  if (left >= end) {
    ack_each();
    return fresh_;
  }
  if (left == nxt_ && pending_.empty()) {
    fresh_.push_back({left, end});
    in_order(end, length, false, now);
    return fresh_;
  }
  if (left > nxt_ && pending_.size() >= params_.reassembly_intervals &&
      pending_.would_split(left, end)) {
    ack_each();
    return fresh_;
  }
  pending_.add(left, end, [this](Pos b, Pos e) { fresh_.push_back({b, e}); });
  if (fresh_.empty()) report_duplicate(left, end);
  if (pending_.front().begin > nxt_) {
    remember(left);
    ack_each();
    return fresh_;
  }
  const Pos filled = pending_.front().end;
  pending_.remove_below(filled);
  in_order(filled, length, true, now);
  return fresh_;
}

/// Everything before `end` is here. Immediate if a gap was filled or enough full segments wait
/// (RFC 5681 4.2), delayed otherwise.
void Receiver::in_order(Pos end, std::uint32_t length, bool filled_gap, sim::Time now) {
  nxt_ = end;
  mss_ = std::max(mss_, length);
  unacked_ += length;
  if (filled_gap || unacked_ >= params_.delayed_ack_count * mss_) {
    at_once_ = true;
  } else if (delayed_until_ == sim::Time::never()) {
    delayed_until_ = now + params_.delayed_ack_time;
  }
}

void Receiver::grow_space(Pos edge) {
  if (edge <= space_) return;
  space_ = edge;
  largest_window_ = std::max(largest_window_, space_ - std::min(space_, nxt_));
  if (last_ack_ == 0) return;  // nothing advertised yet
  const std::uint64_t gain = space_ > adv_ ? space_ - adv_ : 0;
  const std::uint64_t buffer = std::min(largest_window_, params_.receive_buffer.n);
  // A segment of its own only if the peer may be waiting for it, or much has opened; otherwise the
  // next acknowledgement tells.
  const bool nearly_shut = window() < 2ull * mss_;
  if ((nearly_shut && gain >= opening_step()) ||
      (!clipped_ && gain >= opening_step() && gain >= buffer / 4)) {
    at_once_ = true;
  }
}

/// Least amount by which the right edge moves (RFC 9293 3.8.6.2.2).
std::uint64_t Receiver::opening_step() const {
  const std::uint64_t buffer = std::min(largest_window_, params_.receive_buffer.n);
  return std::max<std::uint64_t>(1, std::min<std::uint64_t>(mss_, buffer / 2));
}

Pos Receiver::wanted_edge() const {
  const Pos edge = std::min(space_, nxt_ + largest_offer(shift_));
  return edge >= adv_ + opening_step() || clipped_ ? std::max(edge, adv_) : adv_;
}

std::uint64_t Receiver::largest_offer(unsigned shift) const {
  return std::min(params_.receive_buffer.n, std::uint64_t{65535} << shift);
}

std::uint16_t Receiver::advertise(bool syn) {
  const unsigned shift = syn ? 0 : shift_;  // the window in a SYN is never scaled (RFC 7323 2.2)
  const Pos from =
      std::max(nxt_, kFirstByte);  // before the peer's SYN: its window begins behind it
  const Pos edge = std::max(wanted_edge(), from);
  const std::uint64_t unit = std::uint64_t{1} << shift;
  std::uint64_t field = (edge - from + unit - 1) >> shift;
  // Rounding up keeps the edge from moving back; without that much room, it may by less than a
  // unit.
  if (from + (field << shift) > std::max(space_, from)) field = (edge - from) >> shift;
  field = std::min<std::uint64_t>(field, 65535);
  clipped_ = space_ > from + largest_offer(shift);
  adv_ = std::max(adv_, from + (field << shift));
  return static_cast<std::uint16_t>(field);
}

void Receiver::ack_each() {
  repeats_ = std::min(repeats_ + 1, kMostRepeats);
}

void Receiver::ack_sent(bool pure) {
  if (pure && repeats_ > 0) --repeats_;
  at_once_ = false;
  unacked_ = 0;
  delayed_until_ = sim::Time::never();
  if (pure) duplicate_ = {};
  last_ack_ = nxt_;
}

/// The duplicate part as far as one block can name it.
void Receiver::report_duplicate(Pos begin, Pos end) {
  if (sack_ && begin < end) duplicate_ = {begin, end};
}

void Receiver::remember(Pos pos) {
  const Interval& run = pending_[pending_.first_after(pos)];
  std::size_t kept = 0;
  std::array<Pos, 8> older{};
  for (std::size_t i = 0; i < recent_count_; ++i) {
    const bool same = run.begin <= recent_[i] && recent_[i] < run.end;
    if (!same && recent_[i] >= nxt_ && kept + 1 < older.size()) older[kept++] = recent_[i];
  }
  recent_[0] = pos;
  std::copy_n(older.begin(), kept, recent_.begin() + 1);
  recent_count_ = kept + 1;
}

void Receiver::fill_sack(Segment& segment, std::size_t room) {
  if (!sack_) return;
  room = std::min(room, segment.sack.size());
  std::size_t n = 0;
  const auto put = [&](const Interval& i) {
    segment.sack[n++] = {wrap(irs_, i.begin), wrap(irs_, i.end)};
  };
  if (duplicate_.length() > 0 && room > 0) put(duplicate_);
  std::array<std::size_t, 4> used{};
  std::size_t used_count = 0;
  for (std::size_t i = 0; i < recent_count_ && n < room; ++i) {
    const std::size_t at = pending_.first_after(recent_[i]);
    const auto last = used.begin() + static_cast<std::ptrdiff_t>(used_count);
    if (at == pending_.size() || pending_[at].begin > recent_[i]) continue;
    if (std::find(used.begin(), last, at) != last) continue;
    used[used_count++] = at;
    put(pending_[at]);
  }
  segment.sack_count = static_cast<std::uint8_t>(n);
}

}  // namespace vctoe::toe
