#include "models/nic/tlm_walker.h"

#include <algorithm>
#include <string>

#include "models/sim/error.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

constexpr std::uint32_t kMaxSize = 0x7fff'ffff;             ///< of a record and of a walk
constexpr std::uint64_t kMaxList = std::uint64_t{1} << 32;  ///< bytes that 32 bits can tell apart
constexpr unsigned kBurst = 16;                             ///< blocks that leave at one event
constexpr std::uint64_t kRunAhead = 16;  ///< cycles that a walk may be ahead of the simulated time

}  // namespace

TlmWalker::TlmWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                     const WalkerParams& params, WalkerSink& sink)
    : WalkerBlock(name),
      context_(context),
      node_(node),
      params_(params),
      outbox_(context, node, sink),
      cache_(params_.record_cache, stats_),
      reader_(params_, stats_, cache_, outbox_, *this),
      cursors_(params_),
      walks_(params.engines + params.parked),
      steps_([this](Step& s) { step(s); }) {
  queue_.reserve(params.request_queue);
}

bool TlmWalker::walk(const WalkRequest& request) {
  sim::ensure(request.length >= 1 && request.length <= kMaxSize, "walker: length out of range");
  if (queue_.size() >= params_.request_queue) return false;
  ++stats_.walks;
  queue_.push_back({request, sim::now()});
  settle();
  context_.trace.changed(node_, sim::Watched::kWalker);
  return true;
}

void TlmWalker::fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) {
  reader_.fill(asid, page, frame);
  settle();
}

void TlmWalker::fill_failed(std::uint16_t asid, std::uint64_t page) {
  reader_.fill_failed(asid, page);
  settle();
}

void TlmWalker::invalidate(std::uint16_t asid, std::uint64_t page) {
  cache_.forget_page(asid, page);
  reader_.invalidate(asid, page);
  settle();
}

void TlmWalker::cancel(std::uint32_t connection) {
  const auto its = [&](const Queued& q) { return q.request.connection == connection; };
  const auto kept = std::remove_if(queue_.begin(), queue_.end(), its);
  stats_.cancelled += static_cast<std::uint64_t>(queue_.end() - kept);
  queue_.erase(kept, queue_.end());
  for (Walk& w : walks_) {
    if (!w.live || w.request.connection != connection) continue;
    ++stats_.cancelled;
    end(w);
  }
  cursors_.forget(connection);
  cache_.forget_connection(connection);
  outbox_.purge(connection);
  reader_.cancel(connection);
  settle();
}

/// The last thing that every way into the walker does: engines that are free take what waits, and
/// then, with everything in its place, the outputs leave.
void TlmWalker::settle() {
  while (dispatch_one()) {
  }
  outbox_.flush();
}

bool TlmWalker::dispatch_one() {
  if (running_ == params_.engines) return false;
  if (!resumed_.empty()) {
    Walk& w = walks_[resumed_.front()];
    resumed_.erase(resumed_.begin());
    w.engine = true;
    ++running_;
    resume(w);
    return true;
  }
  if (queue_.empty() || active_ == (params_.ordered ? 1 : walks_.size())) return false;
  const auto waits = [this](const Queued& q) {
    return std::none_of(walks_.begin(), walks_.end(), [&](const Walk& w) {
      return w.live && w.request.connection == q.request.connection;
    });
  };
  const auto next = std::find_if(queue_.begin(), queue_.end(), waits);
  if (next == queue_.end()) return false;
  const Queued queued = *next;
  queue_.erase(next);
  start(*std::find_if(walks_.begin(), walks_.end(), [](const Walk& w) { return !w.live; }), queued);
  return true;
}

void TlmWalker::start(Walk& w, const Queued& queued) {
  w.live = w.engine = true;
  ++active_;
  ++running_;
  ++in_state_[static_cast<std::size_t>(WalkerStall::kIdle)];
  set_state(w, WalkerStall::kWalking);
  w.asked = w.request = queued.request;
  w.accepted = queued.accepted;
  w.ready = sim::now();
  work(w, params_.start_cycles);
  w.place = cursors_.best(w.request);
  w.key = {w.request.connection, w.request.asid, w.place.address,
           w.request.first_sequence + static_cast<std::uint32_t>(w.place.covered)};
  w.previous = 0;
  trace(sim::TraceKind::kWalk, w.request);
  advance(w);
}

