// From frames to the receiving application's memory: checks, TCP, and DMA of the payload to its
// place in the receive circle, also out of order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/net/frame.h"
#include "models/net/headers.h"
#include "models/nic/connection.h"
#include "models/nic/dma.h"
#include "models/nic/frame_port.h"
#include "models/nic/neighbours.h"
#include "models/nic/out_ring.h"
#include "models/nic/packet_buffer.h"
#include "models/nic/toe/stack.h"
#include "models/sim/event_queue.h"

namespace vctoe::nic {

struct RxParams {
  sim::Bytes buffer = sim::Bytes::kib(64);
  void declare(sim::ParamList& list);
};

class RxEngine : public sc_core::sc_module, public DmaClient {
 public:
  RxEngine(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
           ConnectionTable& connections, toe::Stack& stack, DmaPort& dma, PacketBuffer& buffer,
           FramePort& mac, Neighbours& neighbours, OutRing<CompletionEntry>& completions,
           sim::Time notice_interval);
  void set_addresses(const net::LocalAddresses& us) { us_ = us; }

  struct Stats {
    std::uint64_t frames = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t dropped_no_memory = 0;
    std::uint64_t notices = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }

  /// A frame from the MAC; one that is damaged or finds no room is refused there.
  void frame(net::FramePtr frame);
  /// TCP's answers while it looks at that frame.
  void place(Connection& connection, std::uint64_t offset, std::uint32_t skip,
             std::uint32_t length);
  void received(Connection& connection, std::uint64_t offset);
  /// Writes the gathered notice of received bytes now (before a notice that must not overtake it).
  void flush_notice(Connection& connection);
  std::size_t busy() const { return all_.size() - free_.size(); }

  void dma_done(std::uint64_t cookie, bool ok) override;

 private:
  struct Job {
    net::FramePtr frame;
    std::uint32_t buffer = 0;
    std::uint32_t writes = 0;  ///< DMA writes under way, plus one while TCP looks at the frame
  };
  void other(const net::Frame& frame, net::DropReason why);
  void release(Job& job);
  void flush_notices();
  Job& new_job(net::FramePtr frame, std::uint32_t buffer);

  sim::Context& context_;
  std::uint8_t node_;
  ConnectionTable& connections_;
  toe::Stack& stack_;
  DmaPort& dma_;
  PacketBuffer& buffer_;
  FramePort& mac_;
  Neighbours& neighbours_;
  OutRing<CompletionEntry>& completions_;
  sim::Time notice_interval_;
  sim::Alarm notice_alarm_;
  net::LocalAddresses us_;
  Stats stats_;

  Job* current_ = nullptr;            ///< the frame that TCP is looking at
  std::uint32_t payload_offset_ = 0;  ///< of that frame
  std::vector<std::uint32_t> due_;    ///< connections with a gathered notice
  std::vector<SgElement> scratch_;
  std::vector<std::unique_ptr<Job>> all_;
  std::vector<Job*> free_;
};

}  // namespace vctoe::nic
