#include "models/nic/lockstep_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/nic/walker_view.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

WalkerParams model_of(WalkerParams params) {
  params.impl = WalkerImpl::kTlm;
  return params;
}

}  // namespace

LockstepWalker::LockstepWalker(const sc_core::sc_module_name& name, sim::Context& context,
                               std::uint8_t node, const WalkerParams& params,
                               std::uint64_t connections, WalkerSink& sink)
    : LockstepWalker(name, context, node, params, model_of(params), connections, sink) {}

LockstepWalker::LockstepWalker(const sc_core::sc_module_name& name, sim::Context& context,
                               std::uint8_t node, const WalkerParams& params,
                               const WalkerParams& shadow, std::uint64_t connections,
                               WalkerSink& sink)
    : WalkerBlock(name),
      params_(params),
      sink_(sink),
      outputs_{{*this, kRtl}, {*this, kTlm}},
      rtl_("rtl", context, node, params, connections, outputs_[kRtl]),
      tlm_("tlm", unheard_, node, shadow, outputs_[kTlm]),
      from_rtl_("from_rtl"),
      from_tlm_("from_tlm"),
      responses_([this](tlm::tlm_generic_payload*& gp) { respond(*gp); }),
      stir_([this] { stir(); }) {
  from_rtl_.register_nb_transport_fw(this, &LockstepWalker::rtl_fetches);
  from_tlm_.register_nb_transport_fw(this, &LockstepWalker::tlm_fetches);
  rtl_.fetch.bind(from_rtl_);
  tlm_.fetch.bind(from_tlm_);
  rtl_.add_tap(log_);
}

// ---- inputs -------------------------------------------------------------------------------------

bool LockstepWalker::walk(const WalkRequest& request) {
  if (!rtl_.walk(request)) return false;
  note_both(LockstepEvent::of(request));
  Line& line = lines_[request.connection];
  if (!line.later.empty() || !tlm_.walk(request)) {
    line.later.push_back({false, 0, request});
    with_later_.insert(request.connection);
  }
  return true;
}

void LockstepWalker::invalidate(std::uint16_t asid, std::uint64_t page) {
  note_both(LockstepEvent::of_page(What::kInvalidate, asid, page));
  records_.invalidate(asid, page);
  rtl_.invalidate(asid, page);
  tlm_.invalidate(asid, page);
}

void LockstepWalker::cancel(std::uint32_t connection) {
  LockstepEvent event;
  event.what = What::kCancel;
  event.connection = connection;
  note_both(event);
  rtl_.cancel(connection);
  Line& line = lines_[connection];
  ++line.life[kRtl];
  const std::size_t owed = line.said[kRtl].size() - line.owed_later;
  // Walks of which neither has said anything.
  while (owed == 0 && !line.later.empty() && !line.later.back().cancel) line.later.pop_back();
  if (owed == 0 && line.later.empty()) {
    records_.forget(connection);
    cancel_shadow(connection);
  } else {
    line.later.push_back({true, owed, {}});
    line.owed_later += owed;
    with_later_.insert(connection);
  }
  give_waiting();  // the cancel made room
}

/// Hands on what waited, as far as it may go.
void LockstepWalker::give_shadow(std::uint32_t connection) {
  Line& line = lines_[connection];
  while (!line.later.empty()) {
    const auto cancel =
        std::find_if(line.later.begin(), line.later.end(), [](const Later& l) { return l.cancel; });
    if (cancel != line.later.end() && cancel->owed == 0) {  // of the walks before it all is said
      line.later.erase(line.later.begin(), std::next(cancel));
      cancel_shadow(connection);
      continue;
    }
    if (line.later.front().cancel || !tlm_.walk(line.later.front().walk)) return;
    line.later.pop_front();
  }
  with_later_.erase(connection);
}

void LockstepWalker::give_waiting() {
  const std::set<std::uint32_t> connections = with_later_;
  for (const std::uint32_t c : connections) give_shadow(c);
}

void LockstepWalker::cancel_shadow(std::uint32_t connection) {
  Line& line = lines_[connection];
  line.said[kTlm].clear();
  ++line.life[kTlm];
  tlm_.cancel(connection);
  const auto its = std::stable_partition(waiting_.begin(), waiting_.end(), [&](const auto* gp) {
    return gp->template get_extension<pcie::TlpExtension>()->connection != connection;
  });
  const std::vector<tlm::tlm_generic_payload*> dead(its, waiting_.end());
  waiting_.erase(its, waiting_.end());
  for (auto* gp : dead) fail_fetch(*gp);
}

// ---- outputs ------------------------------------------------------------------------------------

void LockstepWalker::Sink::block(const BlockRequest& r) {
  owner.output(side, LockstepEvent::of(r));
  if (side == kRtl) owner.sink_.block(r);
}

void LockstepWalker::Sink::fault(const WalkFault& f) {
  owner.output(side, LockstepEvent::of(f));
  if (side == kRtl) owner.sink_.fault(f);
}

void LockstepWalker::Sink::done(sim::TxnId txn, std::uint32_t connection) {
  LockstepEvent event;
  event.what = What::kDone;
  event.txn = txn;
  event.connection = connection;
  owner.output(side, event);
  if (side == kRtl) owner.sink_.done(txn, connection);
}

