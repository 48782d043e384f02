// One host's path from the NIC's DMA engine to DRAM, for measurements of latency.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "models/host/dram.h"
#include "models/host/root_complex.h"
#include "models/nic/dma_engine.h"
#include "models/pcie/link.h"

namespace vctoe::validation {

/// Registers that nobody asks, and a walker's port that nobody uses.
struct IdleRegisters : sc_core::sc_module {
  tlm_utils::simple_target_socket<IdleRegisters> socket{"socket"};
  explicit IdleRegisters(const sc_core::sc_module_name& name) : sc_module(name) {
    socket.register_b_transport(this, &IdleRegisters::access);
  }
  void access(tlm::tlm_generic_payload& gp, sc_core::sc_time&) {
    gp.set_response_status(tlm::TLM_OK_RESPONSE);
  }
};
struct IdleFetch : sc_core::sc_module {
  tlm_utils::simple_initiator_socket<IdleFetch> socket{"socket"};
  explicit IdleFetch(const sc_core::sc_module_name& name) : sc_module(name) {}
};

struct DmaPath : nic::DmaClient {
  explicit DmaPath(const host::DramParams& dram_params = {}, const pcie::LinkParams& params = {},
                   const host::RootComplexParams& complex = {}, const nic::DmaParams& engine = {})
      : dram("dram", context, dram_params),
        root("root", context, complex, sim::Time::from_ns(120)),
        link("link", context, 0, params),
        dma("dma", context, 0, engine) {
    dma.pcie.bind(link.dev_dma);
    link.host_mem.bind(root.from_devices);
    root.to_dram.bind(dram.socket);
    root.to_devices.bind(link.host_mmio);
    link.dev_bar.bind(registers.socket);
    fetch.socket.bind(dma.fetch);
  }
  void dma_done(std::uint64_t, bool ok) override {
    EXPECT_TRUE(ok);
    done = sim::now();
  }
  /// How long a read of `length` bytes takes from an idle path.
  double read_ns(std::uint64_t address, std::uint32_t length) {
    // One read in every 5 us: nothing of the one before is under way.
    sc_core::sc_start(4, sc_core::SC_US);
    const nic::SgElement from{address, length, 0};
    nic::DmaRequest request;
    request.sg = &from;
    request.count = 1;
    request.data = data.data();
    request.client = this;
    const sim::Time start = sim::now();
    dma.submit(request);
    sc_core::sc_start(6, sc_core::SC_US);
    return (done - start).ns();
  }

  sim::Context context;
  host::Dram dram;
  host::RootComplex root;
  pcie::Link link;
  nic::DmaEngine dma;
  IdleRegisters registers{"registers"};
  IdleFetch fetch{"fetch"};
  std::vector<std::uint8_t> data = std::vector<std::uint8_t>(1 << 16);
  sim::Time done;
};

}  // namespace vctoe::validation
