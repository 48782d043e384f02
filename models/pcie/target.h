// The link as an initiator: one piece of a request, handed to what lies at the end of the link.
#pragma once

#include <cstdint>
#include <tlm>

#include "models/pcie/tlp_extension.h"
#include "models/sim/kernel.h"
#include "models/sim/payload_pool.h"

namespace vctoe::pcie {

/// Forwards accesses through an initiator socket with one payload that is used again and again:
/// b_transport never waits on these sockets.
class Target {
 public:
  using Port = sc_core::sc_port_b<tlm::tlm_fw_transport_if<>>;

  explicit Target(Port& port) : port_(port), payload_(pool_.get()) {}

  /// Advances `delay` from the start of the access to its completion; false if it was refused.
  bool access(tlm::tlm_command command, std::uint64_t address, unsigned char* data,
              std::uint64_t length, const TlpExtension& ext, sim::Time& delay) {
    sim::set_access(payload_, command, address, data, length);
    TlpExtension::of(payload_) = ext;
    sc_core::sc_time t = sim::to_sc(delay);
    port_->b_transport(payload_, t);
    delay = sim::from_sc(t);
    return payload_.is_response_ok();
  }
  unsigned debug(tlm::tlm_generic_payload& gp) { return port_->transport_dbg(gp); }

 private:
  Port& port_;
  sim::PayloadPool pool_;
  tlm::tlm_generic_payload& payload_;
};

}  // namespace vctoe::pcie
