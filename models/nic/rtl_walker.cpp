#include "models/nic/rtl_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/nic/walker_recording.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

constexpr std::uint64_t kPageShift = 12;

WalkBeat beat_of(const WalkRequest& r) {
  WalkBeat b;
  b.txn = static_cast<std::uint32_t>(r.txn);
  b.connection = r.connection;
  b.asid = r.asid;
  b.head = r.list_head;
  b.first_sequence = r.first_sequence;
  b.sequence = r.sequence;
  b.length = r.length;
  b.block_size = r.shape.block_size;
  b.end_sequence = r.shape.end_sequence;
  b.retransmit = r.why == sim::Why::kRetransmit ? 1 : 0;
  return b;
}

template <class Queue, class Stream>
void offer(const Queue& queue, sim::Time now, Stream& stream) {
  stream.valid = !queue.empty() && queue.front().at < now;
  if (stream.valid) stream.beat = queue.front().beat;
}

}  // namespace

RtlWalker::RtlWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                     const WalkerParams& params, std::uint64_t connections, WalkerSink& sink)
    : WalkerBlock(name),
      context_(context),
      node_(node),
      params_(params),
      set_(walker_set_for(params, connections)),
      config_(walker_config(params)),
      core_(make_walker_core(set_)),
      outbox_(context, node, sink),
      records_(set_.tags),
      tag_used_(set_.tags),
      clock_([this] { on_edge(); }) {
  core_->reset(config_);
  pins_.fetch.ready = pins_.out.ready = true;
}

// ---- what comes ---------------------------------------------------------------------------------

bool RtlWalker::walk(const WalkRequest& request) {
  sim::ensure(request.length >= 1 && request.length <= 0x7fff'ffff, "walker: length out of range");
  // Where a walk is just over its engine will take another, but the RTL has yet to do so.
  const std::uint64_t room = params_.request_queue + (ending_ ? 1 : 0);
  if (walks_.size() + pins_.queue >= room) return false;
  ++stats_.walks;
  live_.push_back({request, sim::now(), false});
  walks_.push_back({sim::now(), next_order_++, beat_of(request)});
  if (live_.size() == 1) stats_.stalls.enter(WalkerStall::kWalking, sim::now());
  wake(sim::now());
  context_.trace.changed(node_, sim::Watched::kWalker);
  return true;
}

void RtlWalker::fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) {
  sim::ensure(asked_ > 0, "walker: an answer to no request for a page");
  --asked_;
  held_[{asid, frame >> kPageShift}] = page >> kPageShift;
  fills_.push_back({sim::now(), next_order_++, {0, asid, page >> kPageShift, frame >> kPageShift}});
  wake(sim::now());
}

void RtlWalker::fill_failed(std::uint16_t asid, std::uint64_t page) {
  sim::ensure(asked_ > 0, "walker: an answer to no request for a page");
  --asked_;
  fills_.push_back({sim::now(), next_order_++, {1, asid, page >> kPageShift, 0}});
  wake(sim::now());
}

void RtlWalker::invalidate(std::uint16_t asid, std::uint64_t page) {
  invalidations_.push_back({sim::now(), next_order_++, {asid, page >> kPageShift}});
  wake(sim::now());
}

/// A walk that its pins show already stays: it will be taken first and then be cancelled.
void RtlWalker::cancel(std::uint32_t connection) {
  const auto its = [&](const Input<WalkBeat>& i) { return i.beat.connection == connection; };
  const std::ptrdiff_t shown = pins_.walk.valid && !pins_.walk.ready ? 1 : 0;
  walks_.erase(std::remove_if(walks_.begin() + shown, walks_.end(), its), walks_.end());
  const auto gone = std::remove_if(live_.begin(), live_.end(), [&](const Live& l) {
    return l.request.connection == connection;
  });
  stats_.cancelled += static_cast<std::uint64_t>(live_.end() - gone);
  live_.erase(gone, live_.end());
  outbox_.purge(connection);
  cancels_.push_back({sim::now(), next_order_++, {connection}});
  set_stall();
  wake(sim::now());
}

bool RtlWalker::cancelling(std::uint32_t connection) const {
  return std::any_of(cancels_.begin(), cancels_.end(),
                     [&](const auto& c) { return c.beat.connection == connection; });
}

tlm::tlm_sync_enum RtlWalker::fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                             sc_core::sc_time& delay) {
  sim::ensure(phase == tlm::BEGIN_RESP,
              "walker: a fetch came back with another phase than BEGIN_RESP");
  CompletionBeat beat;
  beat.tag = gp.get_extension<RtlTag>()->tag;
  beat.error = gp.is_response_ok() ? 0 : 1;
  std::memcpy(beat.data.data(), &records_[beat.tag], sizeof beat.data);
  gp.release();
  if (beat.error != 0) ++stats_.fetch_errors;
  --fetches_out_;
  tag_used_[beat.tag] = false;
  const sim::Time at = sim::now() + sim::from_sc(delay);
  auto place = completions_.end();
  while (place != completions_.begin() && (place - 1)->at > at) --place;
  completions_.insert(place, {at, next_order_++, beat});
  wake(at);
  return tlm::TLM_COMPLETED;
}

