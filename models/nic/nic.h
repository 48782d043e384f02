// The NIC: a PCIe endpoint with a TCP offload engine that sends from unpinned virtual memory.
// Contract with the driver: docs/nic.md, rings.h and registers.h.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <memory>
#include <string>

#include "models/nic/dma_engine.h"
#include "models/nic/esp.h"
#include "models/nic/in_ring.h"
#include "models/nic/mac.h"
#include "models/nic/neighbours.h"
#include "models/nic/nic_params.h"
#include "models/nic/out_ring.h"
#include "models/nic/page_requester.h"
#include "models/nic/pin_agent.h"
#include "models/nic/rx_engine.h"
#include "models/nic/toe/stack.h"
#include "models/nic/tx_engine.h"
#include "models/nic/walker_block.h"

namespace vctoe::nic {

struct NicParams {
  CoreParams core;
  RingParams rings;
  DmaParams dma;
  WalkerParams walker;
  PacketBufferParams packet_buffer;
  RxParams rx;
  MacParams mac;
  NeighbourParams neighbours;
  toe::TcpParams toe;
  EspParams esp;
  StationParams station;  ///< no parameters: every NIC has its own
  void declare(sim::ParamList& list);
};

/// Where it is built in.
struct NicSite {
  unsigned device = 0;  ///< its number on the host, which its vectors follow from
  bool own_mac = true;  ///< false: software is the adaptor and sends through connect_frames()
};

class Nic : public sc_core::sc_module,
            public MacClient,
            private toe::StackListener,
            private RequestListener {
 public:
  /// `ip`: the station's address, host order. The DMA socket is dma().pcie.
  Nic(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
      std::uint32_t ip, const NicParams& params, const NicSite& site = {});

  /// Register and packet buffer window accesses; b_transport, annotated, never waits.
  tlm_utils::simple_target_socket<Nic> bar{"bar"};

  struct Stats {
    std::uint64_t register_writes = 0;
    std::uint64_t pushed_bytes = 0;  ///< written through the packet buffer window
    std::uint64_t bad_accesses = 0;
    std::uint64_t bad_submissions = 0;
    std::uint64_t faults = 0;
    std::uint64_t connections_opened = 0;
    std::uint64_t timeouts = 0;
    void declare(sim::StatList& list) const;
  };
  /// All statistics of the NIC and its parts.
  void declare_stats(sim::StatList& list) const;
  void settle_stats();

  const NicParams& params() const { return params_; }
  DmaEngine& dma() { return dma_; }
  /// Only of an adaptor, which has its own.
  Mac& mac() { return *mac_; }
  /// Where frames leave without an own MAC. Frames that arrive are given to mac_received().
  void connect_frames(FramePort& port) { frames_.connect(port); }
  const PacketBuffer& packet_buffer() const { return buffer_; }
  const PacketBuffer& receive_buffer() const { return rx_buffer_; }
  const toe::Stack& stack() const { return stack_; }
  const TxEngine& tx() const { return tx_; }
  const RequestEngine& requests() const { return requests_; }
  const WalkerBlock& walker() const { return *walker_; }
  WalkerBlock& walker() { return *walker_; }
  const OutRing<RequestEntry>& request_ring() const { return request_ring_; }
  const OutRing<CompletionEntry>& completion_ring() const { return completion_ring_; }
  const InRing<SubmitEntry>& submit_ring() const { return submit_ring_; }
  const InRing<ReplyEntry>& reply_ring() const { return reply_ring_; }
  ConnectionTable& connections() { return connections_; }
  /// True while anything waits for anybody; for the watchdog and the quiet check.
  bool busy() const;
  /// Who waits for whom, for the watchdog.
  std::string describe() const;

  // MacClient
  void mac_sent(std::uint64_t cookie) override;
  void mac_received(net::FramePtr frame) override;

 private:
  void b_transport(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  bool write_register(std::uint64_t offset, std::uint64_t value);
  bool read_register(std::uint64_t offset, std::uint64_t& value) const;
  void submit(const SubmitEntry& entry, const std::vector<SgElement>& sg);
  void submit_post(const SubmitEntry& entry, const std::vector<SgElement>& sg);
  void trace_taken(const Connection& connection, const Post& post);
  void post_usable(std::uint32_t connection, std::uint64_t generation, sim::TxnId txn);
  void refuse(Connection& connection, const SubmitEntry& entry);
  bool set_option(const SubmitEntry& entry);
  void unlisten(const SubmitEntry& entry);
  bool take_receive_memory(Connection& connection, const SubmitEntry& entry,
                           const std::vector<SgElement>& sg);
  void consumed(std::uint64_t value);
  void complete(CompletionKind kind, std::uint32_t connection, sim::TxnId txn, std::uint64_t value);
  void complete_after_reads(CompletionKind kind, Connection& connection, sim::TxnId txn,
                            std::uint64_t value, std::uint64_t before);
  void open(toe::ConnectionId id, std::uint32_t first_sequence);
  void close(Connection& connection, CompletionKind kind, std::uint64_t value);
  void announce_rings();
  void opened(const net::FramePtr& frame);
  void not_sent(const net::Frame& frame, std::uint64_t cookie, bool unreachable);
  void service();
  void set_timer();
  void on_timer();

  /// Connections accepted whose peer address the host has not been told yet.
  using HalfOpen = std::vector<std::pair<toe::ConnectionId, toe::FourTuple>>;
  HalfOpen::iterator find_half_open(toe::ConnectionId id);

  // toe::StackListener
  bool may_accept(toe::ConnectionId id) const override;
  void accepted(toe::ConnectionId id, const toe::FourTuple& tuple) override;
  void established(toe::ConnectionId id, toe::Seq first) override;
  void state_changed(toe::ConnectionId id, toe::State state) override;
  void acknowledged(toe::ConnectionId id, std::uint64_t offset) override;
  void place(toe::ConnectionId id, std::uint64_t offset, std::uint32_t skip,
             std::uint32_t length) override;
  void received(toe::ConnectionId id, std::uint64_t offset) override;
  void peer_closed(toe::ConnectionId id) override;
  void urgent(toe::ConnectionId id, std::uint64_t offset) override;
  void rto_expired(toe::ConnectionId id, toe::Seq una) override;
  void advice(toe::ConnectionId id, toe::Advice advice) override;
  void closed(toe::ConnectionId id, toe::CloseReason reason) override;

  // RequestListener
  void bytes_available(Connection& connection) override;
  void block_ready(Connection& connection, Extent& extent) override;
  void request_failed(Connection& connection, Fault fault) override;
  void work_arrived() override { service(); }

  sim::Context& context_;
  std::uint8_t node_;
  NicParams params_;
  Stats stats_;
  ConnectionTable connections_;
  toe::Stack stack_;
  PacketBuffer buffer_;
  PacketBuffer rx_buffer_;
  DmaEngine dma_;
  std::unique_ptr<Mac> mac_;
  FrameOutlet frames_;
  Neighbours neighbours_;
  InterruptModerator request_interrupt_;
  InterruptModerator completion_interrupt_;
  OutRing<RequestEntry> request_ring_;
  OutRing<CompletionEntry> completion_ring_;
  PinAgent pins_;
  InRing<SubmitEntry> submit_ring_;
  InRing<ReplyEntry> reply_ring_;
  RequestEngine requests_;
  std::unique_ptr<WalkerBlock> walker_;
  PageRequester pages_;
  TxEngine tx_;
  RxEngine rx_;
  ProcessingUnit unit_;  ///< of everything, with nic.units = single
  sim::Alarm timer_;
  std::unique_ptr<Esp> esp_;                ///< null: nothing is encrypted
  net::FramePool opened_;                   ///< what received frames are decrypted into
  sim::EventQueue<net::FramePtr> to_open_;  ///< received frames in the cipher engine
  HalfOpen half_open_;
};

}  // namespace vctoe::nic
