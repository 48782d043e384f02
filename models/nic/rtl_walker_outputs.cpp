// What leaves the walker in RTL, and what it says of itself.
#include <fmt/format.h>

#include <algorithm>

#include "models/nic/rtl_walker.h"
#include "models/nic/walker_recording.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {

namespace {
constexpr unsigned kPageShift = 12;
}  // namespace

// ---- what leaves --------------------------------------------------------------------------------

void RtlWalker::put_fetch() {
  const FetchBeat& b = pins_.fetch.beat;
  if (b.tag >= tag_used_.size() || tag_used_[b.tag]) {
    sim::check_failed(fmt::format("RTL walker: tag {} is in use, at {} ps", b.tag, sim::now().ps));
  }
  tag_used_[b.tag] = true;
  ++fetches_out_;
  ++stats_.records_fetched;
  if (b.prefetch != 0) ++stats_.records_prefetched;
  const std::uint64_t page_mask = (std::uint64_t{1} << kPageShift) - 1;
  const auto page = held_.find({static_cast<std::uint16_t>(b.asid), b.address >> kPageShift});
  if (page != held_.end()) last_record_ = (page->second << kPageShift) | (b.address & page_mask);
  tlm::tlm_generic_payload& gp = payloads_.get();
  sim::set_access(gp, tlm::TLM_READ_COMMAND, b.address, &records_[b.tag], sizeof(ContextRecord));
  auto& tlp = pcie::TlpExtension::of(gp);
  const auto known = std::find_if(live_.begin(), live_.end(), [&](const Live& l) {
    return static_cast<std::uint32_t>(l.request.txn) == b.txn;
  });
  tlp.txn = known != live_.end() ? known->request.txn : b.txn;
  tlp.connection = b.connection;
  tlp.asid = static_cast<std::uint16_t>(b.asid);
  tlp.purpose = pcie::Purpose::kContext;
  auto* ext = gp.get_extension<RtlTag>();
  if (ext == nullptr) gp.set_extension(ext = new RtlTag);
  ext->tag = b.tag;
  tlm::tlm_phase phase = tlm::BEGIN_REQ;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const auto answer = fetch->nb_transport_fw(gp, phase, delay);
  sim::ensure(answer == tlm::TLM_UPDATED && phase == tlm::END_REQ,
              "walker: a fetch was not answered with END_REQ");
}

void RtlWalker::put_out() {
  const OutBeat& b = pins_.out.beat;
  ending_ = b.kind == kOutFault || b.kind == kOutDone;
  const auto asid = static_cast<std::uint16_t>(b.asid);
  if (b.kind == kOutNode) {
    ++asked_;
    ++stats_.node_requests;
    outbox_.node_needed({b.connection, asid, b.address});
  } else if (b.kind == kOutRelease) {
    const auto its = [&](const auto& entry) {
      return entry.first.first == asid && entry.second == b.address >> kPageShift;
    };
    const auto page = std::find_if(held_.begin(), held_.end(), its);
    if (page != held_.end()) held_.erase(page);
    outbox_.node_released(asid, b.address);
  } else if (!cancelling(b.connection)) {
    const auto w = walk_of(b);
    if (b.kind == kOutBlock) {
      ++stats_.blocks;
      present_.sequence = b.sequence;
      const auto why = b.retransmit != 0 ? sim::Why::kRetransmit : sim::Why::kFirst;
      outbox_.block(
          {w->request.txn, b.connection, asid, b.address, b.length, b.sequence, why, b.last != 0});
    } else if (b.kind == kOutFault) {
      put_fault(b);
    } else {
      put_done(b);
    }
  }
}

std::vector<RtlWalker::Live>::iterator RtlWalker::walk_of(const OutBeat& beat) {
  const auto w = std::find_if(live_.begin(), live_.end(), [&](const Live& l) {
    return l.inside && l.request.connection == beat.connection;
  });
  if (w == live_.end() || static_cast<std::uint32_t>(w->request.txn) != beat.txn) {
    sim::check_failed(fmt::format("RTL walker: output of no walk of its connection, at {} ps: {}",
                                  sim::now().ps, text_of(beat)));
  }
  return w;
}

void RtlWalker::put_fault(const OutBeat& b) {
  const auto w = walk_of(b);
  if (b.code == 0 || b.code >= stats_.faults.size()) {
    sim::check_failed(
        fmt::format("RTL walker: no such fault, at {} ps: {}", sim::now().ps, text_of(b)));
  }
  ++stats_.faults[b.code];
  outbox_.fault({w->request.txn, b.connection, static_cast<Fault>(b.code), b.address});
  live_.erase(w);
}

void RtlWalker::put_done(const OutBeat& b) {
  const auto w = walk_of(b);
  stats_.walk_latency.record((sim::now() - w->accepted).ps);
  trace(sim::TraceKind::kWalkDone, w->request);
  outbox_.done(w->request.txn, b.connection);
  live_.erase(w);
}

void RtlWalker::trace(sim::TraceKind kind, const WalkRequest& r) const {
  context_.trace.emit({{},
                       kind,
                       node_,
                       r.asid,
                       r.connection,
                       r.txn,
                       r.list_head,
                       r.length,
                       r.sequence,
                       static_cast<std::uint32_t>(r.why)});
}

// ---- what it says of itself ---------------------------------------------------------------------

void RtlWalker::note_present() {
  present_.address = last_record_;
  present_.at = sim::now();
  if (pins_.out.valid && pins_.out.beat.kind == kOutBlock) {
    present_.connection = pins_.out.beat.connection;
    present_.txn = pins_.out.beat.txn;
  }
}

/// Counters are read one a cycle; they may wrap between two looks, but not twice.
void RtlWalker::read_counter() {
  std::uint64_t* const only_inside[] = {&stats_.record_hits, &stats_.record_misses,
                                        &stats_.record_evictions, &stats_.translation_hits,
                                        &stats_.translation_evictions};
  if (counter_shown_ >= kCountRecordHits && counter_shown_ <= kCountTranslationEvictions) {
    std::uint64_t& counter = *only_inside[counter_shown_ - kCountRecordHits];
    counter += static_cast<std::uint32_t>(pins_.perf_value - static_cast<std::uint32_t>(counter));
  }
  counter_shown_ = pins_.perf_index;
  pins_.perf_index = (pins_.perf_index + 1) % kCounters;
}

void RtlWalker::set_stall() {
  WalkerStall now = WalkerStall::kWalking;
  if (live_.empty()) {
    now = WalkerStall::kIdle;
  } else if (pins_.quiet && !pins_.any_input()) {
    now = fetches_out_ > 0 ? WalkerStall::kWaitingFetch : WalkerStall::kWaitingTranslation;
  }
  if (now == stats_.stalls.reason()) return;
  stats_.stalls.enter(now, sim::now());
  context_.trace.changed(node_, sim::Watched::kWalker);
}

/// While the clock stands still nothing but the counters' own output changes in the RTL.
void RtlWalker::settle_stats() {
  for (std::uint32_t i = 0; clock_.at() == sim::Time::never() && i <= kCounters; ++i) {
    core_->settle(pins_);
    core_->edge(sim::now());
    read_counter();
  }
  stats_.stalls.settle(sim::now());
  stats_.stalls.check_sum(sim::now());
}

}  // namespace vctoe::nic
