// A plain Ethernet card on PCIe: frames between rings in host memory and the line, and no idea of
// what is in them. The card when TCP is in the driver (specification [0060]; docs/plain_mac.md).
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <cstdint>
#include <deque>

#include "models/net/frame_pool.h"
#include "models/nic/dma_engine.h"
#include "models/nic/frame_rings.h"
#include "models/nic/in_ring.h"
#include "models/nic/mac.h"
#include "models/nic/out_ring.h"
#include "models/pcie/pool.h"

namespace vctoe::nic {

struct PlainMacParams {
  std::uint64_t fetch_batch = 8;
  sim::Bytes transmit_fifo = sim::Bytes::kib(32);
  sim::Bytes receive_fifo = sim::Bytes::kib(128);
  sim::Time interrupt_interval = sim::Time::from_us(5);
  void declare(sim::ParamList& list);
};

class PlainMac : public sc_core::sc_module, private MacClient, private DmaClient {
 public:
  /// `device`: its number on the host, which its registers and vectors follow from. The DMA socket
  /// is dma().pcie.
  PlainMac(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           unsigned device, const PlainMacParams& params, const DmaParams& dma,
           const MacParams& mac);

  /// Registers; b_transport, annotated, never waits.
  tlm_utils::simple_target_socket<PlainMac> bar{"bar"};

  struct Stats {
    std::uint64_t frames_fetched = 0;
    std::uint64_t frames_stored = 0;
    std::uint64_t no_buffer = 0;
    std::uint64_t fifo_full = 0;
    std::uint64_t bad_accesses = 0;
    void declare(sim::StatList& list) const;
  };
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  DmaEngine& dma() { return dma_; }
  Mac& mac() { return mac_; }
  const Stats& stats() const { return stats_; }
  /// Frames inside, or notices that the host has not room for.
  bool busy() const { return jobs_.in_use() != 0 || done_ring_.backlog() != 0; }

 private:
  /// A frame in the card.
  struct Job {
    FrameEntry entry;
    net::FramePtr frame;
    bool storing = false;  ///< received, on its way to host memory
    bool ready = false;    ///< to be sent, and all here
  };

  void b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  bool write_register(std::uint64_t offset, std::uint64_t value);
  bool read_register(std::uint64_t offset, std::uint64_t& value) const;
  void transmit(const FrameEntry& entry);
  void fetch();
  void send_ready();
  void move(Job& job, bool write);
  void dma_done(std::uint64_t cookie, bool ok) override;
  void mac_sent(std::uint64_t cookie) override;
  void mac_received(net::FramePtr frame) override;

  PlainMacParams params_;
  Stats stats_;
  DmaEngine dma_;
  tlm_utils::simple_initiator_socket<PlainMac> no_walker_;  ///< nobody fetches contexts here
  Mac mac_;
  InterruptModerator interrupt_;
  OutRing<FrameEntry> done_ring_;
  InRing<FrameEntry> transmit_ring_;
  InRing<FrameEntry> buffer_ring_;
  net::FramePool frames_;
  pcie::Pool<Job> jobs_;
  std::deque<Job*> waiting_;         ///< for room in the FIFO
  std::deque<Job*> in_order_;        ///< being fetched, in the order in which they leave
  std::deque<FrameEntry> buffers_;   ///< for frames to be received
  std::uint64_t transmit_held_ = 0;  ///< bytes of the FIFO in use
  std::uint64_t receive_held_ = 0;
};

}  // namespace vctoe::nic