/// Goes from record to record through the cache until a fetch or an event is needed.
void TlmWalker::advance(Walk& w) {
  const sim::Time horizon = sim::now() + cycles(kRunAhead);
  while (w.ready <= horizon) {
    const Fault bad = link_fault(w);
    if (bad != Fault::kNone) {
      fail(w, bad, bad == Fault::kRange ? w.previous : w.place.address);
      return;
    }
    work(w, params_.lookup_cycles);
    const ContextRecord* const record = cache_.find(w.key);
    if (record == nullptr) {
      reader_.read(want(w));
      return;
    }
    if (!visit(w, *record)) return;
  }
  schedule(w, Next::kAdvance);
}

/// True when the walk goes on to the record after this one at once.
bool TlmWalker::visit(Walk& w, const ContextRecord& record) {
  work(w, params_.check_cycles);
  present_ = {w.place.address, w.key.sequence, w.request.connection, w.request.txn, w.ready};
  context_.trace.changed(node_, sim::Watched::kWalker);
  const Fault bad = record_fault(w, record);
  if (bad != Fault::kNone) {
    fail(w, bad, w.place.address);
    return false;
  }
  if (w.request.sequence - w.key.sequence >= record.data_size) {
    follow(w, record);
    return true;
  }
  w.record = record;
  cursors_.note(w.request, w.place);
  reader_.read_ahead(want(w), record);
  plan_burst(w);
  return false;
}

void TlmWalker::follow(Walk& w, const ContextRecord& record) {
  w.previous = w.place.address;
  w.place = {record.next, w.place.index + 1, w.place.covered + record.data_size};
  w.key.sequence += record.data_size;
  w.key.address = record.next;
}

/// What is wrong with the link that leads to w.place. A loop over other records than these two
/// contradicts their sequence numbers.
Fault TlmWalker::link_fault(const Walk& w) const {
  const std::uint64_t link = w.place.address;
  if (link == 0) return w.place.index == 0 ? Fault::kNullHead : Fault::kRange;
  if (link % sizeof(ContextRecord) != 0) return Fault::kMisaligned;
  if (w.place.index >= params_.max_records || link == w.previous) return Fault::kTooLong;
  if (w.place.index > 0 && link == w.request.list_head) return Fault::kTooLong;
  return Fault::kNone;
}

Fault TlmWalker::record_fault(const Walk& w, const ContextRecord& record) {
  if (record.version > kContextVersion) return Fault::kVersion;
  if (record.data_size == 0 || record.data_size > kMaxSize) return Fault::kZeroSize;
  if (record.starting_sequence != w.key.sequence) return Fault::kSequenceGap;
  if (w.place.covered + record.data_size > kMaxList) return Fault::kTooLong;
  return Fault::kNone;
}

/// Virtual address of the byte `sequence` of w.record.
static std::uint64_t address_of(const ContextRecord& record, std::uint32_t sequence) {
  return record.virtual_address + record.offset + (sequence - record.starting_sequence);
}

/// Length of the block that begins at `sequence` in w.record, of a walk that wants `left` bytes.
std::uint32_t TlmWalker::piece(const Walk& w, std::uint32_t sequence, std::uint32_t left) const {
  const std::uint32_t inside = w.record.data_size - (sequence - w.record.starting_sequence);
  std::uint64_t length = std::min<std::uint64_t>(std::min(left, inside), params_.granularity.n);
  if (params_.split_at_pages) {
    const std::uint64_t address = address_of(w.record, sequence);
    length = std::min(length, node_page(address) + kNodePage - address);
  }
  return static_cast<std::uint32_t>(length);
}

/// The next blocks of w.record leave together when the last of them is ready.
void TlmWalker::plan_burst(Walk& w) {
  const std::uint32_t inside =
      w.record.data_size - (w.request.sequence - w.record.starting_sequence);
  std::uint32_t left = std::min(w.request.length, inside);
  std::uint32_t sequence = w.request.sequence;
  for (w.burst = 0; w.burst < kBurst && left > 0; ++w.burst) {
    const std::uint32_t n = piece(w, sequence, left);
    sequence += n;
    left -= n;
  }
  work(w, params_.block_cycles * w.burst);
  schedule(w, Next::kEmit);
}

void TlmWalker::emit(Walk& w) {
  WalkRequest& r = w.request;
  for (unsigned i = 0; i < w.burst; ++i) {
    const std::uint32_t n = piece(w, r.sequence, r.length);
    outbox_.block({r.txn, r.connection, r.asid, address_of(w.record, r.sequence), n, r.sequence,
                   r.why, n == r.length});
    ++stats_.blocks;
    r.sequence += n;
    r.length -= n;
  }
  if (r.length == 0) {
    finish(w);
  } else if (r.sequence - w.record.starting_sequence < w.record.data_size) {
    plan_burst(w);
  } else {
    follow(w, w.record);
    advance(w);
  }
}

