// From TCP's plans to frames on the wire: finds the bytes of a plan, brings them into the packet
// buffer, and hands finished frames to the MAC.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/net/frame_pool.h"
#include "models/net/headers.h"
#include "models/nic/dma.h"
#include "models/nic/frame_port.h"
#include "models/nic/neighbours.h"
#include "models/nic/payload_source.h"
#include "models/nic/processing_unit.h"
#include "models/nic/request_engine.h"
#include "models/nic/tx_job.h"
#include "models/pcie/pool.h"
#include "models/sim/event_queue.h"

namespace vctoe::nic {

class Esp;

class TxEngine : public DmaClient {
 public:
  TxEngine(sim::Context& context, std::uint8_t node, const CoreParams& params,
           ConnectionTable& connections, toe::Stack& stack, DmaPort& dma, PacketBuffer& buffer,
           FramePort& mac, Neighbours& neighbours, RequestEngine& requests,
           OutRing<CompletionEntry>& completions);

  struct Stats {
    std::uint64_t segments = 0;
    std::uint64_t payload_bytes = 0;
    std::uint64_t retransmitted_segments = 0;
    std::uint64_t retransmitted_bytes = 0;
    std::uint64_t control_segments = 0;
    std::uint64_t from_retained = 0;
    std::uint64_t from_kept = 0;
    std::uint64_t waits_for_buffer = 0;
    std::uint64_t void_plans = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }
  /// From now on everything leaves encrypted.
  void set_esp(Esp& esp) { esp_ = &esp; }

  /// Each segment is a step of `unit`.
  void set_unit(ProcessingUnit& unit) { unit_ = &unit; }
  /// Takes all the plans that TCP has and that there is room for, and sends what is ready.
  void pump();
  /// A block asked for again is here: segments that waited for it go on.
  void block_ready(Connection& connection, Extent& extent);
  /// The MAC has sent the last bit of a frame given with this cookie.
  void frame_sent(std::uint64_t cookie);
  /// It will not be sent: nobody knows where to.
  void frame_dropped(std::uint64_t cookie);
  void acknowledged(Connection& connection, std::uint64_t offset);
  void abandon(Connection& connection);
  /// Jobs between plan and wire.
  std::size_t busy() const { return jobs_.in_use(); }

  void dma_done(std::uint64_t cookie, bool ok) override;

 private:
  void take_plans();
  void wait_for_unit();
  void start(const toe::TxPlan& plan);
  void ask_for_retransmissions();
  bool retained(Connection& connection, TxJob& job);
  bool kept(Connection& connection, TxJob& job);
  void let_go(TxJob& job);
  void fetch(TxJob& job);
  bool stage(TxJob& job);
  void stage_waiting();
  void became_ready(TxJob& job);
  void send_ready();
  bool send(TxJob& job);
  sim::TxnId transaction(const TxJob& job);
  net::FramePtr encoded(const TxJob& job, const toe::Segment& header, std::uint16_t ip_id);
  net::FramePtr sealed(const TxJob& job, const toe::Segment& header);
  void copy_payload(const TxJob& job, std::uint8_t* to);
  void trace_buffer(sim::TraceKind kind, const TxJob& job);
  void account_retrieved(Connection& connection, const TxJob& job);
  void notify(CompletionKind kind, const Connection& connection, const Post& post);
  void account_first(Connection& connection, const TxJob& job);
  void end(TxJob& job, bool sent);
  void end_payload(TxJob& job, bool sent);
  void account(Connection& connection, const TxJob& job);
  void account_control(const TxJob& job);
  bool is_void(const TxJob& job);

  sim::Context& context_;
  std::uint8_t node_;
  ProcessingUnit* unit_ = nullptr;
  sim::Alarm unit_free_{[this] { pump(); }};
  const CoreParams& params_;
  ConnectionTable& connections_;
  toe::Stack& stack_;
  DmaPort& dma_;
  PacketBuffer& buffer_;
  FramePort& mac_;
  Neighbours& neighbours_;
  RequestEngine& requests_;
  OutRing<CompletionEntry>& completions_;
  PayloadSource source_;
  net::FramePool frames_;
  Stats stats_;

  std::deque<TxJob*> control_;  ///< segments without payload, sent before all others
  std::deque<TxJob*> ready_;    ///< in the order in which they may leave
  std::deque<TxJob*> waiting_for_buffer_;
  std::vector<TxJob*> to_ask_;     ///< retransmissions planned in this round
  std::uint64_t in_pipeline_ = 0;  ///< jobs that hold or wait for packet buffer
  std::uint64_t next_ask_ = 1;
  std::uint16_t ip_id_ = 0;
  net::MacAddress destination_{};  ///< of the frame being made; zeros: not known yet
  Esp* esp_ = nullptr;
  bool room_freed_ = false;  ///< retained segments were given up since the last pump()
  bool pumping_ = false;
  pcie::Pool<TxJob> jobs_;
};

}  // namespace vctoe::nic
