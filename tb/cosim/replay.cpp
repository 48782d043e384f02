#include "tb/cosim/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "tb/cosim/checks.h"

namespace vctoe::cosim {
namespace {

constexpr std::uint64_t kPatience = 20'000;

bool fits(const WalkerConfig& c, const Limits& l) {
  return c.engines <= l.engines && c.walks <= l.walks && c.queue <= l.queue && c.tags <= l.tags &&
         c.pages <= l.pages && c.set_mask < l.sets && c.anchors <= l.anchors;
}

struct Recorded {
  std::uint64_t cycle = 0, line = 0;
  nic::WalkerBeat beat;
};

/// When something was asked: memory says something else only after the walker was told of it.
struct Moment {
  std::uint64_t told = 0;  ///< cancels and invalidations before
  std::uint64_t cycle = 0;
};
std::uint64_t between(std::uint64_t a, std::uint64_t b) {
  return a > b ? a - b : b - a;
}

/// Answers to one question, as they were recorded.
template <class Beat>
class Answers {
 public:
  void add(const Moment& asked, const Beat& beat) { all_.push_back({asked, false, beat}); }
  bool empty() const { return all_.empty(); }
  /// The nearest, and of those as near one not used yet.
  const Beat& take(const Moment& now) {
    const auto rank = [&](const Answer& a) {
      return std::tuple(between(a.asked.told, now.told), a.used, between(a.asked.cycle, now.cycle));
    };
    auto best = std::min_element(all_.begin(), all_.end(), [&](const Answer& a, const Answer& b) {
      return rank(a) < rank(b);
    });
    best->used = true;
    return best->beat;
  }

 private:
  struct Answer {
    Moment asked;
    bool used;
    Beat beat;
  };
  std::vector<Answer> all_;
};

/// What the recording says of one walk.
struct WalkRecord {
  std::deque<Recorded> outputs;
  bool cut = false;  ///< it was cancelled, or the recording ends before it does
};

/// The recording, by what it is needed for. Answers are found by what was asked, since a walker
/// that is otherwise timed asks in another order and under other tags.
class Script {
 public:
  explicit Script(const std::string& path) {
    nic::WalkerRecording from(path);
    config = from.config();
    nic::WalkerEvent event;
    while (from.next(event)) add({event.cycle, from.line(), event.beat});
    for (auto& [txn, walk] : walks) walk.cut = walk.cut || open_.count(txn) != 0;
  }

  WalkerConfig config;
  std::deque<Recorded> inputs;  ///< walks, cancels and invalidations
  std::map<std::uint32_t, WalkRecord> walks;
  std::map<std::uint64_t, Answers<CompletionBeat>> reads;  ///< by physical address
  std::map<std::pair<std::uint32_t, std::uint64_t>, Answers<FillBeat>> pages;
  std::size_t events = 0;

 private:
  void add(const Recorded& r) {
    ++events;
    if (const auto* walk = std::get_if<WalkBeat>(&r.beat)) {
      inputs.push_back(r);
      open_[walk->txn] = walk->connection;
      walks[walk->txn];
    } else if (const auto* cancel = std::get_if<CancelBeat>(&r.beat)) {
      inputs.push_back(r);
      ++told_;
      for (auto w = open_.begin(); w != open_.end();) {
        const bool its = w->second == cancel->connection;
        if (its) walks[w->first].cut = true;
        w = its ? open_.erase(w) : std::next(w);
      }
    } else if (std::holds_alternative<InvalidateBeat>(r.beat)) {
      inputs.push_back(r);
      ++told_;
    } else if (const auto* fetch = std::get_if<FetchBeat>(&r.beat)) {
      tags_[fetch->tag] = {fetch->address, {told_, r.cycle}};
    } else if (const auto* rsp = std::get_if<CompletionBeat>(&r.beat)) {
      const auto& [address, asked] = tags_[rsp->tag];
      reads[address].add(asked, *rsp);
    } else if (const auto* fill = std::get_if<FillBeat>(&r.beat)) {
      pages[{fill->asid, fill->page}].add({told_, r.cycle}, *fill);
    } else if (const auto* out = std::get_if<OutBeat>(&r.beat)) {
      if (out->kind == nic::kOutNode || out->kind == nic::kOutRelease) return;
      walks[out->txn].outputs.push_back(r);
      if (out->kind != nic::kOutBlock) open_.erase(out->txn);
    }
  }

