// The sending and receiving agent as software: the state machine of models/nic, whose memory
// accesses are a core's and whose frames leave through a plain MAC (specification [0060];
// docs/plain_mac.md, "The agent in the driver").
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <tlm>

#include "models/net/headers.h"
#include "models/nic/nic.h"
#include "models/pcie/link_stats.h"
#include "sw/driver/frame_driver.h"

namespace vctoe::driver {

/// One thread does everything, as a network stack's deferred work does: accesses to memory as they
/// were asked for, and, when none is left, the next frame to send or to take in.
class SoftAgent : public sc_core::sc_module, public nic::FramePort, private FrameUser {
 public:
  /// `machine` takes its sockets from here; `card`: port to the plain MAC.
  SoftAgent(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
            std::uint32_t ip, HostPort& card, nic::Nic& machine, const TransportParams& params,
            std::uint32_t max_frame);

  /// The driver's stores to and loads from the agent's registers: plain calls, no PCIe.
  tlm_utils::simple_target_socket<SoftAgent, 64> registers{"registers"};
  /// To host::RootComplex::from_devices: memory, by transport_dbg, as the core's time is charged
  /// here; and wake-ups of the driver's threads, which go as messages do.
  tlm_utils::simple_initiator_socket<SoftAgent, 64> host{"host"};

  struct Stats {
    std::uint64_t segments_sent = 0;
    std::uint64_t segments_received = 0;
    std::uint64_t acks_received = 0;
    std::uint64_t local_frames = 0;
    std::array<std::uint64_t, pcie::kPurposes> accesses{};  ///< by pcie::Purpose
    std::uint64_t copied_bytes = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(net::DropReason::kCount)> refused{};
    std::uint64_t queue_peak = 0;
    void declare(sim::StatList& list) const;
  };
  const Stats& stats() const { return stats_; }
  void declare_stats(sim::StatList& list) const;
  bool busy() const { return !accesses_.empty() || !frames_.empty() || card_.busy(); }

  // nic::FramePort
  bool can_send() const override { return to_send_ < card_.room(); }
  void send(net::FramePtr frame, std::uint64_t cookie) override;
  void refuse(const net::Frame& frame, net::DropReason reason) override;

 private:
  enum class Step : std::uint8_t { kSend, kSent, kArrived, kLocal };
  struct FrameStep {
    Step step{};
    net::FramePtr frame;
    std::uint64_t cookie = 0;
    std::uint32_t slot = 0;
  };

  tlm::tlm_sync_enum access(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                            sc_core::sc_time& delay);
  void forward(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay);
  void frame_sent(std::uint64_t cookie) override;
  void frame_arrived(net::FramePtr frame, std::uint32_t slot) override;
  void work();
  void serve(tlm::tlm_generic_payload& gp);
  void serve(FrameStep step);
  void transmit(FrameStep& step);
  void take_in(const net::FramePtr& frame);
  void perform(tlm::tlm_generic_payload& gp);
  void trace(tlm::tlm_generic_payload& gp);
  sim::Time cost_of(tlm::tlm_generic_payload& gp) const;
  void spend(sim::Time cost);
  void push(FrameStep step);
  void wake();

  sim::Context& context_;
  std::uint8_t node_;
  net::MacAddress us_;
  HostPort& port_;
  nic::Nic& machine_;
  TransportParams params_;
  tlm_utils::simple_target_socket<SoftAgent> memory_{"memory"};  ///< of the machine's DMA engine
  tlm_utils::simple_initiator_socket<SoftAgent> to_machine_{"to_machine"};
  Stats stats_;
  std::deque<tlm::tlm_generic_payload*> accesses_;
  std::deque<FrameStep> frames_;
  std::uint64_t to_send_ = 0;  ///< steps kSend in `frames_`
  bool asleep_ = false;
  sc_core::sc_event wake_;
  FrameDriver card_;
  Thread thread_;
};

}  // namespace vctoe::driver
