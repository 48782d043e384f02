// Pins and unpins pages by itself, where the specification lets the sending agent do so ([0059]):
// by atomic additions to a table of pin counts in host memory, which the host's reclaim honours.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/nic_params.h"
#include "models/nic/out_ring.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

/// One count of 8 bytes a frame, in the order of the frames. Counts are raised before the bytes are
/// used and lowered before the completion that ends the pin is written, so the order of completions
/// is kept: later ones wait. Emits kPin and kUnpin with seq = 1 (the NIC did it) and detail = 0 (on
/// the agent's account).
class PinAgent : public DmaClient {
 public:
  PinAgent(sim::Context& context, std::uint8_t node, const CoreParams& params, DmaPort& dma,
           OutRing<CompletionEntry>& completions);

  struct Stats {
    std::uint64_t raised = 0;
    std::uint64_t lowered = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  /// Physical address of the table.
  void set_table(std::uint64_t address) { table_ = address; }
  /// Whether the NIC pins, or unpins; else nobody needs to call hold().
  bool active() const { return raises() || lowers(); }
  bool raises() const { return params_.pin_by == Actor::kAgent; }

  /// Whose pages they are.
  struct Owner {
    sim::TxnId txn = 0;  ///< of the request, or of the post
    std::uint32_t connection = 0;
    std::uint16_t asid = 0;
    bool post = false;
  };
  /// The pages of `sg` are pinned for the owner; `done`, which may be null, is called when they
  /// are: at once where the host has done it.
  void hold(const Owner& owner, const std::vector<SgElement>& sg, std::function<void()> done);
  /// Counts that are being changed.
  std::size_t busy() const { return jobs_.size(); }

  void dma_done(std::uint64_t cookie, bool ok) override;

 private:
  struct Held {
    Owner owner;
    std::vector<std::uint64_t> frames;
    bool lowering = false;
  };
  struct Job {
    Owner owner;
    std::vector<std::uint64_t> frames;
    bool raise = true;
    std::size_t issued = 0;
    std::size_t done_frames = 0;
    std::function<void()> done;
  };
  static constexpr std::size_t kAtOnce = 16;  ///< atomic operations on the link

  bool lowers() const { return params_.unpin_by == Actor::kAgent; }
  bool ends(const CompletionEntry& entry, const Held& held) const;
  bool may_leave(const CompletionEntry& entry);
  void trace(sim::TraceKind kind, const Owner& owner, std::uint64_t frame, std::size_t frames);
  void start(Job job);
  void issue();

  sim::Context& context_;
  std::uint8_t node_;
  const CoreParams& params_;
  DmaPort& dma_;
  OutRing<CompletionEntry>& completions_;
  std::uint64_t table_ = 0;
  std::map<sim::TxnId, Held> held_;  ///< what the NIC will have to unpin
  std::deque<Job> jobs_;             ///< the first is in progress
  std::uint64_t old_[kAtOnce] = {};  ///< what the operations read; nobody wants it
  Stats stats_;
};

}  // namespace vctoe::nic
