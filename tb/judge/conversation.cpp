#include "tb/judge/conversation.h"

#include <algorithm>

namespace vctoe::judge {
namespace {

constexpr std::uint16_t kDefaultMss = 536;  // RFC 9293 MUST-15
constexpr std::uint8_t kLargestScale = 14;  // RFC 7323 2.3
constexpr unsigned kMostHeard = 64;         // segments that come before the first is answered

std::string range_text(Place begin, Place end) {
  return "[" + std::to_string(begin) + ", " + std::to_string(end) + ")";
}

/// a is later than b (RFC 7323 4.3).
bool later(std::uint32_t a, std::uint32_t b) {
  return static_cast<std::int32_t>(a - b) > 0;
}

}  // namespace

Conversation::Conversation(const Packet& first, const Expectations& expected,
                           std::vector<Finding>& out)
    : expected_(expected), out_(out) {
  sides_[0].at = first.from;
  sides_[1].at = first.to;
}

void Conversation::report(Rule rule, const Packet& p, std::string detail) {
  if (expected_.allowed.count(rule) != 0) return;
  if (expected_.only && *expected_.only != p.from.ip) return;
  out_.push_back({rule, p.frame, to_string(p.from), std::move(detail)});
}

bool Conversation::is_new_syn(const Packet& p) const {
  if (!p.has(kSyn) || p.has(kAck) || p.has(kRst)) return false;
  const Side& me = sides_[p.from == sides_[0].at ? 0 : 1];
  if (partial_) return true;
  return me.syn && (me.sent.isn() != p.seq || ended());
}

bool Conversation::ended() const {
  return reset_ || (sides_[0].fin >= 0 && sides_[1].fin >= 0);
}

bool Conversation::over() const {
  return ended() || (!whole() && !partial_);
}

void Conversation::see(const Packet& p) {
  ++frames_;
  Side& me = sides_[p.from == sides_[0].at ? 0 : 1];
  Side& peer = sides_[&me == &sides_[0] ? 1 : 0];
  if (p.options.bad) report(Rule::kOptionLength, p);
  if (p.has(kRst)) {
    if (expected_.no_resets) report(Rule::kReset, p);
    reset_ = true;
    return;
  }
  if (p.has(kSyn)) {
    see_syn(me, peer, p);
  } else {
    if (p.options.mss || p.options.scale || p.options.sack_permitted) {
      report(Rule::kOptionPlace, p);
    }
    if (!me.syn || !peer.syn) begin_unseen(me, peer, p);
    if (!p.has(kAck)) report(Rule::kNoAckFlag, p);
  }
  see_timestamps(me, peer, p);
  const bool astray = p.length > 0 && me.sent.place(p.seq) != me.sent.contiguous();
  if (p.length > 0) see_payload(me, peer, p);
  if (p.has(kFin)) see_fin(me, p);
  if (p.has(kAck) && (peer.syn || partial_)) {
    see_sack(me, peer, p);
    see_ack(me, peer, p);
  }
  see_repetition(me, peer, p, astray);
}

/// A capture that begins in the middle: both streams begin with what is seen first.
void Conversation::begin_unseen(Side& me, Side& peer, const Packet& p) {
  partial_ = true;
  const auto begin = [](Side& side, std::uint32_t first) {
    if (side.sent.highest() != 0) return;
    side.sent.begin(first - 1);
    side.sent.add_mark(0);
  };
  begin(me, p.seq);
  if (p.has(kAck)) begin(peer, p.ack);
}

void Conversation::see_syn(Side& me, const Side& peer, const Packet& p) {
  if (me.syn && me.sent.isn() != p.seq) return;  // another connection, judged when it is answered
  me.sent.begin(p.seq);
  me.sent.add_mark(0);
  me.syn = true;
  me.mss = p.options.mss;
  me.scale = p.options.scale;
  me.sack_permitted = p.options.sack_permitted;
  me.timestamps = p.options.timestamps;
  if (p.options.scale && *p.options.scale > kLargestScale) report(Rule::kScaleLarge, p);
  if (p.has(kAck) && p.options.scale && peer.syn && !peer.scale) {
    report(Rule::kScaleUnasked, p);
  }
  if (p.has(kAck) && p.options.timestamps && peer.syn && !peer.timestamps) {
    report(Rule::kTimestampNotAgreed, p);
  }
}

void Conversation::see_payload(Side& me, const Side& peer, const Packet& p) {
  const Place at = me.sent.place(p.seq) + (p.has(kSyn) ? 1 : 0);
  const Place end = at + p.length;
  const std::uint32_t mss = peer.mss.value_or(kDefaultMss);
  if (peer.syn && p.length + p.option_bytes > mss) {
    report(Rule::kAboveMss, p,
           std::to_string(p.length) + " + " + std::to_string(p.option_bytes) + " above " +
               std::to_string(mss));
  }
  // One byte is a probe of a shut window.
  const bool probe = p.length == 1 && peer.window == 0 && end <= peer.latest_edge + 1;
  if (peer.acked && whole() && end > peer.edge && !probe) {
    report(Rule::kBeyondWindow, p,
           "to " + std::to_string(end) + ", offered " + std::to_string(peer.edge));
  }
  if (me.fin >= 0 && end > me.fin) report(Rule::kDataAfterFin, p);
  if (!me.sent.add(at, p.payload, p.captured, p.length)) {
    report(Rule::kOtherBytes, p, range_text(at, end));
  }
}

void Conversation::see_fin(Side& me, const Packet& p) {
  const Place at = me.sent.place(p.seq) + (p.has(kSyn) ? 1 : 0) + p.length;
  const bool moved = me.fin >= 0 && me.fin != at;
  const bool behind = me.fin < 0 && at < me.sent.highest();
  if (moved || behind) {
    report(Rule::kDataAfterFin, p, "FIN at " + std::to_string(at));
    return;
  }
  me.fin = at;
  me.sent.add_mark(at);
}

void Conversation::see_ack(Side& me, const Side& peer, const Packet& p) {
  const Place ack = peer.sent.place(p.ack);
  if (ack > peer.sent.highest()) {
    report(Rule::kAckUnsent, p,
           std::to_string(ack) + ", sent " + std::to_string(peer.sent.highest()));
    return;
  }
  if (ack > peer.sent.contiguous()) {
    report(Rule::kAckMissing, p,
           std::to_string(ack) + ", seen " + std::to_string(peer.sent.contiguous()));
  }
  if (me.acked && ack < me.ack && ordered(me)) {
    report(Rule::kAckBackwards, p, std::to_string(ack) + " after " + std::to_string(me.ack));
  }
  see_window(me, ack, p);
  me.ack = me.acked ? std::max(me.ack, ack) : ack;
  me.acked = true;
}

void Conversation::see_window(Side& me, Place ack, const Packet& p) {
  const bool scaled = sides_[0].scale && sides_[1].scale && !p.has(kSyn);
  const unsigned shift = scaled ? std::min(*me.scale, kLargestScale) : 0;
  const Place edge = ack + (static_cast<Place>(p.window) << shift);
  // What cannot be written in units of the scale may go back by less than one (RFC 7323 2.4).
  const Place unit = whole() && sides_[0].scale && sides_[1].scale
                         ? Place{1} << std::min(*me.scale, kLargestScale)
                         : Place{1};
  if (me.acked && whole() && ordered(me) && edge + unit <= me.latest_edge) {
    report(Rule::kWindowShrunk, p,
           "to " + std::to_string(edge) + " from " + std::to_string(me.latest_edge));
  }
  me.latest_edge = edge;
  me.edge = me.acked ? std::max(me.edge, edge) : edge;
  me.window = p.window;
}

void Conversation::see_sack(const Side& me, const Side& peer, const Packet& p) {
  const Options& o = p.options;
  if (o.sack_blocks == 0) return;
  if (whole() && !(me.sack_permitted && peer.sack_permitted)) report(Rule::kSackNotAgreed, p);
  const Place ack = peer.sent.place(p.ack);
  for (std::size_t i = 0; i < o.sack_blocks; ++i) {
    const Place left = peer.sent.place(o.sack[i].left);
    const Place right = peer.sent.place(o.sack[i].right);
    const bool duplicate = i == 0 && right <= ack;
    if (right <= left || (left < ack && !duplicate)) {
      report(Rule::kSackOrder, p,
             range_text(left, right) + ", acknowledged " + std::to_string(ack));
    } else if (!peer.sent.covers(left, right) && !(partial_ && left < 1)) {
      report(Rule::kSackUnsent, p, range_text(left, right));
    }
  }
}

void Conversation::see_timestamps(Side& me, const Side& peer, const Packet& p) {
  const Options& o = p.options;
  if (whole() && !p.has(kSyn)) {
    const bool agreed = me.timestamps && peer.timestamps;
    if (agreed && !o.timestamps) report(Rule::kTimestampMissing, p);
    if (!agreed && o.timestamps) {
      report(Rule::kTimestampNotAgreed, p);
      return;
    }
  }
  if (!o.timestamps) return;
  if (me.ts_seen && ordered(me) && later(me.ts_value, o.ts_value)) {
    report(Rule::kTimestampBackwards, p,
           std::to_string(o.ts_value) + " after " + std::to_string(me.ts_value));
  }
  if (p.has(kAck) && peer.ts_seen && later(o.ts_echo, peer.ts_value)) {
    report(Rule::kTimestampEcho, p,
           std::to_string(o.ts_echo) + ", sent " + std::to_string(peer.ts_value));
  }
  if (!me.ts_seen || later(o.ts_value, me.ts_value)) me.ts_value = o.ts_value;
  me.ts_seen = true;
}

/// Only of the host at which was captured: of the other one it is not known what had arrived there.
/// Each segment that is `astray`, out of order or old, has an answer of its own (RFC 5681 4.2): of
/// several that came at once all answers may have the same words.
void Conversation::see_repetition(Side& me, Side& peer, const Packet& p, bool astray) {
  peer.heard = astray ? std::min(peer.heard + 1, kMostHeard) : std::max(peer.heard, 1u);
  const bool pure = p.length == 0 && (p.flags & (kSyn | kFin | kAck)) == kAck;
  // A probe stands one below what would be sent next.
  if (!pure || !expected_.is_local(me.at.ip) || me.sent.place(p.seq) < me.sent.highest()) return;
  AckWords words{p.seq, p.ack, p.window, {}};
  for (std::size_t i = 0; i < p.options.sack_blocks; ++i) {
    words.sack.push_back(p.options.sack[i].left);
    words.sack.push_back(p.options.sack[i].right);
  }
  if (me.pure_ack && *me.pure_ack == words && me.heard == 0) report(Rule::kAckRepeated, p);
  if (me.heard > 0) --me.heard;
  me.pure_ack = std::move(words);
}

}  // namespace vctoe::judge
