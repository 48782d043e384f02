// The walker in RTL, with a clock of its own, behind the interface of the model.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "models/nic/context_format.h"
#include "models/nic/walk_outbox.h"
#include "models/nic/walker_block.h"
#include "models/nic/walker_log.h"
#include "models/sim/event_queue.h"
#include "models/sim/payload_pool.h"

namespace vctoe::nic {

/// The tag of a fetch; set by put_fetch() and changed by nobody.
struct RtlTag : tlm::tlm_extension<RtlTag> {
  std::uint32_t tag = 0;
  tlm::tlm_extension_base* clone() const override { return new RtlTag(*this); }
  void copy_from(const tlm::tlm_extension_base& other) override {
    tag = static_cast<const RtlTag&>(other).tag;
  }
};

/// The clock's edges are the multiples of nic.walker.clock. What comes at a time is seen by the
/// first edge after it; what leaves at an edge leaves at its time. While the RTL says that nothing
/// changes without an input, and there is none, the clock stands still and costs nothing; it goes
/// on with the edge at which the next input would have been seen anyway.
class RtlWalker : public WalkerBlock {
 public:
  RtlWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
            const WalkerParams& params, std::uint64_t connections, WalkerSink& sink);

  const Stats& stats() const override { return stats_; }
  void settle_stats() override;
  bool walk(const WalkRequest& request) override;
  void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) override;
  void fill_failed(std::uint16_t asid, std::uint64_t page) override;
  void invalidate(std::uint16_t asid, std::uint64_t page) override;
  void cancel(std::uint32_t connection) override;
  std::size_t busy() const override { return live_.size(); }
  const Present& present() const override { return present_; }
  std::size_t translations_in_use() const override { return held_.size() + asked_; }
  std::size_t fetches_out() const override { return fetches_out_; }
  const WalkerPins* pins() const override { return &pins_; }
  std::pair<std::uint32_t, std::uint32_t> engine(unsigned number) const override {
    const WalkerEngine e = core_->engine(number);
    return {e.state, e.txn};
  }
  void record(const std::string& path) override;
  void close_record() override;

  const WalkerSet& set() const { return set_; }
  const WalkerConfig& config() const { return config_; }
  /// Before the run begins. The tap outlives the run.
  void add_tap(WalkerTap& tap) { taps_.push_back(&tap); }
  /// Never stops the clock, for tests: every run then ends by its time.
  void run_free();
  /// Cycles in which the clock ran.
  std::uint64_t cycles_run() const { return cycles_run_; }

 private:
  template <class Beat>
  struct Input {
    sim::Time at;
    std::uint64_t order = 0;
    Beat beat;
  };
  struct Live {  ///< accepted and not over
    WalkRequest request;
    sim::Time accepted;
    bool inside = false;  ///< the RTL has it
  };
  using Frame = std::pair<std::uint16_t, std::uint64_t>;  ///< address space, frame number

  tlm::tlm_sync_enum fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                    sc_core::sc_time& delay) override;
  void on_edge();
  void apply_inputs(sim::Time now);
  void offer_walk(sim::Time now);
  void offer_cancel(sim::Time now);
  void offer_pages(sim::Time now);
  void take_inputs();
  void put_fetch();
  void put_out();
  void put_fault(const OutBeat& beat);
  void put_done(const OutBeat& beat);
  std::vector<Live>::iterator walk_of(const OutBeat& beat);
  bool cancelling(std::uint32_t connection) const;
  void note_present();
  void read_counter();
  void set_stall();
  void wake(sim::Time at);
  sim::Time next_input() const;
  sim::Time edge_after(sim::Time t) const { return params_.clock * (t.ps / params_.clock.ps + 1); }
  void trace(sim::TraceKind kind, const WalkRequest& request) const;

  sim::Context& context_;
  std::uint8_t node_;
  WalkerParams params_;
  const WalkerSet& set_;
  WalkerConfig config_;
  std::unique_ptr<WalkerCore> core_;
  Stats stats_;
  WalkOutbox outbox_;
  WalkerPins pins_;
  Present present_;
  std::vector<WalkerTap*> taps_;
  std::unique_ptr<WalkerRecordingTap> recording_;

  std::deque<Input<WalkBeat>> walks_;
  std::deque<Input<FillBeat>> fills_;
  std::deque<Input<InvalidateBeat>> invalidations_;
  std::deque<Input<CancelBeat>> cancels_;
  std::vector<Input<CompletionBeat>> completions_;  ///< the next at the front
  std::uint64_t next_order_ = 0;

  std::vector<Live> live_;  ///< in order of acceptance
  sim::PayloadPool payloads_;
  std::vector<ContextRecord> records_;  ///< by tag, where fetches put their bytes
  std::vector<bool> tag_used_;
  std::size_t fetches_out_ = 0;
  std::map<Frame, std::uint64_t> held_;  ///< pages by frame, numbers
  std::size_t asked_ = 0;                ///< node requests without an answer
  std::uint64_t last_record_ = 0;        ///< virtual address
  std::uint32_t counter_shown_ = 0;      ///< of perf_value
  std::uint64_t cycles_run_ = 0;
  bool free_running_ = false;
  bool in_edge_ = false;
  bool ending_ = false;  ///< with the output of this edge a walk is over
  sim::Alarm clock_;
};

}  // namespace vctoe::nic
