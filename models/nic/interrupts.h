// MSI-X with moderation: one message per vector in an interval, however many causes there are.
#pragma once

#include <cstdint>

#include "models/nic/dma.h"
#include "models/sim/event_queue.h"

namespace vctoe::nic {

class InterruptModerator : public sc_core::sc_module {
 public:
  InterruptModerator(const sc_core::sc_module_name& name, DmaPort& dma, unsigned vector,
                     sim::Time interval);

  /// Something happened. The message goes through the DMA engine's write queue, behind all writes
  /// submitted before, so that the host finds the ring entry when it is interrupted.
  void raise();
  /// While masked nothing is sent; what is raised meanwhile is sent when it ends.
  void mask(bool masked);
  std::uint64_t raised() const { return raised_; }
  std::uint64_t sent() const { return sent_; }

 private:
  void send();

  DmaPort& dma_;
  sim::Time interval_;
  sim::Alarm alarm_;
  SgElement target_;
  std::uint32_t message_ = 1;
  sim::Time next_allowed_;
  bool pending_ = false;
  bool masked_ = false;
  bool missed_ = false;  ///< raised while masked
  std::uint64_t raised_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace vctoe::nic
