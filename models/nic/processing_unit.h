// One processing unit for all steps of the NIC ([0065]: single or distributed processing units).
#pragma once

#include "models/sim/units.h"

namespace vctoe::nic {

/// Serves one step at a time, in the order in which they are asked for.
class ProcessingUnit {
 public:
  explicit ProcessingUnit(sim::Time step) : step_(step) {}

  /// A step that cannot begin before `from` and takes `span`; when it is over.
  sim::Time take(sim::Time from, sim::Time span) {
    free_at_ = sim::max(free_at_, from) + span;
    busy_ += span;
    return free_at_;
  }
  /// The same of a step of TCP or of a DMA request.
  sim::Time take(sim::Time from) { return take(from, step_); }
  sim::Time free_at() const { return free_at_; }
  /// Time spent on steps.
  const sim::Time& busy() const { return busy_; }

 private:
  sim::Time step_;
  sim::Time free_at_;
  sim::Time busy_;
};

}  // namespace vctoe::nic
