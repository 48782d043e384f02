// The DMA engine: channels, scatter and gather, and the limit of reads in flight on the PCIe link.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <memory>
#include <string_view>
#include <systemc>
#include <tlm>
#include <vector>

#include "models/nic/dma.h"
#include "models/nic/dma_job.h"
#include "models/nic/processing_unit.h"
#include "models/sim/event_queue.h"
#include "models/sim/params.h"
#include "models/sim/payload_pool.h"
#include "models/sim/stats.h"
#include "models/sim/trace.h"

namespace vctoe::nic {

/// Attributes of PCIe's ordering rules.
enum class OrderingAttribute : std::uint8_t { kStrict, kRelaxed, kIdBased, kBoth };

/// What requests of one class of traffic carry. Writes of ring entries and interrupts are always
/// strict: they announce data, which must be there first.
struct OrderingParams {
  OrderingAttribute payload = OrderingAttribute::kStrict;
  OrderingAttribute descriptors = OrderingAttribute::kStrict;
  OrderingAttribute receive = OrderingAttribute::kStrict;
  std::uint64_t functions = 1;
  void declare(sim::ParamList& list);
};

struct DmaParams {
  std::uint64_t channels = 8;
  std::uint64_t control_channels = 4;
  std::uint64_t outstanding_reads = 64;
  sim::Bytes outstanding_bytes = sim::Bytes::kib(32);
  sim::Bytes max_piece = sim::Bytes::kib(4);
  sim::BitRate drain_rate = sim::BitRate::gbps(57.6);
  sim::Time issue_latency = sim::Time::from_ns(20);
  OrderingParams ordering;
  void declare(sim::ParamList& list);
};

/// What the engine does as a whole; one at a time, in this order of precedence from the end.
enum class DmaStall : std::uint8_t { kIdle, kBusy, kWaitingChannel, kWaitingLimit };

}  // namespace vctoe::nic

namespace vctoe::sim {
template <>
struct EnumNames<nic::DmaStall> {
  static constexpr std::string_view kNames[] = {"idle", "busy", "waiting_channel", "waiting_limit"};
};
template <>
struct EnumNames<nic::OrderingAttribute> {
  static constexpr std::string_view kNames[] = {"strict", "relaxed", "id_based", "both"};
};
}  // namespace vctoe::sim

namespace vctoe::nic {

/// Reads take a channel each and are issued piece by piece, round robin over the channels of a
/// class and by turns between payload and control, as far as the limits allow. Writes are posted at
/// once.
class DmaEngine : public sc_core::sc_module, public DmaPort {
 public:
  static constexpr std::size_t kPurposes = 7;

  DmaEngine(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
            const DmaParams& params);

  /// To pcie::Link::dev_dma.
  tlm_utils::simple_initiator_socket<DmaEngine> pcie;
  /// Reads for the walker, by the same two-phase protocol as `pcie`; served as Purpose::kContext.
  tlm_utils::simple_target_socket<DmaEngine> fetch;

  struct Stats {
    std::array<std::uint64_t, kPurposes> read_requests{};  ///< by pcie::Purpose
    std::array<std::uint64_t, kPurposes> write_requests{};
    std::array<std::uint64_t, kPurposes> read_bytes{};
    std::array<std::uint64_t, kPurposes> write_bytes{};
    std::uint64_t errors = 0;
    sim::Histogram read_latency;  ///< from submission to dma_done
    sim::Histogram write_latency;
    sim::Level reads_out;  ///< pieces of reads on the link
    sim::Level read_bytes_out;
    sim::StallAccount<DmaStall> stalls;
    void declare(sim::StatList& list) const;
  };

  /// Each request is a step of `unit` before it is issued.
  void set_unit(ProcessingUnit& unit) { unit_ = &unit; }
  void submit(const DmaRequest& request) override;
  std::size_t pending() const override { return live_; }
  /// Writes among them.
  std::size_t writes_pending() const { return live_writes_; }
  const Stats& stats() const { return stats_; }
  void settle_stats();

 private:
  /// Jobs of one purpose class: those without a channel, and those with one and pieces to issue.
  struct ReadClass {
    DmaJobQueue waiting;
    DmaJobQueue issuing;
    std::uint64_t channels = 0;  ///< free
  };

  tlm::tlm_sync_enum fetch_request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                   sc_core::sc_time& delay);
  tlm::tlm_sync_enum link_response(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                   sc_core::sc_time& delay);
  DmaJob& new_job();
  void start_read(DmaJob& job);
  void start_write(DmaJob& job);
  void issue(DmaJob& job);
  void set_ordering(const DmaRequest& request, pcie::TlpExtension& ext) const;
  void pump();
  bool issue_one(ReadClass& c);
  ReadClass& class_of(const DmaJob& job) {
    const pcie::Purpose purpose = job.request.purpose;
    const bool data = purpose == pcie::Purpose::kPayload || purpose == pcie::Purpose::kFrame;
    return data ? payload_ : control_;
  }
  void piece_done(DmaJob& job, std::uint32_t length, sim::Time arrived);
  void finish(DmaJob& job);
  void finish_fetch(tlm::tlm_generic_payload& gp, bool ok);
  void trace_limit(bool before, bool now);
  void update_stall();

  sim::Context& context_;
  std::uint8_t node_;
  DmaParams params_;
  ProcessingUnit* unit_ = nullptr;
  Stats stats_;
  sim::PayloadPool payloads_;
  std::vector<std::unique_ptr<DmaJob>> jobs_;
  DmaJobQueue free_jobs_;
  ReadClass payload_;
  ReadClass control_;
  bool control_turn_ = true;
  bool limit_blocks_ = false;  ///< a read has a channel, but the outstanding limit is reached
  std::size_t live_ = 0;
  std::size_t live_writes_ = 0;
  sim::EventQueue<DmaJob*> drain_;
};

}  // namespace vctoe::nic
