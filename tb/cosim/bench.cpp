#include "tb/cosim/bench.h"

#include <algorithm>

namespace vctoe::cosim {
namespace {

/// Cycles that a walker may be silent for when nobody keeps it waiting. The slowest that it may be
/// is a list of records that it holds all of, walked by all its engines in turn: 256 of them in the
/// large set, by 8 engines, a cycle each and two besides.
constexpr std::uint64_t kOwnTime = 3'000;
/// Cycles that the rarest of patterns may hold a beat back (1 of 24 cycles moves: one in e^20 holds
/// longer), once at either side.
constexpr std::uint64_t kHeldBack = 2 * 24 * 20;

}  // namespace

Bench::Bench(Dut& dut, const Scenario& scenario, const RunOptions& options)
    : dut_(dut),
      s_(scenario),
      options_(options),
      memory_(scenario.traffic.seed),
      pages_(scenario.config.pages),
      board_(s_.config, memory_, s_.bad_pages),
      reads_(s_.traffic, memory_),
      host_(s_.traffic, memory_, s_.bad_pages),
      walk_("walk", s_.traffic.walk, s_.traffic.seed),
      fill_("fill", s_.traffic.fill, s_.traffic.seed),
      invalidate_("inv", s_.traffic.invalidate, s_.traffic.seed),
      cancel_("cancel", s_.traffic.cancel, s_.traffic.seed),
      completion_("rsp", s_.traffic.completion, s_.traffic.seed),
      fetch_("fetch", s_.traffic.fetch, s_.traffic.seed),
      output_("out", s_.traffic.out, s_.traffic.seed) {
  in_.config = s_.config;
  for (const ListSpec& list : s_.lists) {
    if (!list.later) memory_.install(list);
  }
}

Outcome Bench::run() {
  Outcome outcome;
  try {
    cover_setup();
    hold_reset(3);
    while (next_op_ < s_.ops.size()) {
      play();
      cycle();
    }
    finish();
  } catch (const Failure& f) {
    outcome.ok = false;
    outcome.what = f.what();
    outcome.expected = f.expected;
    outcome.got = f.got;
  }
  if (waving_) dut_.stop_wave();
  outcome.cycles = now_;
  outcome.walks = walks_;
  outcome.fetches = fetches_;
  for (const auto& e : events_) {
    outcome.last_events.push_back(
        fmt::format("{:>8} {:<6} {}", e.cycle, nic::port_name(e.beat.index()), text_of(e.beat)));
  }
  return outcome;
}

void Bench::hold_reset(unsigned cycles) {
  in_ = {};
  in_.config = s_.config;
  in_.reset_n = false;
  walk_.clear(), fill_.clear(), invalidate_.clear(), cancel_.clear(), completion_.clear();
  rewrites_.clear();
  reads_.reset(), host_.reset(), pages_.reset(), board_.reset();
  seen_ = {};
  fetch_pending_ = was_quiet_ = false;
  for (unsigned i = 0; i < cycles; ++i) cycle();
  in_.reset_n = true;
  last_progress_ = now_;
}

void Bench::cycle() {
  if (!options_.wave.empty()) {
    if (!waving_ && now_ >= options_.wave_from && now_ <= options_.wave_to) {
      dut_.start_wave(options_.wave);
      waving_ = true;
    } else if (waving_ && now_ > options_.wave_to) {
      dut_.stop_wave();
      waving_ = false;
      options_.wave.clear();
    }
  }
  if (in_.reset_n) drive();
  const bool any = in_.any_valid();
  const bool asleep = s_.traffic.gate_clock && was_quiet_ && !any;
  if (!asleep) dut_.settle(in_, out_);
  if (dut_.assertion_failed()) throw Failure("an assertion in the walker failed");
  observe();
  was_quiet_ = in_.reset_n && out_.quiet && !any;
  if (!asleep) dut_.edge();
  ++now_;
}

void Bench::drive() {
  const PageName invalidating{in_.invalidate.beat.asid, in_.invalidate.beat.page};
  host_.step(now_, fill_, invalidate_.offering() ? &invalidating : nullptr);
  if (completion_.empty()) {
    if (const Fetching* f = reads_.next(now_)) completion_.push(f->answer);
  }
  const auto always = [](const auto&) { return true; };
  // What a walk means that is accepted in the cycle of its connection's cancel, or an answer in
  // that of its page's invalidation, is left open: the host's software does neither.
  walk_.drive(now_, in_.walk, [&](const WalkBeat& b) {
    return !cancel_.offering() || cancel_.waiting().front().connection != b.connection;
  });
  fill_.drive(now_, in_.fill, always);
  completion_.drive(now_, in_.completion, always);
  cancel_.drive(now_, in_.cancel, [&](const CancelBeat& b) {
    return !walk_.offering() || in_.walk.beat.connection != b.connection;
  });
  invalidate_.drive(now_, in_.invalidate, [&](const InvalidateBeat& b) {
    return fill_.empty() || fill_.waiting().front().asid != b.asid ||
           fill_.waiting().front().page != b.page;
  });
  in_.fetch_ready = fetch_.ready(now_);
  in_.out_ready = output_.ready(now_);
}

void Bench::observe() {
  check_streams();
  if (!in_.reset_n) return;
  check_status();
  cover_cycle();
  // What it is in the middle of when it is told, not when it is done.
  if (in_.cancel.valid && !was_cancel_) cover_cancel(in_.cancel.beat.connection);
  was_cancel_ = in_.cancel.valid && !out_.cancel_ready;
  observe_inputs();
  observe_outputs();
  // Last: what leaves in this cycle has left before.
  if (in_.invalidate.valid && out_.invalidate_ready) on_invalidate();
  if (in_.cancel.valid && out_.cancel_ready) on_cancel();
  fetch_pending_ = fetch_pending_ && out_.fetch.valid && !in_.fetch_ready;
  watch_progress();
}

void Bench::check_streams() {
  fetch_.step(in_.reset_n, out_.fetch, in_.fetch_ready);
  output_.step(in_.reset_n, out_.out, in_.out_ready);
  walk_.check().step(in_.reset_n, in_.walk, out_.walk_ready);
  fill_.check().step(in_.reset_n, in_.fill, out_.fill_ready);
  invalidate_.check().step(in_.reset_n, in_.invalidate, out_.invalidate_ready);
  cancel_.check().step(in_.reset_n, in_.cancel, out_.cancel_ready);
  completion_.check().step(in_.reset_n, in_.completion, out_.completion_ready);
}

void Bench::check_status() {
  if (was_quiet_ && !s_.traffic.gate_clock) {
    require(!out_.fetch.valid && !out_.out.valid, "status: an output comes after quiet");
    require(out_.busy == last_busy_, "status: busy changes after quiet");
  }
  if (out_.busy < out_.queue) throw Failure("status: more walks in the queue than in all");
  if (out_.queue > s_.config.queue) throw Failure("status: more walks queue than there are places");
  if (out_.quiet && (out_.fetch.valid || out_.out.valid)) {
    throw Failure("status: quiet with an output that waits");
  }
  last_busy_ = out_.busy;
}

void Bench::observe_inputs() {
  if (in_.walk.valid && out_.walk_ready) on_walk();
  if (in_.fill.valid && out_.fill_ready) on_fill();
  if (in_.completion.valid && out_.completion_ready) on_completion();
}

void Bench::observe_outputs() {
  if (out_.fetch.valid && in_.fetch_ready) on_fetch();
  if (out_.out.valid && in_.out_ready) on_out();
}

template <class Beat>
void Bench::log(const Beat& beat) {
  last_progress_ = now_;
  if (events_.size() == 10) events_.pop_front();
  events_.push_back({now_, beat});
  if (options_.recorder != nullptr) options_.recorder->write(now_, beat);
}

void Bench::on_walk() {
  log(in_.walk.beat);
  ++walks_;
  ++seen_[kPerfWalks];
  board_.accepted(in_.walk.beat, now_);
  cover_accepted(*board_.find(in_.walk.beat.txn));
  walk_.pop();
}

void Bench::on_fill() {
  const FillBeat& b = in_.fill.beat;
  log(b);
  const PageName page{b.asid, b.page};
  pages_.answered(page, b.frame, b.failed != 0);
  if (b.failed != 0 && s_.bad_pages.count(page) == 0) {
    board_.excuse(kUnresolvable, b.asid, b.page * 4096, now_);
  }
  cover(b.failed != 0 ? "host: failed" : "host: filled");
  if (b.failed == 0 && pages_.sharers(page) == 0) cover("host: filled for nobody");
  fill_.pop();
}

void Bench::on_completion() {
  log(in_.completion.beat);
  const Fetching f = reads_.complete(in_.completion.beat.tag);
  pages_.completed(f.page);
  const std::size_t before = reads_.overtaken(f);
  cover(before == 0  ? "completion: in order"
        : before < 3 ? "completion: overtakes"
                     : "completion: overtakes many");
  if (f.dead) cover("completion: of a cancelled fetch");
  if (f.stale) cover("completion: of an invalidated fetch");
  if (f.answer.error != 0) {
    ++seen_[kPerfFetchErrors];
    cover(f.beat.prefetch != 0 ? "completion: error of a prefetch" : "completion: error");
    if (f.by_chance) board_.excuse(kBadCompletion, f.beat.asid, f.record, now_);
    Walk* walk = board_.find(f.beat.txn);
    // An invalidation that is not done yet may have voided the fetch already.
    const bool stale = f.stale || invalidating(f.page);
    if (f.by_chance && f.beat.prefetch == 0 && !stale && !f.dead && walk != nullptr) {
      walk->must = kBadCompletion;
      walk->must_address = f.record;
    }
  }
  completion_.pop();
}

void Bench::on_invalidate() {
  const InvalidateBeat b = in_.invalidate.beat;
  log(b);
  const PageName page{b.asid, b.page};
  const bool fetched = pages_.under_fetch(page);
  cover(pages_.stale(page)   ? "invalidate: twice"
        : fetched            ? "invalidate: under a fetch"
        : pages_.held(page)  ? "invalidate: held"
        : pages_.asked(page) ? "invalidate: asked for"
                             : "invalidate: absent");
  pages_.invalidated(page);
  memory_.move(page);
  for (Fetching& f : reads_.out()) f.stale = f.stale || f.page == page;
  if (const Op* op = rewrites_.front()) {
    memory_.rewrite(s_.lists[op->list], b.page);
    rewritten_.insert(s_.lists[op->list].connection);
  }
  rewrites_.pop_front();
  fetch_pending_ = out_.fetch.valid && !in_.fetch_ready;
  invalidate_.pop();
}

/// The connection whose cancel is in progress, or null.
const std::uint32_t* Bench::leaving() const {
  return cancel_.offering() ? &cancel_.waiting().front().connection : nullptr;
}

/// The invalidation of this page is in progress.
bool Bench::invalidating(const PageName& page) const {
  return invalidate_.offering() &&
         page == PageName(in_.invalidate.beat.asid, in_.invalidate.beat.page);
}

void Bench::on_cancel() {
  const std::uint32_t connection = in_.cancel.beat.connection;
  log(in_.cancel.beat);
  board_.cancel(connection);
  pages_.cancelled(connection);
  for (Fetching& f : reads_.out()) f.dead = f.dead || f.beat.connection == connection;
  if (rewrites_.front() != nullptr) {
    for (const ListSpec& list : s_.lists) {
      if (list.connection == connection) memory_.rewrite(list);
    }
    rewritten_.insert(connection);
  }
  rewrites_.pop_front();
  fetch_pending_ = out_.fetch.valid && !in_.fetch_ready;
  cancel_.pop();
}

void Bench::on_fetch() {
  const FetchBeat& b = out_.fetch.beat;
  log(b);
  ++fetches_;
  ++seen_[kPerfFetched];
  if (b.prefetch != 0) ++seen_[kPerfPrefetched];
  require(b.address % 32 == 0, "fetch: its address is not that of a record");
  require(b.tag < limits(s_.set).tags, "fetch: no such tag");
  require(reads_.out().size() < s_.config.tags, "fetch: more tags in use than there are");
  const PageName page = pages_.fetched(b.address, b.connection);
  Fetching& f = reads_.take(b, page, now_);
  f.stale = pages_.stale(page);
  board_.fetch(b, f.record, fetch_pending_);
  if (pages_.sharers(page) > 1) cover("translation: shared");
}

void Bench::on_out() {
  const OutBeat& b = out_.out.beat;
  log(b);
  const PageName page{b.asid, b.address / 4096};
  OutBeat plain;
  plain.kind = b.kind, plain.asid = b.asid, plain.address = b.address;
  if (b.kind == nic::kOutNode) {
    plain.connection = b.connection;
    ++seen_[kPerfNodes];
    board_.node(page, b.connection);
    pages_.requested(page, b.connection, board_.was_cancelled(b.connection));
    host_.ask(page, now_);
    cover("translation: miss");
  } else if (b.kind == nic::kOutRelease) {
    cover(pages_.stale(page)          ? "translation: released after an invalidation"
          : pages_.sharers(page) == 0 ? "translation: released after a cancel"
                                      : "translation: evicted");
    pages_.released(page, leaving(), invalidating(page));
  } else if (b.kind <= nic::kOutDone) {
    plain = b;
    if (b.kind == nic::kOutBlock) ++seen_[kPerfBlocks];
    if (b.kind == nic::kOutFault) ++seen_[kPerfFaults];
    Walk& walk = board_.output(b, leaving());
    if (walk.over) cover_walk(walk, b);
  }
  require(b.kind <= nic::kOutDone, "out: no such kind");
  if (!same_beat(plain, b) || (b.kind != nic::kOutFault && b.kind != nic::kOutBlock &&
                               b.kind != nic::kOutDone && b.address % 4096 != 0)) {
    throw Failure("out: fields that do not belong to its kind", nic::text_of(plain),
                  nic::text_of(b));
  }
}

/// Cycles without a beat on any port while something is to be done, from which on it is a hang.
std::uint64_t Bench::patience() const {
  return kOwnTime + kHeldBack + s_.traffic.memory_max + s_.traffic.host_max;
}

void Bench::watch_progress() {
  if (now_ - last_progress_ < patience()) return;
  const Op* op = next_op_ < s_.ops.size() ? &s_.ops[next_op_] : nullptr;
  if (op != nullptr && op->gap >= patience()) return;
  std::string waits;
  if (walk_.offering()) waits += " walk";
  if (cancel_.offering()) waits += " cancel";
  if (invalidate_.offering()) waits += " inv";
  if (fill_.offering()) waits += " fill";
  if (completion_.offering()) waits += " rsp";
  throw Failure(fmt::format("hang: nothing has passed for {} cycles", patience()),
                "an end of what is in progress",
                fmt::format("{} walks open, {} fetches out, {} pages held or asked for, quiet={}, "
                            "not taken:{}",
                            board_.open(), reads_.out().size(), pages_.in_use(), out_.quiet ? 1 : 0,
                            waits.empty() ? " none" : waits));
}

Outcome run(DutFactory factory, const Scenario& scenario, const RunOptions& options) {
  const std::unique_ptr<Dut> dut = factory(scenario.set, scenario.seed);
  return Bench(*dut, scenario, options).run();
}

}  // namespace vctoe::cosim