// ---- the clock ----------------------------------------------------------------------------------

/// Something has come, or will have at `at`: the first edge after it sees it.
void RtlWalker::wake(sim::Time at) {
  if (in_edge_) return;
  const sim::Time edge = edge_after(at);
  if (edge < clock_.at()) clock_.set(edge);
}

void RtlWalker::record(const std::string& path) {
  try {
    recording_ = std::make_unique<WalkerRecordingTap>(path, config_);
  } catch (const std::exception& e) {
    sim::user_error(e.what());
  }
  add_tap(*recording_);
}

void RtlWalker::close_record() {
  if (recording_) recording_->close();
}

void RtlWalker::run_free() {
  free_running_ = true;
  wake(sim::now());
}

sim::Time RtlWalker::next_input() const {
  sim::Time next = sim::Time::never();
  const auto consider = [&next](const auto& queue) {
    if (!queue.empty()) next = sim::min(next, queue.front().at);
  };
  consider(walks_), consider(fills_), consider(invalidations_);
  consider(cancels_), consider(completions_);
  return next;
}

void RtlWalker::on_edge() {
  const sim::Time now = sim::now();
  in_edge_ = true;
  ending_ = false;
  apply_inputs(now);
  pins_.from = now - params_.clock;
  pins_.to = now;
  core_->settle(pins_);
  core_->edge(now);
  ++cycles_run_;
  for (WalkerTap* tap : taps_) tap->cycle(now.ps / params_.clock.ps, pins_);
  context_.trace.changed(node_, sim::Watched::kWalker);
  read_counter();
  const bool active = !pins_.quiet || pins_.any_input() || pins_.fetch.valid || pins_.out.valid;
  take_inputs();
  if (pins_.fetch.valid) put_fetch();
  if (pins_.out.valid) put_out();
  // Only now: what left in the cycle in which a cancel was done belongs to the walks before it.
  if (pins_.cancel.passes()) cancels_.pop_front();
  outbox_.flush();
  note_present();
  set_stall();
  in_edge_ = ending_ = false;
  if (active || free_running_) {
    clock_.set(now + params_.clock);
  } else if (const sim::Time next = next_input(); next != sim::Time::never()) {
    clock_.set(sim::max(edge_after(next), now + params_.clock));
  }
}

void RtlWalker::apply_inputs(sim::Time now) {
  offer_cancel(now);
  offer_walk(now);
  offer_pages(now);
  offer(completions_, now, pins_.completion);
}

/// A cancel concerns the walks before it and not those after it.
void RtlWalker::offer_walk(sim::Time now) {
  const bool shown = pins_.walk.valid && !pins_.walk.ready;
  offer(walks_, now, pins_.walk);
  if (!pins_.walk.valid || shown) return;
  const auto before = [this](const auto& c) {
    return c.beat.connection == walks_.front().beat.connection;
  };
  if (std::any_of(cancels_.begin(), cancels_.end(), before)) pins_.walk.valid = false;
}

void RtlWalker::offer_cancel(sim::Time now) {
  const bool shown = pins_.walk.valid && !pins_.walk.ready;
  offer(cancels_, now, pins_.cancel);
  if (shown && pins_.walk.beat.connection == pins_.cancel.beat.connection) {
    pins_.cancel.valid = false;
  }
}

/// Answers and invalidations of one page stay in order.
void RtlWalker::offer_pages(sim::Time now) {
  const bool fill_shown = pins_.fill.valid && !pins_.fill.ready;
  const bool invalidate_shown = pins_.invalidate.valid && !pins_.invalidate.ready;
  offer(fills_, now, pins_.fill);
  offer(invalidations_, now, pins_.invalidate);
  if (!pins_.fill.valid || !pins_.invalidate.valid) return;
  const bool fill_first = fills_.front().order < invalidations_.front().order;
  if (fill_first && !invalidate_shown) pins_.invalidate.valid = false;
  if (!fill_first && !fill_shown) pins_.fill.valid = false;
}

void RtlWalker::take_inputs() {
  if (pins_.walk.passes()) {
    const std::uint32_t connection = walks_.front().beat.connection;
    walks_.pop_front();
    const auto w = std::find_if(live_.begin(), live_.end(), [&](const Live& l) {
      return !l.inside && l.request.connection == connection;
    });
    if (w != live_.end() && !cancelling(connection)) {
      w->inside = true;
      trace(sim::TraceKind::kWalk, w->request);
    }
  }
  if (pins_.fill.passes()) fills_.pop_front();
  if (pins_.invalidate.passes()) invalidations_.pop_front();
  if (pins_.completion.passes()) completions_.erase(completions_.begin());
}

}  // namespace vctoe::nic