void TlmWalker::step(const Step& s) {
  Walk& w = walks_[s.walk];
  if (!w.live || w.generation != s.generation) return;
  switch (w.next) {
    case Next::kAdvance:
      advance(w);
      break;
    case Next::kEmit:
      emit(w);
      break;
    case Next::kFault:
      outbox_.fault(w.fault);
      end(w);
      break;
  }
  settle();
}

void TlmWalker::schedule(Walk& w, Next next) {
  w.next = next;
  set_state(w, WalkerStall::kWalking);
  steps_.push(w.ready, {index(w), w.generation});
}

void TlmWalker::fail(Walk& w, Fault code, std::uint64_t address) {
  ++stats_.faults[static_cast<std::size_t>(code)];
  cursors_.forget(w.request.connection);
  w.fault = {w.request.txn, w.request.connection, code, address};
  schedule(w, Next::kFault);
}

void TlmWalker::finish(Walk& w) {
  stats_.walk_latency.record((sim::now() - w.accepted).ps);
  trace(sim::TraceKind::kWalkDone, w.asked);
  outbox_.done(w.request.txn, w.request.connection);
  end(w);
}

void TlmWalker::trace(sim::TraceKind kind, const WalkRequest& request) const {
  context_.trace.emit({{},
                       kind,
                       node_,
                       request.asid,
                       request.connection,
                       request.txn,
                       request.list_head,
                       request.length,
                       request.sequence,
                       static_cast<std::uint32_t>(request.why)});
}

void TlmWalker::end(Walk& w) {
  set_state(w, WalkerStall::kIdle);
  --in_state_[static_cast<std::size_t>(WalkerStall::kIdle)];
  resumed_.erase(std::remove(resumed_.begin(), resumed_.end(), index(w)), resumed_.end());
  if (w.engine) --running_;
  w.live = w.engine = false;
  ++w.generation;
  --active_;
  context_.trace.changed(node_, sim::Watched::kWalker);
}

void TlmWalker::record_read(unsigned walk, const ContextRecord& record, sim::Time at) {
  Walk& w = walks_[walk];
  w.record = record;
  w.ready = sim::max(w.ready, at);
  set_state(w, WalkerStall::kWalking);
  if (w.engine) {
    resume(w);
  } else {
    resumed_.push_back(walk);
  }
}

/// The record that the walk waited for is in w.record.
void TlmWalker::resume(Walk& w) {
  w.ready = sim::max(w.ready, sim::now());
  if (visit(w, w.record)) advance(w);
}

void TlmWalker::read_failed(unsigned walk, Fault code) {
  Walk& w = walks_[walk];
  w.ready = sim::max(w.ready, sim::now());
  fail(w, code, w.place.address);
}

/// The host may take milliseconds to identify a page: the engine is free for others meanwhile.
void TlmWalker::read_waits(unsigned walk, WalkerStall why) {
  Walk& w = walks_[walk];
  set_state(w, why);
  if (why != WalkerStall::kWaitingTranslation || !w.engine) return;
  w.engine = false;
  --running_;
}

void TlmWalker::send_fetch(tlm::tlm_generic_payload& gp, sim::Time at) {
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sim::to_sc(at - sim::now());
  const auto answer = fetch->nb_transport_fw(gp, phase, delay);
  sim::ensure(answer == tlm::TLM_UPDATED && phase == tlm::END_REQ,
              "walker: a fetch was not answered with END_REQ");
}

tlm::tlm_sync_enum TlmWalker::fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
  sim::ensure(phase == tlm::BEGIN_RESP,
              "walker: a fetch came back with another phase than "
              "BEGIN_RESP");
  reader_.completed(gp, sim::now() + sim::from_sc(delay));
  settle();
  return tlm::TLM_COMPLETED;
}

/// The block's time goes to the most advanced state that any of its walks is in.
void TlmWalker::set_state(Walk& w, WalkerStall state) {
  --in_state_[static_cast<std::size_t>(w.state)];
  w.state = state;
  ++in_state_[static_cast<std::size_t>(state)];
  WalkerStall whole = WalkerStall::kIdle;
  for (std::size_t i = in_state_.size(); i-- > 1;) {
    if (in_state_[i] > 0) whole = static_cast<WalkerStall>(i);
  }
  if (whole == stats_.stalls.reason()) return;
  stats_.stalls.enter(whole, sim::now());
  context_.trace.changed(node_, sim::Watched::kWalker);
}

void TlmWalker::settle_stats() {
  stats_.stalls.settle(sim::now());
  stats_.stalls.check_sum(sim::now());
}

}  // namespace vctoe::nic
