// The RTL and the model side by side: the RTL drives the system, the model is its shadow.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "models/nic/lockstep_events.h"
#include "models/nic/lockstep_records.h"
#include "models/nic/rtl_walker.h"
#include "models/nic/tlm_walker.h"
#include "models/nic/walker_log.h"

namespace vctoe::nic {

/// Both get the same walks, cancels and invalidations at the same times. Only the RTL reads memory
/// and asks the host; the shadow is answered with what the RTL has been answered with, and where it
/// wants something first it waits for that. Block, done and fault of each walk are compared in
/// order, every field; of pages, that request and release take turns. The first difference is
/// sim::check_failed. Where the shadow is behind when a connection is cancelled, its cancel waits
/// until it has said what the RTL said before.
class LockstepWalker : public WalkerBlock {
 public:
  LockstepWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                 const WalkerParams& params, std::uint64_t connections, WalkerSink& sink);
  /// For tests: with a shadow that is another one.
  LockstepWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                 const WalkerParams& params, const WalkerParams& shadow, std::uint64_t connections,
                 WalkerSink& sink);

  const Stats& stats() const override { return rtl_.stats(); }
  void declare_more(sim::StatList& list) const override;
  void settle_stats() override { rtl_.settle_stats(); }
  bool walk(const WalkRequest& request) override;
  void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) override;
  void fill_failed(std::uint16_t asid, std::uint64_t page) override;
  void invalidate(std::uint16_t asid, std::uint64_t page) override;
  void cancel(std::uint32_t connection) override;
  std::size_t busy() const override { return rtl_.busy(); }
  const Present& present() const override { return rtl_.present(); }
  std::size_t translations_in_use() const override { return rtl_.translations_in_use(); }
  std::size_t fetches_out() const override { return rtl_.fetches_out(); }
  const WalkerPins* pins() const override { return rtl_.pins(); }
  std::pair<std::uint32_t, std::uint32_t> engine(unsigned number) const override {
    return rtl_.engine(number);
  }
  void record(const std::string& path) override { rtl_.record(path); }
  void close_record() override { rtl_.close_record(); }
  void check_end() override;
  std::string leave_evidence(const std::string& directory, const std::string& prefix) override;
  RtlWalker& rtl() { return rtl_; }

 private:
  using What = LockstepEvent::What;
  using Page = std::pair<std::uint16_t, std::uint64_t>;  ///< address space, virtual page
  enum Side : std::size_t { kRtl, kTlm };
  enum class Held : std::uint8_t { kAsked, kHeld, kReleased, kFailed };

  /// One walker's outputs.
  struct Sink : WalkerSink {
    Sink(LockstepWalker& owner, Side side) : owner(owner), side(side) {}
    void block(const BlockRequest& r) override;
    void node_needed(const NodeRequest& r) override;
    void node_released(std::uint16_t asid, std::uint64_t page) override;
    void fault(const WalkFault& f) override;
    void done(sim::TxnId txn, std::uint32_t connection) override;
    LockstepWalker& owner;
    Side side;
  };
  /// What the shadow is given later: a walk, or a cancel when it has said as much as the RTL.
  struct Later {
    bool cancel = false;
    std::size_t owed = 0;  ///< outputs of the RTL before the cancel that the shadow still owes
    WalkRequest walk;
  };
  struct Line {
    std::deque<LockstepEvent> said[2];  ///< by Side: not matched by the other
    std::deque<Later> later;
    std::size_t owed_later = 0;  ///< sum of their `owed`
    std::uint64_t life[2] = {0, 0};
  };
  struct Fetch {  ///< by the RTL, on the bus
    tlm::tlm_generic_payload* gp;
    std::uint32_t connection;
    LockstepRecords::Place place;
    std::uint64_t life;
  };

  tlm::tlm_sync_enum fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                    sc_core::sc_time& delay) override;
  tlm::tlm_sync_enum rtl_fetches(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                 sc_core::sc_time& delay);
  tlm::tlm_sync_enum tlm_fetches(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                 sc_core::sc_time& delay);
  bool answer_fetch(tlm::tlm_generic_payload& gp, sim::Time at);
  void answer_waiting(sim::Time at);
  void respond(tlm::tlm_generic_payload& gp);
  void fail_fetch(tlm::tlm_generic_payload& gp);
  void output(Side side, const LockstepEvent& event);
  void compare(Line& line);
  void rtl_faulted(const LockstepEvent& fault);
  bool faulted(std::uint32_t connection, Fault code, std::uint64_t address) const;
  void page_event(Side side, const LockstepEvent& event);
  void answer_page(const Page& page, bool failed);
  void answer_forgotten_pages();
  void give_shadow(std::uint32_t connection);
  void give_waiting();
  void cancel_shadow(std::uint32_t connection);
  void stir();
  void stir_later();
  void note(Side side, LockstepEvent event);
  void note_both(const LockstepEvent& event);
  [[noreturn]] void differ(const LockstepEvent* rtl, const LockstepEvent* tlm,
                           const std::string& what);
  bool shadow_owes() const;

  WalkerParams params_;
  WalkerSink& sink_;
  sim::Context unheard_;  ///< the shadow's: nobody listens
  Sink outputs_[2];
  RtlWalker rtl_;
  TlmWalker tlm_;
  tlm_utils::simple_target_socket<LockstepWalker> from_rtl_;
  tlm_utils::simple_target_socket<LockstepWalker> from_tlm_;
  std::map<std::uint32_t, Line> lines_;     ///< by connection
  std::map<Page, Held> pages_[2];           ///< by Side; kFailed and kAsked only the RTL's
  std::set<std::uint32_t> with_later_;      ///< connections
  std::map<Page, std::uint64_t> frames_;    ///< the RTL's
  std::map<Page, std::uint64_t> by_frame_;  ///< address space and frame: virtual page
  LockstepRecords records_;
  std::vector<Fetch> fetches_;
  std::vector<tlm::tlm_generic_payload*> waiting_;  ///< fetches of the shadow
  sim::EventQueue<tlm::tlm_generic_payload*> responses_;
  sim::Alarm stir_;
  LockstepHistory history_[2];
  LockstepDelta deltas_[3];  ///< block, done, fault
  WalkerLog log_;
  bool differed_ = false;
  bool stirring_ = false;
};

}  // namespace vctoe::nic
