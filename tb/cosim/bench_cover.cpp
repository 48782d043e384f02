// What a run has shown, for the functional coverage.
#include <algorithm>

#include "tb/cosim/bench.h"

namespace vctoe::cosim {
namespace {

const char* depth_class(std::uint32_t n) {
  return n == 0 ? "0" : n == 1 ? "1" : n <= 4 ? "2-4" : n <= 16 ? "5-16" : "17-64";
}

const char* length_class(std::size_t n) {
  return n == 1    ? "list of 1"
         : n == 2  ? "list of 2"
         : n <= 8  ? "list of 3-8"
         : n <= 32 ? "list of 9-32"
                   : "list of 33 or more";
}

/// Where the sequence numbers of the walk's list begin again at 0.
const char* wrap_of(const Walk& walk, std::uint32_t list_bytes) {
  const WalkBeat& b = walk.beat;
  const std::uint32_t wrap = 0u - b.first_sequence;
  const std::uint64_t from = b.sequence - b.first_sequence;
  if (wrap == 0 || wrap >= list_bytes) return "none";
  if (wrap < from) return "before the walk";
  if (wrap == from) return "at its begin";
  if (wrap >= from + b.length) return "behind it";
  const bool bound = std::any_of(walk.expected.begin(), walk.expected.end(), [](const OutBeat& o) {
    return o.kind == nic::kOutBlock && o.sequence == 0;
  });
  return bound ? "between blocks" : "inside a block";
}

const char* kind_name(std::uint32_t kind) {
  static constexpr const char* kNames[] = {"block", "node", "release", "fault", "done"};
  return kNames[kind % 5];
}

}  // namespace

void Bench::cover_setup() {
  if (options_.coverage == nullptr) return;
  const Traffic& t = s_.traffic;
  const auto valid = [&](const char* port, Pattern p) {
    cover(fmt::format("{} valid: {}", port,
                      pattern_name(p == Pattern::kLazy ? Pattern::kRandom : p)));
  };
  valid("walk", t.walk), valid("fill", t.fill), valid("inv", t.invalidate);
  valid("cancel", t.cancel), valid("rsp", t.completion);
  cover(fmt::format("fetch ready: {}", pattern_name(t.fetch)));
  cover(fmt::format("out ready: {}", pattern_name(t.out)));
  cover(fmt::format("memory: {}", order_name(t.order)));
  const WalkerConfig& c = s_.config;
  cover(c.ordered != 0 ? "mode: ordered" : "mode: tagged");
  cover(c.split != 0 ? "mode: split at pages" : "mode: whole");
  cover(t.gate_clock ? "mode: clock gated" : "mode: clock free");
  const Limits& l = limits(s_.set);
  if (c.engines < l.engines || c.walks < l.walks) cover("mode: fewer engines or walks");
}

void Bench::cover_cycle() {
  if (options_.coverage == nullptr) return;
  if (in_.walk.valid && !out_.walk_ready) cover("stalled: walk");
  if (in_.invalidate.valid && !out_.invalidate_ready) cover("stalled: inv");
  if (in_.cancel.valid && !out_.cancel_ready) cover("stalled: cancel");
  if (out_.fetch.valid && !in_.fetch_ready) {
    cover(out_.fetch.beat.prefetch != 0 ? "stalled: fetch ahead" : "stalled: fetch");
  }
  if (out_.out.valid && !in_.out_ready) {
    cover(fmt::format("stalled: {}", kind_name(out_.out.beat.kind)));
  }
  const std::uint32_t active = out_.busy - out_.queue;
  if (active != last_active_) {
    last_active_ = active;
    if (active > s_.config.engines) {
      cover("in progress: more than engines");
    } else {
      cover(fmt::format("in progress: {}", active));
    }
  }
  if (out_.queue == s_.config.queue && in_.walk.valid) cover("all in use: queue");
  if (reads_.out().size() == s_.config.tags) cover("all in use: tags");
  if (pages_.in_use() == s_.config.pages) cover("all in use: pages");
}

/// What the walker is doing for a connection, as far as its pins tell.
std::string Bench::phase_of(std::uint32_t connection) const {
  const auto its = [&](const Fetching& f) { return f.beat.connection == connection; };
  const bool fetching = std::any_of(reads_.out().begin(), reads_.out().end(), its);
  if (output_.stalled() && out_.out.valid && out_.out.beat.connection == connection) {
    return "output offered";
  }
  if (out_.fetch.valid && out_.fetch.beat.connection == connection) return "fetch offered";
  const auto* open = board_.open(connection);
  if (open == nullptr) return fetching ? "read ahead" : "idle";
  const Walk& walk = *board_.find(open->front());
  if (fetching) return "fetch out";
  if (walk.blocks() > 0) return "between blocks";
  for (const auto address : walk.needs) {
    if (pages_.asked({walk.beat.asid, address / 4096})) return "waits for a page";
  }
  return board_.open() > s_.config.walks ? "queued" : "started";
}

void Bench::cover_cancel(std::uint32_t connection) {
  if (options_.coverage == nullptr) return;
  cover("cancel: " + phase_of(connection));
  const auto* open = board_.open(connection);
  if (open != nullptr && open->size() > 1) cover("cancel: queued");
}

void Bench::cover_reset() {
  if (options_.coverage == nullptr) return;
  for (const ListSpec& list : s_.lists) {
    cover("reset: " + phase_of(list.connection));
    const auto* open = board_.open(list.connection);
    if (open != nullptr && open->size() > 1) cover("reset: queued");
  }
}

void Bench::cover_accepted(const Walk& walk) {
  if (options_.coverage == nullptr) return;
  const WalkBeat& b = walk.beat;
  const std::uint32_t bytes = b.end_sequence - b.first_sequence;
  cover(fmt::format("wrap: {}", wrap_of(walk, bytes)));
  std::uint32_t& next = next_sequence_[{b.connection, b.head}];
  if (next != 0) {
    const auto distance = static_cast<std::int32_t>(b.sequence - next);
    cover(distance == 0 ? "walk: in sequence" : distance < 0 ? "walk: goes back" : "walk: skips");
  }
  next = b.sequence + b.length;
  if (faulted_.count(b.connection) != 0) cover("walk: behind a fault");
  if (rewritten_.count(b.connection) != 0) cover("walk: again after a rewrite");
  for (const ListSpec& list : s_.lists) {
    if (list.head == b.head && list.connection == b.connection && !list.records.empty()) {
      cover(fmt::format("prefetch {}: {}", depth_class(s_.config.prefetch),
                        length_class(list.records.size())));
    }
  }
  for (const std::uint64_t at : walk.visited) {
    const RawRecord raw = memory_.at(b.asid, at).raw;
    if (raw.version == 0)
      cover(raw.flags == 0 ? "record: version 0" : "record: version 0 with flags");
    if (raw.version == 1) {
      const unsigned flags = raw.flags & 3u;
      cover(flags == 0   ? "record: version 1"
            : flags == 1 ? "record: adjacent"
            : flags == 2 ? "record: fixed size"
                         : "record: fixed size and adjacent");
    }
    if (at >> 63 != 0) cover("record: high address");
    if ((raw.virtual_address & 0xffff'ffff) + raw.offset > 0xffff'ffff) {
      cover("record: offset carries");
    }
  }
}

void Bench::cover_walk(const Walk& walk, const OutBeat& last) {
  if (options_.coverage == nullptr) return;
  for (std::size_t i = 0; i < walk.seen; ++i) {
    const OutBeat& o = walk.expected[std::min(i, walk.expected.size() - 1)];
    if (o.kind != nic::kOutBlock) continue;
    if (o.length == 1) cover("block: one byte");
    if (o.length == s_.config.granularity) cover("block: of the granularity");
    if ((o.address + o.length) % 4096 == 0) cover("block: ends at a page");
    if (o.length < s_.config.granularity && o.last == 0) cover("block: ends with the record");
    if (o.last != 0) cover("block: last");
    if (o.retransmit != 0) cover("block: of a retransmission");
  }
  if (last.kind != nic::kOutFault) return;
  faulted_.insert(walk.beat.connection);
  const std::string fault = std::string("fault ") + fault_name(last.code) + ": ";
  // A bound or an end is met behind the first record, though it may be named by it.
  const bool first = walk.visited.size() <= 1 && last.code != kRange && last.code != kTooLong &&
                     (last.code != kMisaligned || walk.visited.empty());
  cover(fault + (walk.seen > 1 ? "after blocks"
                 : first       ? "at the first record"
                               : "at a later record"));
  const bool read = last.code == kZeroSize || last.code == kSequenceGap || last.code == kVersion;
  if (!read && last.code != kBadCompletion) return;
  const bool fetched = walk.fetched.count(last.address) != 0;
  // Neither what failed nor what begins elsewhere is kept: it was on its way.
  const bool ahead = walk.prefetched.count(last.address) != 0 || last.code == kBadCompletion ||
                     last.code == kSequenceGap;
  cover(fault + (fetched ? "fetched" : ahead ? "read ahead" : "cached"));
}

}  // namespace vctoe::cosim
