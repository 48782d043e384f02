#include "tb/unit/cosim/stub_dut.h"

#include <algorithm>

namespace vctoe::cosim {

void StubDut::settle(const Inputs& in, Outputs& out) {
  in_ = in;
  if (!in.reset_n) reset();
  Outputs& o = out_;
  o = {};
  o.fetch.valid = !fetches_.empty();
  if (o.fetch.valid) o.fetch.beat = fetches_.front();
  o.out.valid = !outs_.empty();
  if (o.out.valid) o.out.beat = outs_.front();
  if (is(Sin::kOutChanges) && o.out.valid && blocks_ > 3 && !in.out_ready) ++outs_.front().sequence;
  if (is(Sin::kFetchTakenBack) && o.fetch.valid && now_and_then()) o.fetch.valid = false;
  if (is(Sin::kValidInReset) && !in.reset_n) o.out.valid = true;
  if (is(Sin::kValidWaitsForReady)) o.out.valid = o.out.valid && in.out_ready;
  const auto of = [&](const auto& beats) {
    return !beats.empty() && beats.front().connection == in.cancel.beat.connection;
  };
  o.walk_ready = in.reset_n && queue_.size() < in.config.queue && !in.cancel.valid;
  o.fill_ready = o.completion_ready = o.invalidate_ready = in.reset_n;
  o.cancel_ready = in.reset_n && in.cancel.valid && !of(outs_) && !of(fetches_);
  const bool waits = state_ == State::kFetch || (state_ == State::kPage && !page_answered()) ||
                     (state_ == State::kIdle && queue_.empty());
  o.quiet = waits && outs_.empty() && fetches_.empty() && !late_;
  if (is(Sin::kNeverQuiet)) o.quiet = false;
  if (is(Sin::kQuietTooEarly)) o.quiet = true;
  o.queue = static_cast<std::uint32_t>(queue_.size());
  o.busy = o.queue + (state_ == State::kIdle ? 0 : 1) + (is(Sin::kStuckBusy) ? lost_ : 0);
  o.perf_value = perf_;
  out = o;
}

void StubDut::reset() {
  const Sin sin = sin_;
  const Inputs in = in_;
  *this = StubDut(sin);
  in_ = in;
}

void StubDut::edge() {
  if (!in_.reset_n) return;
  perf_ = in_.perf_index < kPerfCount ? count_[in_.perf_index] : 0;
  take_answers();
  take_inputs();
  if (!in_.cancel.valid) step();
}

void StubDut::take_answers() {
  if (out_.fetch.valid && in_.fetch_ready) fetches_.pop_front();
  if (out_.out.valid && in_.out_ready) outs_.pop_front();
  if (in_.fill.valid) {
    const PageName name{in_.fill.beat.asid, in_.fill.beat.page};
    Page& page = pages_[name];
    page.valid = true;
    page.frame = in_.fill.beat.frame;
    if (in_.fill.beat.failed != 0) {
      pages_.erase(name);
      if (state_ == State::kPage && page_of_walk() == name) {
        walk_->fail(kUnresolvable);
        state_ = State::kRun;
      }
    } else if (page.users.empty()) {
      release(name);
    }
  }
  if (!in_.completion.valid) return;
  fetching_ = false;
  const CompletionBeat& b = in_.completion.beat;
  if (b.error != 0) ++count_[kPerfFetchErrors];
  Page& page = pages_[fetch_page_];
  if (page.stale || page.users.empty()) release(fetch_page_);
  if (fetch_dead_) return;
  state_ = State::kRun;
  if (fetch_stale_) return;
  if (b.error != 0 && !is(Sin::kIgnoresErrors)) {
    walk_->fail(kBadCompletion);
  } else {
    walk_->take(RawRecord::of(b.data));
  }
}

void StubDut::take_inputs() {
  if (in_.walk.valid && out_.walk_ready) {
    ++count_[kPerfWalks];
    if (is(Sin::kMiscounts)) ++count_[kPerfWalks];
    if (!is(Sin::kLosesWalk) || !now_and_then()) queue_.push_back(in_.walk.beat);
    if (is(Sin::kSwapsWalks) && queue_.size() > 1) std::swap(queue_.front(), queue_.back());
  }
  if (in_.invalidate.valid) invalidate({in_.invalidate.beat.asid, in_.invalidate.beat.page});
  if (in_.cancel.valid && out_.cancel_ready) cancel(in_.cancel.beat.connection);
}

void StubDut::invalidate(const PageName& name) {
  const auto page = pages_.find(name);
  if (page == pages_.end() || !page->second.valid || is(Sin::kIgnoresInvalidation)) return;
  if (fetching_ && fetch_page_ == name) {
    page->second.stale = true;
    fetch_stale_ = true;
  } else {
    release(name);
  }
}

void StubDut::cancel(std::uint32_t connection) {
  const auto its = [&](const auto& beat) { return beat.connection == connection; };
  const auto kept = std::remove_if(queue_.begin(), queue_.end(), its);
  count_[kPerfCancelled] += static_cast<std::uint32_t>(queue_.end() - kept);
  queue_.erase(kept, queue_.end());
  const auto gone = [&](const OutBeat& b) {
    return its(b) && b.kind != nic::kOutNode && b.kind != nic::kOutRelease;
  };
  // A walk whose end has not left is not over.
  count_[kPerfCancelled] +=
      static_cast<std::uint32_t>(std::count_if(outs_.begin(), outs_.end(), [&](const OutBeat& b) {
        return gone(b) && b.kind != nic::kOutBlock;
      }));
  outs_.erase(std::remove_if(outs_.begin(), outs_.end(), gone), outs_.end());
  if (state_ != State::kIdle && asked_.connection == connection) {
    ++count_[kPerfCancelled];
    if (is(Sin::kOutAfterCancel)) late_ = {nic::kOutDone, asked_.txn, connection};
    const auto stays = std::find_if(pages_.begin(), pages_.end(), [&](const auto& p) {
      return p.second.valid && p.second.users.size() > p.second.users.count(connection);
    });
    if (is(Sin::kFetchAfterCancel) && !fetching_ && stays != pages_.end()) {
      fetches_.push_back({0, stays->second.frame * 4096, asked_.txn, connection, asked_.asid, 0});
    }
    fetch_dead_ = fetching_;
    state_ = State::kIdle;
  }
  for (auto p = pages_.begin(); p != pages_.end();) {
    const auto next = std::next(p);
    p->second.users.erase(connection);
    const bool held = fetching_ && fetch_page_ == p->first;
    if (p->second.valid && p->second.users.empty() && !held && !is(Sin::kKeepsPages)) {
      release(p->first);
    }
    p = next;
  }
}

void StubDut::step() {
  if (late_) push(*late_);
  late_.reset();
  if (state_ == State::kIdle && !queue_.empty() && !fetching_) {
    asked_ = queue_.front();
    queue_.pop_front();
    walk_.emplace(in_.config, asked_);
    delivered_ = 0;
    state_ = State::kRun;
  }
  if (state_ == State::kPage && page_answered()) state_ = State::kRun;
  if (state_ != State::kRun) return;
  if (delivered_ < walk_->beats().size()) {
    deliver();
  } else {
    want_record();
  }
}

/// The page that the walk waits for is there, or gone again; a cancel may hold up what follows.
bool StubDut::page_answered() const {
  const auto page = pages_.find(page_of_walk());
  return page == pages_.end() || page->second.valid;
}

void StubDut::deliver() {
  OutBeat beat = walk_->beats()[delivered_++];
  if (beat.kind == nic::kOutBlock) {
    ++blocks_;
    ++count_[kPerfBlocks];
    if (is(Sin::kWrongAddress) && now_and_then()) ++beat.address;
    if (is(Sin::kNoLast)) beat.last = 0;
    push(beat);
    return;
  }
  state_ = State::kIdle;
  ++lost_;
  if (beat.kind == nic::kOutFault) ++count_[kPerfFaults];
  if (is(Sin::kDropsDone) && now_and_then()) return;
  push(beat);
  if (is(Sin::kDoneTwice)) push(beat);
}

void StubDut::want_record() {
  const PageName name = page_of_walk();
  const auto found = pages_.find(name);
  if (found == pages_.end()) {
    if (!make_room()) return;
    pages_[name].users.insert(asked_.connection);
    ++count_[kPerfNodes];
    OutBeat node;
    node.kind = nic::kOutNode;
    node.connection = asked_.connection;
    node.asid = asked_.asid;
    node.address = name.second * 4096;
    if (is(Sin::kDirtyField)) node.length = 1;
    push(node);
    if (is(Sin::kNodeTwice)) push(node);
    state_ = State::kPage;
    return;
  }
  found->second.users.insert(asked_.connection);
  if (!found->second.valid) {
    state_ = State::kPage;
  } else {
    send_fetch(found->second);
  }
}

void StubDut::send_fetch(const Page& page) {
  FetchBeat fetch{tag_,        page.frame * 4096 + walk_->wanted() % 4096,
                  asked_.txn,  asked_.connection,
                  asked_.asid, 0};
  tag_ = (tag_ + 1) % in_.config.tags;
  ++count_[kPerfFetched];
  if (is(Sin::kForeignFetch) && now_and_then()) fetch.address ^= std::uint64_t{1} << 40;
  if (is(Sin::kReadsAheadAnything)) {
    fetch.prefetch = 1;
    fetch.address ^= 2048;
  }
  fetches_.push_back(fetch);
  if (is(Sin::kTagTwice)) fetches_.push_back(fetch);
  fetching_ = true;
  fetch_stale_ = fetch_dead_ = false;
  fetch_page_ = page_of_walk();
  state_ = State::kFetch;
  if (is(Sin::kReleaseUnderFetch)) {
    const Page kept = page;
    release(fetch_page_);
    pages_[fetch_page_] = kept;
  }
}

/// A translation goes if there is no room for another one.
bool StubDut::make_room() {
  if (pages_.size() < in_.config.pages) return true;
  for (const auto& [name, page] : pages_) {
    if (!page.valid || (fetching_ && fetch_page_ == name)) continue;
    ++count_[kPerfTranslationEvictions];
    release(PageName(name));
    return true;
  }
  return false;
}

void StubDut::release(const PageName& name) {
  const PageName page = name;
  pages_.erase(page);
  OutBeat beat;
  beat.kind = nic::kOutRelease;
  beat.asid = page.first;
  beat.address = page.second * 4096;
  push(beat);
  if (is(Sin::kReleaseTwice)) push(beat);
}

void StubDut::push(OutBeat beat) {
  outs_.push_back(beat);
}

}  // namespace vctoe::cosim