void LockstepWalker::Sink::node_needed(const NodeRequest& r) {
  LockstepEvent event = LockstepEvent::of_page(What::kNode, r.asid, r.page);
  event.connection = r.connection;
  owner.page_event(side, event);
  if (side == kRtl) owner.sink_.node_needed(r);
}

void LockstepWalker::Sink::node_released(std::uint16_t asid, std::uint64_t page) {
  owner.page_event(side, LockstepEvent::of_page(What::kRelease, asid, page));
  if (side == kRtl) owner.sink_.node_released(asid, page);
}

void LockstepWalker::output(Side side, const LockstepEvent& event) {
  note(side, event);
  Line& line = lines_[event.connection];
  line.said[side].push_back(event);
  line.said[side].back().at = sim::now();
  compare(line);
  if (side == kTlm) {
    give_waiting();
    return;
  }
  if (event.what == What::kFault) rtl_faulted(event);
  if (!line.said[kRtl].empty()) stir_later();
}

void LockstepWalker::compare(Line& line) {
  while (!line.said[kRtl].empty() && !line.said[kTlm].empty()) {
    const LockstepEvent rtl = line.said[kRtl].front();
    const LockstepEvent tlm = line.said[kTlm].front();
    if (!rtl.same_as(tlm)) differ(&rtl, &tlm, "outputs differ");
    deltas_[static_cast<std::size_t>(rtl.what)].record(rtl.at, tlm.at);
    line.said[kRtl].pop_front();
    line.said[kTlm].pop_front();
    if (line.owed_later == 0) continue;
    const auto cancel = std::find_if(line.later.begin(), line.later.end(),
                                     [](const Later& l) { return l.cancel && l.owed > 0; });
    --cancel->owed;
    --line.owed_later;
    if (cancel->owed == 0) give_shadow(rtl.connection);
  }
}

/// What the shadow waits for is decided now.
void LockstepWalker::rtl_faulted(const LockstepEvent& fault) {
  answer_waiting(sim::now());
  if (fault.code != Fault::kUnresolvable) return;
  std::vector<Page> failed;
  for (const auto& [page, held] : pages_[kTlm]) {
    const bool asked = held == Held::kAsked;
    if (asked && page.second == node_page(fault.address)) failed.push_back(page);
  }
  for (const Page& page : failed) answer_page(page, true);
}

// ---- the report ---------------------------------------------------------------------------------

void LockstepWalker::note(Side side, LockstepEvent event) {
  event.at = sim::now();
  history_[side].add(event);
}

void LockstepWalker::note_both(const LockstepEvent& event) {
  note(kRtl, event);
  note(kTlm, event);
}

void LockstepWalker::differ(const LockstepEvent* rtl, const LockstepEvent* tlm,
                            const std::string& what) {
  sim::ensure(rtl != nullptr || tlm != nullptr, "walker lockstep: a difference without an event");
  differed_ = true;
  const LockstepEvent& one = rtl != nullptr ? *rtl : *tlm;
  const auto said = [](const LockstepEvent* e) { return e == nullptr ? "nothing" : e->text(); };
  sim::check_failed(
      fmt::format("walker lockstep: {}: at {:.6f} us, cycle {}, connection {}, transaction {}\n"
                  "  RTL:   {}\n  model: {}\n"
                  "  last events of the RTL:\n{}  last events of the model:\n{}",
                  what, sim::now().us(), sim::now().ps / params_.clock.ps, one.connection, one.txn,
                  said(rtl), said(tlm), history_[kRtl].text(), history_[kTlm].text()));
}

bool LockstepWalker::shadow_owes() const {
  return std::any_of(lines_.begin(), lines_.end(),
                     [](const auto& entry) { return !entry.second.said[kRtl].empty(); });
}

void LockstepWalker::check_end() {
  if (rtl_.busy() != 0) return;
  for (const auto& [connection, line] : lines_) {
    if (line.said[kRtl].empty() && line.said[kTlm].empty()) continue;
    differ(line.said[kRtl].empty() ? nullptr : &line.said[kRtl].front(),
           line.said[kTlm].empty() ? nullptr : &line.said[kTlm].front(),
           "an output of one never came from the other");
  }
}

std::string LockstepWalker::leave_evidence(const std::string& directory,
                                           const std::string& prefix) {
  if (!differed_) return {};
  const std::string vcd = directory + "/" + prefix + ".vcd";
  log_.replay(rtl_.set(), rtl_.config(), params_.clock, 200, vcd);
  write_walker_view(directory, prefix);
  return "the RTL's last 200 cycles: " + vcd + ", with " + prefix + ".gtkw beside it";
}

void LockstepWalker::declare_more(sim::StatList& list) const {
  list.nested("lockstep", [&] {
    list.group("block", deltas_[static_cast<std::size_t>(What::kBlock)]);
    list.group("done", deltas_[static_cast<std::size_t>(What::kDone)]);
    list.group("fault", deltas_[static_cast<std::size_t>(What::kFault)]);
  });
}

}  // namespace vctoe::nic
