// Host memory behind the two-phase protocol of pcie::Link::dev_dma and DmaEngine::fetch, with a
// latency that the test chooses and a log of what came.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <cstring>
#include <functional>
#include <systemc>
#include <tlm>
#include <utility>
#include <vector>

#include "models/pcie/tlp_extension.h"
#include "models/sim/error.h"
#include "models/sim/event_queue.h"

namespace vctoe::tb {

class FakeMemory : public sc_core::sc_module {
 public:
  struct Access {
    bool write = false;
    std::uint64_t address = 0;
    std::uint32_t length = 0;
    pcie::TlpExtension tlp;
    sim::Time at;  ///< when it begins, the annotated delay included
  };
  using Latency = std::function<sim::Time(const tlm::tlm_generic_payload&)>;
  using Refuses = std::function<bool(const tlm::tlm_generic_payload&)>;

  FakeMemory(const sc_core::sc_module_name& name, std::size_t size)
      : sc_module(name),
        socket("socket"),
        bytes(size),
        responses_([this](tlm::tlm_generic_payload*& gp) { respond(*gp); }) {
    socket.register_nb_transport_fw(this, &FakeMemory::request);
  }

  tlm_utils::simple_target_socket<FakeMemory> socket;
  std::vector<std::uint8_t> bytes;
  std::vector<Access> log;
  Latency latency = [](const tlm::tlm_generic_payload&) { return sim::Time::from_ns(500); };
  Refuses refuses = [](const tlm::tlm_generic_payload&) { return false; };
  std::size_t most_out = 0;  ///< requests without a response, at most

  std::size_t out() const { return responses_.size(); }

 private:
  tlm::tlm_sync_enum request(tlm::tlm_generic_payload& gp, tlm::tlm_phase& phase,
                             sc_core::sc_time& delay) {
    sim::ensure(phase == tlm::BEGIN_REQ, "fake memory: unknown phase");
    const sim::Time at = sim::now() + sim::from_sc(delay);
    log.push_back(
        {gp.is_write(), gp.get_address(), gp.get_data_length(), pcie::TlpExtension::of(gp), at});
    gp.acquire();
    responses_.push(at + latency(gp), &gp);
    most_out = std::max(most_out, responses_.size());
    phase = tlm::END_REQ;
    return tlm::TLM_UPDATED;
  }

  void respond(tlm::tlm_generic_payload& gp) {
    // A read that is refused brings the bytes all the same: who looks at them is found out.
    const bool inside = gp.get_address() + gp.get_data_length() <= bytes.size();
    const bool ok = inside && !refuses(gp);
    if (ok || (inside && gp.is_read())) {
      std::uint8_t* const here = bytes.data() + gp.get_address();
      if (gp.is_write()) {
        std::memcpy(here, gp.get_data_ptr(), gp.get_data_length());
      } else {
        std::memcpy(gp.get_data_ptr(), here, gp.get_data_length());
      }
    }
    gp.set_response_status(ok ? tlm::TLM_OK_RESPONSE : tlm::TLM_ADDRESS_ERROR_RESPONSE);
    tlm::tlm_phase phase = tlm::BEGIN_RESP;
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    const auto answer = socket->nb_transport_bw(gp, phase, delay);
    sim::ensure(answer == tlm::TLM_COMPLETED, "fake memory: response not completed");
    gp.release();
  }

  sim::EventQueue<tlm::tlm_generic_payload*> responses_;
};

}  // namespace vctoe::tb
