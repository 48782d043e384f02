// What the shadow of a lockstep reads and asks for: answered with what the RTL was answered.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/nic/lockstep_walker.h"
#include "models/pcie/tlp_extension.h"
#include "models/sim/kernel.h"

namespace vctoe::nic {
namespace {

/// How long the shadow may owe an output before reads that nobody needs are given up.
constexpr sim::Time kPatience = sim::Time::from_us(20);
/// How long that is tried again before it is a difference.
constexpr sim::Time kHopeless = sim::Time::from_ms(2);

}  // namespace

// ---- pages --------------------------------------------------------------------------------------

void LockstepWalker::fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) {
  note(kRtl, LockstepEvent::of_page(What::kFill, asid, page));
  pages_[kRtl][{asid, page}] = Held::kHeld;
  frames_[{asid, page}] = frame;
  by_frame_[{asid, frame}] = page;
  rtl_.fill(asid, page, frame);
  answer_page({asid, page}, false);
}

void LockstepWalker::fill_failed(std::uint16_t asid, std::uint64_t page) {
  note(kRtl, LockstepEvent::of_page(What::kFillFailed, asid, page));
  pages_[kRtl][{asid, page}] = Held::kFailed;
  rtl_.fill_failed(asid, page);
  answer_page({asid, page}, true);
}

/// The shadow, if it asks for the page, gets what the RTL got. The frame is the page itself, so
/// that the shadow's reads say which record they want.
void LockstepWalker::answer_page(const Page& page, bool failed) {
  const auto asked = pages_[kTlm].find(page);
  if (asked == pages_[kTlm].end() || asked->second != Held::kAsked) return;
  note(kTlm,
       LockstepEvent::of_page(failed ? What::kFillFailed : What::kFill, page.first, page.second));
  if (failed) {
    pages_[kTlm].erase(asked);
    tlm_.fill_failed(page.first, page.second);
  } else {
    asked->second = Held::kHeld;
    tlm_.fill(page.first, page.second, page.second);
  }
}

void LockstepWalker::page_event(Side side, const LockstepEvent& event) {
  note(side, event);
  const Page page{event.asid, event.address};
  const auto known = pages_[side].find(page);
  const bool had = known != pages_[side].end();
  const bool held = had && known->second == Held::kHeld;
  const LockstepEvent* const rtl = side == kRtl ? &event : nullptr;
  const LockstepEvent* const tlm = side == kTlm ? &event : nullptr;
  if (event.what == What::kRelease) {
    if (!held) differ(rtl, tlm, "a page is released that is not held");
    if (side == kTlm) {
      pages_[kTlm].erase(page);
      return;
    }
    by_frame_.erase({page.first, frames_[page]});
    frames_.erase(page);
    pages_[kRtl][page] = Held::kReleased;
    return;
  }
  if (held || (had && known->second == Held::kAsked)) {
    differ(rtl, tlm, "a page is asked for that is held or was asked for");
  }
  pages_[side][page] = Held::kAsked;
  if (side == kRtl) return;
  if (faulted(event.connection, Fault::kUnresolvable, page.second)) {
    answer_page(page, true);
    return;
  }
  const auto master = pages_[kRtl].find(page);
  if (master != pages_[kRtl].end() && master->second == Held::kHeld) answer_page(page, false);
}

/// True if the RTL has ended a walk by this fault (kNone: by any) in this page or at this record,
/// and the shadow has not said so yet.
bool LockstepWalker::faulted(std::uint32_t connection, Fault code, std::uint64_t address) const {
  const auto line = lines_.find(connection);
  if (line == lines_.end()) return false;
  const auto& said = line->second.said[kRtl];
  return std::any_of(said.begin(), said.end(), [&](const LockstepEvent& e) {
    const std::uint64_t at = code == Fault::kUnresolvable ? node_page(e.address) : e.address;
    return e.what == What::kFault && (e.code == code || code == Fault::kNone) && at == address;
  });
}

// ---- fetches ------------------------------------------------------------------------------------

tlm::tlm_sync_enum LockstepWalker::rtl_fetches(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                               sc_core::sc_time& delay) {
  const auto& tlp = *gp.get_extension<pcie::TlpExtension>();
  LockstepEvent event = LockstepEvent::of_page(What::kFetch, tlp.asid, gp.get_address());
  event.connection = tlp.connection;
  event.txn = tlp.txn;
  const auto page = by_frame_.find({tlp.asid, node_page(gp.get_address())});
  if (page == by_frame_.end()) differ(&event, nullptr, "a read from a frame that is not held");
  event.address = page->second + gp.get_address() % kNodePage;
  note(kRtl, event);
  fetches_.push_back(
      {&gp, tlp.connection, {tlp.asid, event.address}, lines_[tlp.connection].life[kRtl]});
  return fetch->nb_transport_fw(gp, phase, delay);
}

