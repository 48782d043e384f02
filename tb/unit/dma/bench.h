// A DMA engine at a memory, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <vector>

#include "models/nic/dma_engine.h"
#include "tb/unit/dma/fake_memory.h"

namespace vctoe::nic {

/// A request that is done.
struct Done {
  std::uint64_t cookie;
  bool ok;
  sim::Time at;
};

/// Drains 8 B in 1.25 ns, so that the times of the tests are round; the default is a fitted figure.
inline DmaParams round_figures() {
  DmaParams p;
  p.drain_rate = sim::BitRate::gbps(51.2);
  return p;
}

/// An engine at a memory, and a client that writes down what is done.
struct DmaBench : sc_core::sc_module, DmaClient {
  explicit DmaBench(const DmaParams& params = round_figures(),
                    const sc_core::sc_module_name& name = "bench")
      : sc_module(name), memory("memory", 1 << 20), dma("dma", context, 0, params) {
    dma.pcie.bind(memory.socket);
    idle_fetch.bind(dma.fetch);
    std::iota(memory.bytes.begin(), memory.bytes.end(), std::uint8_t{1});
  }
  void dma_done(std::uint64_t cookie, bool ok) override {
    done.push_back({cookie, ok, sim::now()});
    if (then) then(cookie);
  }
  void submit(bool write, const std::vector<SgElement>& sg, std::uint8_t* data,
              std::uint64_t cookie, pcie::Purpose purpose = pcie::Purpose::kPayload) {
    DmaRequest r;
    r.write = write;
    r.sg = sg.data();
    r.count = static_cast<std::uint32_t>(sg.size());
    r.data = data;
    r.purpose = purpose;
    r.client = this;
    r.cookie = cookie;
    r.txn = 1000 + cookie;
    dma.submit(r);
  }
  sim::Time when(std::uint64_t cookie) const {
    for (const Done& d : done) {
      if (d.cookie == cookie) return d.at;
    }
    return sim::Time::never();
  }

  sim::Context context;
  tb::FakeMemory memory;
  DmaEngine dma;
  tlm_utils::simple_initiator_socket<DmaBench> idle_fetch{"idle_fetch"};
  std::vector<Done> done;
  std::function<void(std::uint64_t)> then;
};

}  // namespace vctoe::nic
