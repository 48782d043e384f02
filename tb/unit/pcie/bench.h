// A device, a host memory and a CPU around one link.
#pragma once

#include <string>

#include "models/pcie/link.h"
#include "tb/unit/pcie/ends.h"

namespace vctoe::pcie::test {

/// The three of them at one link.
struct Bench {
  /// Names begin with `prefix`, so that a test can have two.
  explicit Bench(const LinkParams& params = {}, const std::string& prefix = "")
      : link((prefix + "link").c_str(), context, 0, params),
        host((prefix + "host").c_str()),
        bar((prefix + "bar").c_str()),
        device((prefix + "device").c_str()),
        cpu((prefix + "cpu").c_str()) {
    device.socket.bind(link.dev_dma);
    link.host_mem.bind(host.socket);
    cpu.socket.bind(link.host_mmio);
    link.dev_bar.bind(bar.socket);
    for (std::size_t i = 0; i < host.bytes.size(); ++i) {
      host.bytes[i] = static_cast<unsigned char>(i * 7 + (i >> 8));
    }
  }
  void run(sim::Time span = sim::Time::from_ms(10)) { sc_core::sc_start(sim::to_sc(span)); }

  sim::Context context;
  Link link;
  Memory<64> host;
  Memory<32> bar;
  Device device;
  Cpu cpu;
};

/// No latency anywhere: what is left is the time on the wire.
inline LinkParams bare() {
  LinkParams p;
  p.up_latency = p.down_latency = p.propagation = p.device_latency = sim::Time::zero();
  return p;
}

/// No credits and no tags: nothing but the wire limits.
inline LinkParams unlimited(LinkParams p) {
  p.tags = 0;
  p.host_credits = p.device_credits = {0, 0, 0, 0, 0, 0};
  return p;
}

}  // namespace vctoe::pcie::test
