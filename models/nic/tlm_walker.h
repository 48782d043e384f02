// The virtual-context walker at transaction level.
#pragma once

#include <systemc>
#include <tlm>
#include <vector>

#include "models/nic/record_cache.h"
#include "models/nic/record_reader.h"
#include "models/nic/walk_cursors.h"
#include "models/nic/walk_outbox.h"
#include "models/nic/walker_block.h"
#include "models/sim/event_queue.h"

namespace vctoe::nic {

/// Walks are taken from the request queue by engines: the oldest first, but only one of a
/// connection at a time. A walk that waits for the host to identify a page gives its engine up
/// while it waits. What can be decided from what the NIC holds is decided at once and its cycles
/// are added up; an event is spent only where something leaves.
class TlmWalker : public WalkerBlock, private ReadListener {
 public:
  TlmWalker(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
            const WalkerParams& params, WalkerSink& sink);

  const Stats& stats() const override { return stats_; }
  void settle_stats() override;

  bool walk(const WalkRequest& request) override;
  /// Every node_needed() must be answered once by fill() or fill_failed(), also after a cancel():
  /// then the page is released at once if nobody wants it any more.
  void fill(std::uint16_t asid, std::uint64_t page, std::uint64_t frame) override;
  void fill_failed(std::uint16_t asid, std::uint64_t page) override;
  void invalidate(std::uint16_t asid, std::uint64_t page) override;
  void cancel(std::uint32_t connection) override;
  void set_unit(ProcessingUnit& unit) override { unit_ = &unit; }
  std::size_t busy() const override { return queue_.size() + active_; }

  const Present& present() const override { return present_; }
  std::size_t translations_in_use() const override { return reader_.translations().in_use(); }
  /// True if a walk waits for this fetch, which is out; false for one ahead of need.
  bool demanded(const tlm::tlm_generic_payload& fetch) const { return reader_.demanded(fetch); }
  /// True if a walk waits for this page, which the host was asked for.
  bool demanded(std::uint16_t asid, std::uint64_t page) const {
    return reader_.demanded(asid, page);
  }
  std::size_t records_held() const { return cache_.size(); }
  std::size_t fetches_out() const override { return reader_.reading(); }
  std::size_t cursors_held() const { return cursors_.connections(); }

 private:
  enum class Next : std::uint8_t { kAdvance, kEmit, kFault };  ///< what a walk's event does
  struct Queued {
    WalkRequest request;
    sim::Time accepted;
  };
  struct Walk {
    bool live = false;
    bool engine = false;  ///< has one
    Next next = Next::kAdvance;
    WalkerStall state = WalkerStall::kIdle;
    std::uint32_t generation = 0;  ///< events of ended walks are ignored by it
    WalkRequest asked;             ///< as it came
    WalkRequest request;           ///< `sequence` and `length` shrink to what is still to be found
    sim::Time accepted;
    sim::Time ready;  ///< its own time: now() or a little ahead
    ListPlace place;
    RecordKey key;               ///< of the record at `place`
    std::uint64_t previous = 0;  ///< address of the record before it, 0 if not seen
    unsigned burst = 0;          ///< blocks that leave at the next event
    ContextRecord record;
    WalkFault fault;
  };
  struct Step {
    unsigned walk;
    std::uint32_t generation;
  };

  // ReadListener
  void record_read(unsigned walk, const ContextRecord& record, sim::Time at) override;
  void read_failed(unsigned walk, Fault code) override;
  void read_waits(unsigned walk, WalkerStall why) override;
  void send_fetch(tlm::tlm_generic_payload& gp, sim::Time at) override;

  tlm::tlm_sync_enum fetch_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                    sc_core::sc_time& delay);
  void step(const Step& step);
  void settle();
  bool dispatch_one();
  void start(Walk& w, const Queued& queued);
  void resume(Walk& w);
  void advance(Walk& w);
  bool visit(Walk& w, const ContextRecord& record);
  void follow(Walk& w, const ContextRecord& record);
  Fault link_fault(const Walk& w) const;
  static Fault record_fault(const Walk& w, const ContextRecord& record);
  std::uint32_t piece(const Walk& w, std::uint32_t sequence, std::uint32_t left) const;
  void plan_burst(Walk& w);
  void emit(Walk& w);
  void fail(Walk& w, Fault code, std::uint64_t address);
  void finish(Walk& w);
  void end(Walk& w);
  void trace(sim::TraceKind kind, const WalkRequest& request) const;
  void schedule(Walk& w, Next next);
  void set_state(Walk& w, WalkerStall state);
  unsigned index(const Walk& w) const { return static_cast<unsigned>(&w - walks_.data()); }
  sim::Time cycles(std::uint64_t n) const { return params_.clock * n; }
  /// The walk is ready when `n` more cycles have been spent on it.
  void work(Walk& w, std::uint64_t n) {
    w.ready = unit_ == nullptr ? w.ready + cycles(n) : unit_->take(w.ready, cycles(n));
  }
  RecordReader::Want want(const Walk& w) const {
    return {w.key, index(w), w.request.txn, w.ready, w.request.shape};
  }

  sim::Context& context_;
  std::uint8_t node_;
  ProcessingUnit* unit_ = nullptr;
  WalkerParams params_;
  Stats stats_;
  WalkOutbox outbox_;
  RecordCache cache_;
  RecordReader reader_;
  WalkCursors cursors_;
  std::vector<Queued> queue_;
  std::vector<Walk> walks_;                ///< engines + parked
  std::vector<unsigned> resumed_;          ///< have their record, want an engine, in order
  std::array<std::size_t, 4> in_state_{};  ///< live walks by WalkerStall
  std::size_t active_ = 0;
  std::size_t running_ = 0;  ///< walks with an engine
  Present present_;
  sim::EventQueue<Step> steps_;
};

}  // namespace vctoe::nic
