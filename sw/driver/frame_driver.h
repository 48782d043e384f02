// Drives a plain MAC: rings and frame buffers in the driver's memory, one interrupt.
#pragma once

#include <cstdint>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/nic/frame_rings.h"
#include "sw/driver/driver_rings.h"
#include "sw/driver/sync.h"
#include "sw/driver/transport_params.h"

namespace vctoe::driver {

/// Who uses the card; called from the interrupt's thread, must not block.
class FrameUser {
 public:
  virtual ~FrameUser() = default;
  virtual void frame_sent(std::uint64_t cookie) = 0;
  /// `slot` is the user's until FrameDriver::give_back().
  virtual void frame_arrived(net::FramePtr frame, std::uint32_t slot) = 0;
};

class FrameDriver : public sc_core::sc_module {
 public:
  /// `max_frame`: bytes of the longest frame, FCS included.
  FrameDriver(const sc_core::sc_module_name& name, HostPort& port, const TransportParams& params,
              std::uint32_t max_frame, FrameUser& user);

  struct Stats {
    std::uint64_t interrupts = 0;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  /// Buffers for frames to be sent that are free.
  std::uint64_t room() const { return free_slots_.size(); }
  /// Needs room(). The bytes are the card's afterwards. Only from an SC_THREAD.
  void transmit(const net::Frame& frame, std::uint64_t cookie);
  /// The user has read a frame that arrived. Only from an SC_THREAD.
  void give_back(std::uint32_t slot);
  bool busy() const { return free_slots_.size() != params_.frame_entries; }

  /// Memory of one host for rings and buffers.
  static std::uint64_t pages(const TransportParams& params, std::uint32_t max_frame);

 private:
  void set_up();
  void serve();
  void offer(std::uint32_t slot);
  void take(const nic::FrameEntry& entry);
  std::uint64_t transmit_address(std::uint32_t slot) const { return buffers_ + slot * slot_bytes_; }
  std::uint64_t receive_address(std::uint32_t slot) const {
    return transmit_address(static_cast<std::uint32_t>(params_.frame_entries) + slot);
  }

  HostPort& port_;
  TransportParams params_;
  FrameUser& user_;
  Stats stats_;
  std::uint64_t slot_bytes_;
  std::uint64_t buffers_;  ///< physical: slots to send from, then slots to receive into
  ProducerRing<nic::FrameEntry> transmit_;
  ProducerRing<nic::FrameEntry> offered_;
  ConsumerRing<nic::FrameEntry> done_;
  std::vector<std::uint32_t> free_slots_;
  std::vector<std::uint64_t> cookies_;  ///< of the user, by slot being sent
  net::FramePool frames_;
  bool raised_ = false;
  bool ready_ = false;
  sc_core::sc_event raise_;
  sc_core::sc_event set_up_done_;
  Thread thread_;
};

}  // namespace vctoe::driver
