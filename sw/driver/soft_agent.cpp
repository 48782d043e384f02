#include "sw/driver/soft_agent.h"

#include <algorithm>
#include <string>
#include <utility>

#include "models/net/frame_drop.h"
#include "models/sim/error.h"

namespace vctoe::driver {

using pcie::Purpose;
using sim::Time;

void TransportParams::declare(sim::ParamList& list) {
  const auto ns = sim::time_range(Time::zero(), Time::from_ms(1));
  const char* rule =
      "calibration N3: about 4 Gb/s of a core with an ordinary 10 GbE card, 2.9 us a segment with "
      "copy and interrupts";
  list.add("frame_entries", frame_entries, {8, 4096},
           "frames in the plain MAC's rings, in each direction, a power of two", "assumption");
  list.add("segment_sent", segment_sent, ns, "core's time to send a segment, beside its copy",
           rule);
  list.add("segment_received", segment_received, ns,
           "core's time to take in a segment with payload, beside its copy", rule);
  list.add("ack_received", ack_received, ns, "core's time to take in a segment without payload",
           "assumption: a third of segment_received");
  list.add("entry", entry, ns, "core's time to read or write a ring entry of agent or card",
           "calibration C5: one access to memory");
  list.add("record", record, ns, "core's time for a step of a walk, beside its copy",
           "calibration C5: two accesses to memory");
}

void SoftAgent::Stats::declare(sim::StatList& list) const {
  list.add("segments_sent", segments_sent, "1", "segments sent, all kinds");
  list.add("segments_received", segments_received, "1", "segments with payload taken in");
  list.add("acks_received", acks_received, "1", "segments without payload taken in");
  list.add("local_frames", local_frames, "1", "frames handed to this computer itself");
  for (std::size_t i = 0; i < accesses.size(); ++i) {
    const auto name = sim::enum_name(static_cast<Purpose>(i));
    list.add("accesses." + std::string(name), accesses[i], "1", "accesses to memory");
  }
  list.add("copied_bytes", copied_bytes, "B", "bytes that a core has copied for the agent");
  for (std::size_t i = 1; i < refused.size(); ++i) {
    const auto name = sim::enum_name(static_cast<net::DropReason>(i));
    list.add("rx_refused." + std::string(name), refused[i], "1",
             "received frames that were dropped for this reason");
  }
  list.add("queue_peak", queue_peak, "1", "most frames that waited for the agent's thread");
}

SoftAgent::SoftAgent(const sc_core::sc_module_name& name, sim::Context& context, std::uint8_t node,
                     std::uint32_t ip, HostPort& card, nic::Nic& machine,
                     const TransportParams& params, std::uint32_t max_frame)
    : sc_module(name),
      context_(context),
      node_(node),
      us_(net::mac_address_of(ip)),
      port_(card),
      machine_(machine),
      params_(params),
      card_("card", card, params, max_frame, *this),
      thread_("thread", [this] { work(); }) {
  memory_.register_nb_transport_fw(this, &SoftAgent::access);
  registers.register_b_transport(this, &SoftAgent::forward);
  machine.dma().pcie.bind(memory_);
  to_machine_.bind(machine.bar);
  machine.connect_frames(*this);
}

void SoftAgent::declare_stats(sim::StatList& list) const {
  stats_.declare(list);
  list.group("card", card_.stats());
}

// ---- what the machine and the driver ask for ----------------------------------------------------

void SoftAgent::forward(tlm::tlm_generic_payload& gp, sc_core::sc_time& delay) {
  if (pcie::TlpExtension::of(gp).purpose == Purpose::kConfiguration) {  // on no bus
    return gp.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
  to_machine_->b_transport(gp, delay);
}

/// Answered with BEGIN_RESP, as pcie::Link does, when the thread has done it.
tlm::tlm_sync_enum SoftAgent::access(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                                     sc_core::sc_time&) {
  sim::ensure(phase == tlm::BEGIN_REQ, "agent in the driver: phase not expected");
  if (gp.has_mm()) gp.acquire();
  accesses_.push_back(&gp);
  wake();
  phase = tlm::END_REQ;
  return tlm::TLM_UPDATED;
}

void SoftAgent::send(net::FramePtr frame, std::uint64_t cookie) {
  sim::ensure(can_send(), "agent in the driver: send() without room in the card's ring");
  ++to_send_;
  push({Step::kSend, std::move(frame), cookie, 0});
}

void SoftAgent::frame_sent(std::uint64_t cookie) {
  push({Step::kSent, {}, cookie, 0});
}

void SoftAgent::frame_arrived(net::FramePtr frame, std::uint32_t slot) {
  push({Step::kArrived, std::move(frame), 0, slot});
}

void SoftAgent::refuse(const net::Frame& frame, net::DropReason reason) {
  ++stats_.refused[static_cast<std::size_t>(reason)];
  net::trace_drop(context_.trace, node_, frame, reason);
}

void SoftAgent::push(FrameStep step) {
  frames_.push_back(std::move(step));
  stats_.queue_peak = std::max<std::uint64_t>(stats_.queue_peak, frames_.size());
  wake();
}

void SoftAgent::wake() {
  if (std::exchange(asleep_, false)) sim::notify(wake_);
}

// ---- the thread ---------------------------------------------------------------------------------

void SoftAgent::work() {
  for (;;) {
    if (!accesses_.empty()) {
      tlm::tlm_generic_payload& gp = *accesses_.front();
      accesses_.pop_front();
      serve(gp);
    } else if (!frames_.empty()) {
      FrameStep step = std::move(frames_.front());
      frames_.pop_front();
      serve(std::move(step));
    } else {
      asleep_ = true;
      sim::wait(wake_);
    }
  }
}

void SoftAgent::spend(Time cost) {
  port_.run(cost, host::Priority::kKernel, host::Work::kTransport);
}

void SoftAgent::serve(tlm::tlm_generic_payload& gp) {
  spend(cost_of(gp));
  perform(gp);
  tlm::tlm_phase phase = tlm::BEGIN_RESP;
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  const tlm::tlm_sync_enum answer = memory_->nb_transport_bw(gp, phase, delay);
  sim::ensure(answer == tlm::TLM_COMPLETED,
              "agent in the driver: BEGIN_RESP must be answered TLM_COMPLETED");
  if (gp.has_mm()) gp.release();
}

/// Payload is copied between the application's memory and the frame's; what the agent and the
/// driver tell each other is in the cache or one access away.
Time SoftAgent::cost_of(tlm::tlm_generic_payload& gp) const {
  switch (pcie::TlpExtension::of(gp).purpose) {
    case Purpose::kPayload:
      return port_.costs().copy_rate.time_for(gp.get_data_length());
    case Purpose::kContext:
      return params_.record;
    case Purpose::kDescriptor:
      return params_.entry;
    default:
      return Time::zero();  // a wake-up: the driver's thread pays for it
  }
}

void SoftAgent::perform(tlm::tlm_generic_payload& gp) {
  const Purpose purpose = pcie::TlpExtension::of(gp).purpose;
  ++stats_.accesses[static_cast<std::size_t>(purpose)];
  if (purpose == Purpose::kInterrupt) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    host->b_transport(gp, delay);
    return;
  }
  const bool done = host->transport_dbg(gp) == gp.get_data_length();
  gp.set_response_status(done ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
  if (!done || purpose != Purpose::kPayload) return;
  stats_.copied_bytes += gp.get_data_length();
  trace(gp);
}

/// As the root complex does for an adaptor: the rules about pinned memory are the same.
void SoftAgent::trace(tlm::tlm_generic_payload& gp) {
  const auto& about = pcie::TlpExtension::of(gp);
  sim::TraceEvent event;
  event.kind = gp.is_read() ? sim::TraceKind::kDmaRead : sim::TraceKind::kDmaWrite;
  event.node = node_;
  event.asid = about.asid;
  event.connection = about.connection;
  event.txn = about.txn;
  event.address = gp.get_address();
  event.length = gp.get_data_length();
  context_.trace.emit(event);
}

void SoftAgent::serve(FrameStep step) {
  switch (step.step) {
    case Step::kSend:
      transmit(step);
      break;
    case Step::kSent:
      machine_.mac_sent(step.cookie);
      break;
    case Step::kArrived:
      take_in(step.frame);
      card_.give_back(step.slot);
      break;
    case Step::kLocal:
      take_in(step.frame);
      break;
  }
}

/// A packet to this computer's own address does not need the card (specification [0061]).
void SoftAgent::transmit(FrameStep& step) {
  ++stats_.segments_sent;
  spend(params_.segment_sent);
  if (!std::equal(us_.begin(), us_.end(), step.frame->bytes.begin())) {
    card_.transmit(*step.frame, step.cookie);
    --to_send_;  // now that it has its buffer
    return;
  }
  --to_send_;
  ++stats_.local_frames;
  machine_.mac_sent(step.cookie);
  push({Step::kLocal, std::move(step.frame), 0, 0});
}

void SoftAgent::take_in(const net::FramePtr& frame) {
  // An encrypted segment does not show what it is but by its size.
  constexpr std::uint32_t kLongestEmpty = 160;
  const bool payload = net::peek_tcp(*frame).payload != 0 || frame->size > kLongestEmpty;
  ++(payload ? stats_.segments_received : stats_.acks_received);
  spend(payload ? params_.segment_received : params_.ack_received);
  machine_.mac_received(frame);
}

}  // namespace vctoe::driver