  std::map<std::uint32_t, std::uint32_t> open_;  ///< walks in progress, and their connections
  std::map<std::uint32_t, std::pair<std::uint64_t, Moment>> tags_;  ///< address, and when
  std::uint64_t told_ = 0;
};

class Replay {
 public:
  Replay(Dut& dut, Script& script) : dut_(dut), script_(script) { in_.config = script.config; }

  void run() {
    in_.fetch_ready = in_.out_ready = true;
    for (int i = 0; i < 3; ++i) cycle();
    in_.reset_n = true;
    while (!finished()) {
      require(now_ - progress_ < kPatience, "hang: nothing has passed for 20000 cycles");
      drive();
      cycle();
      if (out_.quiet && !in_.any_valid() && answers_.empty() && fills_.empty()) leap();
    }
  }
  std::uint64_t cycles() const { return ran_; }
  std::uint64_t now() const { return now_; }
  std::uint64_t outputs() const { return outputs_; }

 private:
  bool finished() const {
    return script_.inputs.empty() && answers_.empty() && fills_.empty() && missing_ == 0 &&
           out_.quiet && !in_.any_valid();
  }

  /// Nothing happens before the next input: the clock stands still until then.
  void leap() {
    if (script_.inputs.empty()) return;
    progress_ = now_ = std::max(now_, script_.inputs.front().cycle);
  }

  void cycle() {
    dut_.settle(in_, out_);
    if (dut_.assertion_failed()) throw Failure("an assertion in the walker failed");
    if (in_.reset_n) observe();
    dut_.edge();
    ++now_;
    ++ran_;
  }

  void drive() {
    in_.fill.valid = !fills_.empty();
    if (in_.fill.valid) in_.fill.beat = fills_.front();
    in_.completion.valid = !answers_.empty();
    if (in_.completion.valid) in_.completion.beat = answers_.front();
    if (in_.walk.valid || in_.cancel.valid || in_.invalidate.valid || script_.inputs.empty())
      return;
    const Recorded& next = script_.inputs.front();
    if (next.cycle > now_ || !seen_before(next)) return;
    in_.walk.valid = std::holds_alternative<WalkBeat>(next.beat);
    in_.cancel.valid = std::holds_alternative<CancelBeat>(next.beat);
    in_.invalidate.valid = std::holds_alternative<InvalidateBeat>(next.beat);
    if (in_.walk.valid) in_.walk.beat = std::get<WalkBeat>(next.beat);
    if (in_.cancel.valid) in_.cancel.beat = std::get<CancelBeat>(next.beat);
    if (in_.invalidate.valid) in_.invalidate.beat = std::get<InvalidateBeat>(next.beat);
  }

  /// What had left for a cancelled connection has left here too: it may be slower than it was.
  bool seen_before(const Recorded& input) const {
    const auto* cancel = std::get_if<CancelBeat>(&input.beat);
    if (cancel == nullptr) return true;
    return std::none_of(open_.begin(), open_.end(), [&](const auto& walk) {
      const auto& left = script_.walks.at(walk.first).outputs;
      return walk.second == cancel->connection && !left.empty();
    });
  }

  void observe() {
    if (in_.walk.valid && out_.walk_ready) {
      const WalkBeat& w = in_.walk.beat;
      open_[w.txn] = w.connection;
      if (!script_.walks[w.txn].cut) ++missing_;
      taken(in_.walk.valid);
    }
    if (in_.invalidate.valid && out_.invalidate_ready) {
      ++told_;
      taken(in_.invalidate.valid);
    }
    if (in_.fill.valid && out_.fill_ready) {
      fills_.pop_front();
      progress_ = now_;
    }
    if (in_.completion.valid && out_.completion_ready) {
      answers_.pop_front();
      progress_ = now_;
    }
    if (out_.fetch.valid) fetched(out_.fetch.beat);
    if (out_.out.valid) output(out_.out.beat);
    if (in_.cancel.valid && out_.cancel_ready) {
      ++told_;
      for (auto w = open_.begin(); w != open_.end();) {
        w = w->second == in_.cancel.beat.connection ? open_.erase(w) : std::next(w);
      }
      taken(in_.cancel.valid);
    }
  }

