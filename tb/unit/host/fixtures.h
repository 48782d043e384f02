// What the tests of the host share: an initiator for memory sockets, and modelled software.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <cstdint>
#include <functional>
#include <systemc>
#include <tlm>

#include "models/sim/kernel.h"
#include "models/sim/payload_pool.h"

namespace vctoe::host {

/// Drives a memory socket from the test itself, after elaborate().
class MemoryPort : public sc_core::sc_module {
 public:
  explicit MemoryPort(const sc_core::sc_module_name& name) : sc_module(name) {}
  tlm_utils::simple_initiator_socket<MemoryPort, 64> socket{"socket"};

  /// Time from `delay` to the completion; the response is in `status`.
  sim::Time access(tlm::tlm_command command, std::uint64_t address, void* data,
                   std::uint64_t length, sim::Time delay = sim::Time::zero()) {
    sim::set_access(gp, command, address, data, length);
    sc_core::sc_time t = sim::to_sc(delay);
    socket->b_transport(gp, t);
    status = gp.get_response_status();
    return sim::from_sc(t) - delay;
  }
  sim::Time read(std::uint64_t address, void* data, std::uint64_t length) {
    return access(tlm::TLM_READ_COMMAND, address, data, length);
  }
  sim::Time write(std::uint64_t address, const void* data, std::uint64_t length) {
    return access(tlm::TLM_WRITE_COMMAND, address, const_cast<void*>(data), length);
  }

  tlm::tlm_generic_payload gp;
  tlm::tlm_response_status status = tlm::TLM_INCOMPLETE_RESPONSE;
};

/// A thread of modelled software.
class Software : public sc_core::sc_module {
 public:
  Software(const sc_core::sc_module_name& name, std::function<void()> body)
      : sc_module(name), body_(std::move(body)) {
    SC_THREAD(main);
  }

 private:
  SC_HAS_PROCESS(Software);
  void main() { body_(); }
  std::function<void()> body_;
};

inline void elaborate() {
  sc_core::sc_start(sc_core::SC_ZERO_TIME);
}

}  // namespace vctoe::host
