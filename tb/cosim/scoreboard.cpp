#include "tb/cosim/scoreboard.h"

#include <algorithm>

namespace vctoe::cosim {

void Scoreboard::accepted(const WalkBeat& beat, std::uint64_t cycle) {
  Walk& walk = walks_[beat.txn];
  walk = {};
  walk.beat = beat;
  walk.accepted = cycle;
  expect(walk);
  look_ahead(walk);
  auto& pages = reachable_[beat.connection];
  for (const auto address : walk.needs) pages.insert({beat.asid, address / 4096});
  for (const auto address : walk.ahead) {
    pages.insert({beat.asid, address / 4096});
    ahead_[beat.connection].insert({beat.asid, address});
  }
  order_[beat.connection].push_back(beat.txn);
  global_.push_back(beat.txn);
}

void Scoreboard::expect(Walk& walk) const {
  ReferenceWalk reference(config_, walk.beat);
  while (!reference.over()) {
    const std::uint64_t at = reference.wanted();
    const auto read = memory_.at(walk.beat.asid, at);
    if (bad_pages_.count({walk.beat.asid, at / 4096}) != 0) {
      reference.fail(kUnresolvable);
    } else if (read.broken) {
      reference.fail(kBadCompletion);
    } else {
      reference.take(read.raw);
    }
  }
  walk.expected = reference.beats();
  walk.visited = reference.visited();
  walk.needs.insert(walk.visited.begin(), walk.visited.end());
}

/// Records up to `prefetch` behind one that the walk takes bytes from.
void Scoreboard::look_ahead(Walk& walk) const {
  const WalkBeat& b = walk.beat;
  const std::uint64_t from = static_cast<std::uint32_t>(b.sequence - b.first_sequence);
  std::uint64_t before = 0, at = b.head;
  std::size_t index = 0, allowed = 0;
  while (at != 0 && at % 32 == 0) {
    if (index > 0 && index <= allowed) walk.ahead.insert(at);
    if (index >= walk.visited.size() && index >= allowed) return;
    const RawRecord raw = memory_.at(b.asid, at).raw;
    const std::uint32_t size =
        ReferenceWalk::size_of(raw, static_cast<std::uint32_t>(b.first_sequence + before), b);
    const bool taken = before < from + b.length && before + size > from;
    if (index < walk.visited.size() && taken) allowed = index + config_.prefetch;
    before += size;
    at = ReferenceWalk::link_of(raw, at);
    ++index;
  }
}

Walk& Scoreboard::output(const OutBeat& beat, const std::uint32_t* leaving) {
  const auto found = walks_.find(beat.txn);
  if (found == walks_.end() || found->second.over) {
    const bool cancelled = found != walks_.end() && found->second.cancelled;
    throw Failure(
        cancelled ? "out: of a walk that was cancelled" : "out: of a walk that is not in progress",
        "nothing", nic::text_of(beat));
  }
  Walk& walk = found->second;
  const std::uint32_t first = order_.at(walk.beat.connection).front();
  if (first != beat.txn) {
    throw Failure("out: before an earlier walk of the connection is over",
                  fmt::format("txn={:x}", first), nic::text_of(beat));
  }
  const std::uint32_t oldest =
      *std::find_if(global_.begin(), global_.end(), [&](std::uint32_t txn) {
        return leaving == nullptr || walks_.at(txn).beat.connection != *leaving || txn == beat.txn;
      });
  if (config_.ordered != 0 && oldest != beat.txn) {
    throw Failure("out: before an earlier walk is over, though in order",
                  fmt::format("txn={:x}", oldest), nic::text_of(beat));
  }
  const OutBeat& expected = walk.expected[walk.seen];
  const bool same = same_beat(expected, beat);
  if (!same && !excused(walk, beat)) {
    throw Failure("out: not what the list says", nic::text_of(expected), nic::text_of(beat));
  }
  if (beat.kind != nic::kOutBlock && walk.must != kNoFault &&
      (beat.code != walk.must || beat.address != walk.must_address)) {
    throw Failure("out: a read of this walk failed",
                  fmt::format("code={} address={:x}", fault_name(walk.must), walk.must_address),
                  nic::text_of(beat));
  }
  ++walk.seen;
  if (beat.kind != nic::kOutBlock) end(walk);
  return walk;
}

/// A fault that an answer by chance explains, and that the walk may have.
bool Scoreboard::excused(const Walk& walk, const OutBeat& beat) const {
  if (beat.kind != nic::kOutFault || walk.needs.count(beat.address) == 0) return false;
  OutBeat plain;
  plain.kind = beat.kind, plain.txn = beat.txn, plain.connection = walk.beat.connection;
  plain.address = beat.address, plain.code = beat.code;
  if (!same_beat(plain, beat)) return false;
  return std::any_of(excuses_.begin(), excuses_.end(), [&](const Excuse& e) {
    const bool there = e.code == kUnresolvable ? e.address / 4096 == beat.address / 4096
                                               : e.address == beat.address;
    return e.code == beat.code && e.asid == walk.beat.asid && there && e.cycle >= walk.accepted;
  });
}

void Scoreboard::end(Walk& walk) {
  walk.over = true;
  order_.at(walk.beat.connection).pop_front();
  global_.erase(std::find(global_.begin(), global_.end(), walk.beat.txn));
}

Walk& Scoreboard::fetch(const FetchBeat& beat, std::uint64_t record, bool pending) {
  const auto found = walks_.find(beat.txn);
  if (found == walks_.end()) throw Failure("fetch: of no walk", "", nic::text_of(beat));
  Walk& walk = found->second;
  if (beat.connection != walk.beat.connection || beat.asid != walk.beat.asid) {
    throw Failure("fetch: not of the walk's connection",
                  fmt::format("connection={:x} asid={:x}", walk.beat.connection, walk.beat.asid),
                  nic::text_of(beat));
  }
  if (walk.cancelled && !pending) {
    throw Failure("fetch: for a walk that was cancelled", "nothing", nic::text_of(beat));
  }
  if (beat.prefetch == 0 && !pending && (walk.over || walk.needs.count(record) == 0)) {
    throw Failure("fetch: of a record that the walk does not need",
                  walk.over ? "nothing, it is over" : "a record on its way", nic::text_of(beat));
  }
  // Another walk of the connection may have made the chain longer that this one began.
  if (beat.prefetch != 0 && !pending && loose_.count(beat.connection) == 0 &&
      ahead_[beat.connection].count({beat.asid, record}) == 0) {
    throw Failure(fmt::format("fetch: record {:x} is not to be read ahead", record), "",
                  nic::text_of(beat));
  }
  (beat.prefetch != 0 ? walk.prefetched : walk.fetched).insert(record);
  return walk;
}

void Scoreboard::node(const PageName& page, std::uint32_t connection) const {
  const auto in = [&](const auto& pages) {
    const auto found = pages.find(connection);
    return found != pages.end() && found->second.count(page) != 0;
  };
  if (loose_.count(connection) != 0 || in(reachable_) || in(left_)) return;
  throw Failure(
      "node: a page that the connection does not need", "",
      fmt::format("connection={:x} asid={:x} page={:x}", connection, page.first, page.second));
}

void Scoreboard::cancel(std::uint32_t connection) {
  for (const std::uint32_t txn : order_[connection]) {
    Walk& walk = walks_.at(txn);
    walk.over = true;
    ++cancelled_;
    global_.erase(std::find(global_.begin(), global_.end(), txn));
  }
  order_[connection].clear();
  // A request for a page may be on its way; who it was for does not matter to the host.
  left_[connection].merge(reachable_[connection]);
  reachable_.erase(connection);
  ahead_.erase(connection);
  for (auto& [txn, walk] : walks_) {
    if (walk.beat.connection == connection) walk.cancelled = true;
  }
}

void Scoreboard::moved(std::uint32_t connection) {
  loose_.insert(connection);
}

void Scoreboard::reset() {
  walks_.clear();
  order_.clear();
  global_.clear();
  reachable_.clear();
  left_.clear();
  ahead_.clear();
  loose_.clear();
  excuses_.clear();
  cancelled_ = 0;
}

void Scoreboard::excuse(std::uint32_t code, std::uint32_t asid, std::uint64_t address,
                        std::uint64_t cycle) {
  excuses_.push_back({code, asid, address, cycle});
}

const std::deque<std::uint32_t>* Scoreboard::open(std::uint32_t connection) const {
  const auto found = order_.find(connection);
  return found == order_.end() || found->second.empty() ? nullptr : &found->second;
}

Walk* Scoreboard::find(std::uint32_t txn) {
  const auto found = walks_.find(txn);
  return found == walks_.end() ? nullptr : &found->second;
}

}  // namespace vctoe::cosim
