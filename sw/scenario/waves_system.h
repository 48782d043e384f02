// The signals of a host and the probes that feed them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/net/frame_tap.h"
#include "models/pcie/tlp_tap.h"
#include "models/system/two_hosts.h"
#include "sw/kernel/kernel.h"
#include "sw/scenario/waves_probes.h"

namespace vctoe::waves {

/// The part of a host's connections that is on one of its cards.
struct ConnectionRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  bool has(std::uint32_t id) const { return id - first < count; }
};

/// Walker, requests, rings, DMA and buffers of a NIC. `at`: "sender.nic".
void add_nic(ProbeTable& table, const std::string& at, nic::Nic& nic, unsigned node,
             const ConnectionRange& ids);
/// The pins and engines of a walker in RTL; nothing of one in TLM.
void add_walker_pins(ProbeTable& table, const std::string& at, const nic::Nic& nic, unsigned node,
                     std::uint64_t engines);
/// TCP of a connection, and how far its stream has come inside its NIC.
void add_connection(ProbeTable& table, const std::string& at, nic::Nic& nic, unsigned node,
                    std::uint32_t connection);
/// Pinned memory, page faults and swap.
void add_memory(ProbeTable& table, const std::string& at, system::Host& host,
                const kernel::Kernel& kernel);

/// Frames on the line of a MAC, from the first bit of the preamble to the end of the gap.
class FrameSignals : public net::FrameTap {
 public:
  FrameSignals(ProbeTable& table, const std::string& at, nic::Mac& mac);
  void frame_seen(const net::Frame& frame, sim::Time at, net::Heading heading) override;

 private:
  struct Line {
    SignalId busy, frame, txn;
    bool any() const { return busy != kNoSignal || frame != kNoSignal || txn != kNoSignal; }
  };
  ProbeTable& table_;
  nic::Mac& mac_;
  Line lines_[2];  ///< by Heading
};

/// TLPs on one direction of the PCIe link.
class TlpSignals : public pcie::TlpTap {
 public:
  TlpSignals(ProbeTable& table, const std::string& at, pcie::Channel& channel);
  void tlps_sent(const pcie::TlpSlice& slice) override;

 private:
  ProbeTable& table_;
  SignalId busy_, tlp_, txn_;
};

}  // namespace vctoe::waves