  void taken(bool& valid) {
    valid = false;
    script_.inputs.pop_front();
    progress_ = now_;
  }

  void fetched(const FetchBeat& beat) {
    progress_ = now_;
    CompletionBeat answer;
    auto& recorded = script_.reads[beat.address];
    if (recorded.empty()) {
      if (beat.prefetch == 0) {
        throw Failure("fetch: of what the recording does not read", "", nic::text_of(beat));
      }
      answer.error = 1;  // to be read ahead is no promise
    } else {
      answer = recorded.take({told_, now_});
    }
    answer.tag = beat.tag;
    answers_.push_back(answer);
  }

  void output(const OutBeat& beat) {
    progress_ = now_;
    if (beat.kind == nic::kOutRelease) return;
    if (beat.kind == nic::kOutNode) {
      auto& recorded = script_.pages[{beat.asid, beat.address / 4096}];
      if (recorded.empty()) {
        fills_.push_back({1, beat.asid, beat.address / 4096, 0});
        return;
      }
      fills_.push_back(recorded.take({told_, now_}));
      return;
    }
    ++outputs_;
    const auto walk = script_.walks.find(beat.txn);
    if (walk == script_.walks.end() || open_.count(beat.txn) == 0) {
      throw Failure("out: of a walk that is not in progress", "nothing", nic::text_of(beat));
    }
    auto& left = walk->second.outputs;
    if (beat.kind != nic::kOutBlock) {
      open_.erase(beat.txn);
      if (!walk->second.cut) --missing_;
    }
    if (left.empty() && walk->second.cut) return;  // it got further than the recorded one
    if (left.empty()) throw Failure("out: more than was recorded", "nothing", nic::text_of(beat));
    const Recorded expected = left.front();
    left.pop_front();
    if (same_beat(std::get<OutBeat>(expected.beat), beat)) return;
    throw Failure(fmt::format("out: another output than in line {}, recorded in cycle {}",
                              expected.line, expected.cycle),
                  text_of(expected.beat), nic::text_of(beat));
  }

  Dut& dut_;
  Script& script_;
  Inputs in_;
  Outputs out_;
  std::deque<CompletionBeat> answers_;
  std::deque<FillBeat> fills_;
  std::map<std::uint32_t, std::uint32_t> open_;  ///< walks in progress, and their connections
  std::size_t missing_ = 0;                      ///< walks whose end is to come
  std::uint64_t told_ = 0, now_ = 0, ran_ = 0, progress_ = 0, outputs_ = 0;
};

}  // namespace

bool replay(const ReplayRequest& request, DutFactory factory) {
  Script script(request.file);
  Set set = Set::kSmall;
  if (request.set) {
    set = *request.set;
  } else {
    while (set != Set::kLarge && !fits(script.config, limits(set))) {
      set = static_cast<Set>(static_cast<unsigned>(set) + 1);
    }
  }
  if (!fits(script.config, limits(set))) {
    throw std::runtime_error("the recording's configuration does not fit into the walker");
  }
  const std::unique_ptr<Dut> dut = factory(set, 1);
  if (!request.wave.empty()) dut->start_wave(request.wave);
  Replay replay(*dut, script);
  const auto begin = std::chrono::steady_clock::now();
  std::string what, expected, got;
  try {
    replay.run();
  } catch (const Failure& f) {
    what = f.what(), expected = f.expected, got = f.got;
  }
  if (!request.wave.empty()) dut->stop_wave();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("{}: {} events, {} outputs compared, {} cycles in {:.2f} s, set {}\n", request.file,
             script.events, replay.outputs(), replay.cycles(), took.count(), limits(set).name);
  if (what.empty()) {
    fmt::print("no divergence\n");
    return true;
  }
  fmt::print("first divergence in cycle {}: {}\n", replay.now(), what);
  if (!expected.empty()) fmt::print("  recorded: {}\n", expected);
  if (!got.empty()) fmt::print("  replayed: {}\n", got);
  return false;
}

}  // namespace vctoe::cosim