tlm::tlm_sync_enum LockstepWalker::fetch_response(tlm::tlm_generic_payload& gp,
                                                  tlm::tlm_phase& phase, sc_core::sc_time& delay) {
  const auto mine =
      std::find_if(fetches_.begin(), fetches_.end(), [&](const Fetch& f) { return f.gp == &gp; });
  sim::ensure(mine != fetches_.end(), "walker: completion of a fetch that is not out");
  const Fetch done = *mine;
  fetches_.erase(mine);
  LockstepRecords::Copy copy;
  copy.ok = gp.is_response_ok();
  copy.life = done.life;
  std::memcpy(&copy.record, gp.get_data_ptr(), sizeof copy.record);
  const sim::Time at = sim::now() + sim::from_sc(delay);
  LockstepEvent event =
      LockstepEvent::of_page(What::kCompletion, done.place.first, done.place.second);
  event.connection = done.connection;
  event.code = copy.ok ? Fault::kNone : Fault::kBadCompletion;
  note(kRtl, event);
  const auto answer = from_rtl_->nb_transport_bw(gp, phase, delay);
  if (done.life == lines_[done.connection].life[kRtl]) {
    records_.put(done.connection, done.place, copy);
    answer_waiting(at);
  }
  return answer;
}

tlm::tlm_sync_enum LockstepWalker::tlm_fetches(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                               sc_core::sc_time& delay) {
  const auto& tlp = *gp.get_extension<pcie::TlpExtension>();
  LockstepEvent event = LockstepEvent::of_page(What::kFetch, tlp.asid, gp.get_address());
  event.connection = tlp.connection;
  event.txn = tlp.txn;
  note(kTlm, event);
  if (!answer_fetch(gp, sim::now() + sim::from_sc(delay))) waiting_.push_back(&gp);
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

/// False when the RTL has not read the record, or what it got for it is not decided: an error may
/// have been that of a read ahead, which ends nothing, and a record of another sequence number may
/// be an older list's, which the RTL will not use either.
bool LockstepWalker::answer_fetch(tlm::tlm_generic_payload& gp, sim::Time at) {
  const auto& tlp = *gp.get_extension<pcie::TlpExtension>();
  const std::uint64_t address = gp.get_address();
  if (faulted(tlp.connection, Fault::kBadCompletion, address)) {
    fail_fetch(gp);
    return true;
  }
  const LockstepRecords::Copy* const copy =
      records_.find(tlp.connection, {tlp.asid, address}, lines_[tlp.connection].life[kTlm]);
  if (copy == nullptr || !copy->ok || (copy->stale && !stirring_)) return false;
  if (copy->record.starting_sequence != gp.get_extension<RecordFetch>()->sequence &&
      !faulted(tlp.connection, Fault::kNone, address)) {
    return false;
  }
  std::memcpy(gp.get_data_ptr(), &copy->record, sizeof copy->record);
  gp.set_response_status(tlm::TLM_OK_RESPONSE);
  responses_.push(sim::max(at, sim::now()), &gp);
  return true;
}

void LockstepWalker::answer_waiting(sim::Time at) {
  const auto answered = [&](auto* gp) { return answer_fetch(*gp, at); };
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(), answered), waiting_.end());
}

void LockstepWalker::fail_fetch(tlm::tlm_generic_payload& gp) {
  gp.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
  responses_.push(sim::now(), &gp);
}

void LockstepWalker::respond(tlm::tlm_generic_payload& gp) {
  const auto& tlp = *gp.get_extension<pcie::TlpExtension>();
  LockstepEvent event = LockstepEvent::of_page(What::kCompletion, tlp.asid, gp.get_address());
  event.connection = tlp.connection;
  event.code = gp.is_response_ok() ? Fault::kNone : Fault::kBadCompletion;
  note(kTlm, event);
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  from_tlm_->nb_transport_bw(gp, phase, delay);
}

/// Pages that the shadow asked for and the RTL has no need of: it kept the record, or whoever
/// wanted the page was cancelled before the RTL came to ask.
void LockstepWalker::answer_forgotten_pages() {
  std::vector<Page> forgotten;
  for (const auto& [page, held] : pages_[kTlm]) {
    if (held != Held::kAsked) continue;
    const auto master = pages_[kRtl].find(page);
    const bool had = master != pages_[kRtl].end() && master->second == Held::kReleased;
    const bool asks = master != pages_[kRtl].end() && master->second == Held::kAsked;
    if (had || (!asks && !tlm_.demanded(page.first, page.second))) forgotten.push_back(page);
  }
  for (const Page& page : forgotten) answer_page(page, false);
}

/// The shadow reads ahead by a clock of its own. What the RTL never reads, because it had it or had
/// no tag for it, would hold a tag and a page of the shadow for ever.
void LockstepWalker::stir() {
  if (!shadow_owes()) return;
  const auto idle = std::stable_partition(waiting_.begin(), waiting_.end(),
                                          [this](auto* gp) { return tlm_.demanded(*gp); });
  const std::vector<tlm::tlm_generic_payload*> ahead(idle, waiting_.end());
  waiting_.erase(idle, waiting_.end());
  for (auto* gp : ahead) fail_fetch(*gp);
  stirring_ = true;  // the RTL was past a record when its page was invalidated, the shadow was not
  answer_waiting(sim::now());
  stirring_ = false;
  answer_forgotten_pages();
  for (const auto& entry : lines_) {
    const auto& said = entry.second.said[kRtl];
    if (said.empty() || said.front().at + kHopeless > sim::now()) continue;
    differ(&said.front(), nullptr, "the model never says what the RTL said");
  }
  if (shadow_owes()) stir_.set(sim::now() + kPatience);
}

void LockstepWalker::stir_later() {
  if (stir_.at() == sim::Time::never()) stir_.set(sim::now() + kPatience);
}

}  // namespace vctoe::nic
